"""The page of tickets: what became of them, and for the office above how to issue more."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.portal.accounts.gate import look
from tera.portal.accounts.models import User
from tera.portal.invitations.views import as_download
from tera.portal.tickets import actions
from tera.portal.tickets.forms import IssueForm
from tera.portal.tickets.queries import accounts_of, list_open
from tera.portal.units.models import Unit
from tera.portal.units.queries import holds


def _visible(request: HttpRequest, slug: str) -> tuple[Unit, User]:
    unit = get_object_or_404(Unit.objects.select_related("parent"), slug=slug)
    return unit, look(request, "see-surveys", unit, "tickets")


@login_required
@require_safe
@never_cache
def tickets(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the tickets of a unit, or of every unit below a regional office."""
    unit, user = _visible(request, slug)
    return _page(request, unit, user)


def _page(
    request: HttpRequest, unit: Unit, user: User, form: IssueForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    may_issue, campaigns = actions.may_issue(user, unit), list_open(unit, now)
    here = holds(timezone.localdate(now), "versions__")
    below = list(Unit.objects.filter(here, versions__parent=unit).order_by("name"))
    context = {
        "unit": unit,
        "below": below,
        "accounts": accounts_of([unit, *below], now),
        "may_issue": may_issue,
        "office": unit.parent if may_issue else None,
        "form": form or (IssueForm(campaigns=campaigns) if may_issue and campaigns else None),
        "takes_tickets": bool(campaigns),
        "days": actions.DAYS,
    }
    return render(request, "tickets/tickets.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a batch and hand it over as a PDF, this once."""
    unit, user = _visible(request, slug)
    if request.method != "POST":
        return redirect("tickets", slug=slug)
    if not actions.may_issue(user, unit):
        raise PermissionDenied
    form = IssueForm(request.POST, campaigns=list_open(unit, timezone.now()))
    if not form.is_valid():
        return _page(request, unit, user, form, 400)
    campaign, order = form.order()
    link = request.build_absolute_uri(reverse("answer", args=[campaign.code]))
    printed = actions.issue(campaign, order, link=link, by=user, at=timezone.now())
    return as_download(printed, "tiket", unit.slug, order.service.lower(), str(order.count))
