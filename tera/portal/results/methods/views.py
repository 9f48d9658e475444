"""Pages of the methods sheet for the people of a unit and for the offices above it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.portal.accounts.queries import signed_in
from tera.portal.results.methods import actions
from tera.portal.results.methods.fields import fields
from tera.portal.results.methods.forms import MethodsForm
from tera.portal.results.methods.sheet import sheet_of
from tera.portal.results.methods.wording import questionnaires_of
from tera.portal.results.methods.written import texts_of
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign


def sheet_context(campaign: Campaign) -> dict[str, object]:
    """Return what the page of a methods sheet shows, of whoever looks at it."""
    return {
        "campaign": campaign,
        "sheet": sheet_of(campaign),
        "questionnaires": questionnaires_of(campaign),
        "documents": fields().documents,
    }


def _campaign(code: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)


@login_required
@require_safe
@never_cache
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show the whole sheet as it stands, with what is still empty in it."""
    campaign = _campaign(code)
    user = gate.look(request, "see-results", campaign)
    is_open = not (campaign.source or hasattr(campaign, "certification"))
    context = {
        **sheet_context(campaign),
        "is_open": is_open,
        "may_fill": is_open and gate.may(user, actions.PERMISSION, campaign),
        "is_saved": "disimpan" in request.GET,
    }
    return render(request, "results/methods/sheet.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Show the fields that people write, and keep what they wrote; once certified, lead to the sheet."""
    campaign, user = _campaign(code), signed_in(request)
    gate.require(user, actions.PERMISSION, campaign)
    if campaign.source or hasattr(campaign, "certification"):
        return redirect("methods", campaign.code)
    form = MethodsForm(request.POST or None, texts=texts_of(campaign))
    if request.method == "POST" and form.is_valid():
        sent = {name: text for name, text in form.cleaned_data.items() if name in form.data}
        page = reverse("methods", args=[campaign.code])
        try:
            actions.fill(campaign, sent, by=user, at=timezone.now())
        except actions.CannotFill:
            return redirect(page)  # it was certified this moment, and the sheet says so
        return redirect(f"{page}?disimpan")
    context = {"campaign": campaign, "form": form}
    return render(request, "results/methods/fill.html", context, status=400 if form.errors else 200)
