"""Pages of checks: all layers side by side, and for each a form in which it answers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.portal.accounts.queries import signed_in
from tera.portal.review.checks import actions, queries, showing
from tera.portal.review.checks.actions import CannotAssess, Filled, Overtaken
from tera.portal.review.checks.forms import ItemsForm, initial_of
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models import Assessment
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

LONG = 10  # digits of a number that no version has


def campaign_of(code: str) -> Campaign:
    """Return a survey by its code, or say that there is none."""
    return get_object_or_404(Campaign.objects.select_related("unit"), code=code)


@login_required
@require_safe
@never_cache
def checks(request: HttpRequest, code: str) -> HttpResponse:
    """Show what each layer answered, none over another, and what visits found."""
    campaign = campaign_of(code)
    user = gate.look(request, "see-dossier", campaign)
    wanted = {layer: request.GET.get(layer, "") for layer in Layer.values}
    standings = queries.standings_of(campaign, wanted)
    permissions = queries.PERMISSIONS
    may = {layer: gate.may(user, permissions[layer], campaign) for layer in Layer}
    context = {
        "campaign": campaign,
        "standings": [
            (standing, may[standing.layer] and actions.may_still(standing.layer, campaign))
            for standing in standings
        ],
        "tables": showing.tables(standings, queries.seen_at(campaign)),
        "visits": [(one, queries.photos_of(one)) for one in queries.visits_of(campaign)],
        "may_visit": gate.may(user, "visit-unit", campaign),
        "may_call": gate.may(user, "call-back", campaign),
        "is_saved": "tersimpan" in request.GET,
    }
    return render(request, "review/checks/checks.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assess(request: HttpRequest, code: str, layer: str) -> HttpResponse:
    """Show the newest checklist as a layer answers it, and keep what was answered."""
    campaign, user, mine = campaign_of(code), signed_in(request), Layer(layer)
    gate.require(user, queries.PERMISSIONS[mine], campaign)
    page = reverse("checks", args=[campaign.code])
    if not actions.may_still(mine, campaign):
        return redirect(page)
    checklist, last = queries.newest(), queries.latest_of(campaign, mine)
    form = ItemsForm(
        request.POST if request.method == "POST" else None,
        checklist=checklist,
        items=checklist.items_of(mine),
        initial=initial_of(_filled(last)),
    )
    problem, newer = "", None
    if request.method == "POST" and form.is_valid():
        try:
            actions.assess(
                campaign, mine, form.filled(), by=user, at=timezone.now(), begun=_begun(request, last)
            )
        except Overtaken as overtaken:
            problem, newer = "overtaken", overtaken.newer
        except CannotAssess:
            problem = "empty"
        else:
            return redirect(f"{page}?tersimpan#{mine.value}")
    others = tuple(one for one in Layer if one != Layer.UNIT)
    seen = {} if mine == Layer.UNIT else queries.seen_at(campaign, others)
    context = {
        "campaign": campaign,
        "name": layer_name(mine),
        "checklist": checklist,
        "form": form,
        "sections": list(form.sections(seen, _filled(newer) if newer else None)),
        "problem": problem,
        "newer": newer,
        "note_differs": newer is not None and newer.note != form.filled().note,
        "begun": newer.number if newer else _begun(request, last),
    }
    status = 400 if problem or form.errors else 200
    return render(request, "review/checks/assess.html", context, status=status)


def _begun(request: HttpRequest, last: Assessment | None) -> int | None:
    """Return the number of the version from which a page goes on; None where it did not send it back."""
    if request.method != "POST":
        return last.number if last else 0
    begun = request.POST.get("begun", "")
    return int(begun) if begun.isdecimal() and len(begun) < LONG else None


def _filled(last: Assessment | None) -> Filled:
    """Return what a layer answered last."""
    return Filled(last.answers, last.remarks, last.note) if last else Filled()
