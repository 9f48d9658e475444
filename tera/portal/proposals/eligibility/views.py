"""The page that says which criteria of WBK and WBBM a unit meets, and what is missing."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.engine.rulebook import Rulebook
from tera.portal.accounts import gate
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import language_in_force, signed_in
from tera.portal.proposals.basis import Basis, basis_of, surveys_of, zone_under
from tera.portal.proposals.cases.wording import refusal_of
from tera.portal.proposals.eligibility.criteria import show_titles
from tera.portal.proposals.eligibility.needs import needs_of
from tera.portal.proposals.eligibility.queries import (
    first_surveys,
    history_of,
    period_to_show,
    rejected_surveys,
    seen_by,
    state_of,
    waiting_surveys,
)
from tera.portal.proposals.eligibility.ways import cases_on, shown, ways_of
from tera.portal.proposals.eligibility.what_if import rulebooks_beside, suppose
from tera.portal.proposals.eligibility.wording import MEANINGS
from tera.portal.proposals.gate import SEE
from tera.portal.surveys import gate as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

MOST_TYPED = 60


@login_required
@require_safe
@never_cache
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the certified results of a unit and period say of each title, criterion by criterion."""
    unit = get_object_or_404(Unit, slug=slug)
    first, user = first_surveys(unit), signed_in(request)
    if not first:
        gate.look(request, SEE, unit, unit.slug)
        refused = {"unit": unit, "refused": refusal_of(request.GET.get("ditolak", ""))}
        return render(request, "proposals/eligibility/page.html", refused)
    seen = seen_by(user, unit, first)
    asked = request.GET.get("periode", "")
    period = asked if asked in first else period_to_show(unit, seen or list(first))
    surveys.look(request, SEE, first[period])
    campaigns = list(surveys_of(unit, period))
    context = {
        "unit": unit,
        "refused": refusal_of(request.GET.get("ditolak", "")),
        "period": period,
        "periods": seen,
        "is_unknown_period": bool(asked) and asked not in first,
        "history": history_of(unit, seen),
        **(_of_surveys(request, user, campaigns) if campaigns else _rejected(user, first[period])),
    }
    return render(request, "proposals/eligibility/page.html", context)


def _rejected(user: User, first: Campaign) -> dict[str, object]:
    """Return what there is of a period of which a meeting rejected every survey: no result, no criteria."""
    campaigns = list(rejected_surveys(first.unit, first.period))
    return {
        "rulebook": first.zone_rulebook,
        "rejected": waiting_surveys(user, campaigns),
        "cases": shown(cases_on(user, campaigns), first.period),
    }


def _of_surveys(request: HttpRequest, user: User, campaigns: Sequence[Campaign]) -> dict[str, object]:
    """Return what the surveys of a period say."""
    rulebook = campaigns[-1].zone_rulebook
    basis = basis_of(campaigns[0].unit, campaigns[0].period, rulebook)
    return {
        "rulebook": rulebook,
        "waiting": waiting_surveys(user, campaigns),
        "results": [one for one in campaigns if hasattr(one, "certification")],
        **_judged(user, basis, campaigns, rulebook, request.GET.get("gelar", "")),
        **_supposed(basis, campaigns[0], rulebook, request.GET.get("aturan", "")),
    }


def _judged(
    user: User, basis: Basis, campaigns: Sequence[Campaign], rulebook: Rulebook, wanted: str
) -> dict[str, object]:
    """Return what the rules say with which the surveys were opened; the wanted title stands first."""
    titles = sorted(show_titles(basis, rulebook), key=lambda title: title.target.id != wanted)
    zone = zone_under(basis.result, rulebook) if basis.result else {}
    ways = ways_of(user, campaigns, titles, basis)
    return {
        "basis": basis,
        "ways": [(way, state_of(way.title.state), MEANINGS[way.title.state]) for way in ways],
        "needs": needs_of(titles, zone, language_in_force()) if basis.is_certified else (),
    }


def _supposed(basis: Basis, first: Campaign, rulebook: Rulebook, asked: str) -> dict[str, object]:
    """Return what another rulebook would say of certified answers, where one is asked for."""
    others = rulebooks_beside(rulebook)
    context: dict[str, object] = {"others": others.values()}
    if asked not in others or not basis.is_certified:
        return {**context, "unknown_rules": asked[:MOST_TYPED] if asked not in others else ""}
    supposed = suppose(first.unit, first.period, others[asked])
    shown = [(title, state_of(title.state)) for title in supposed.titles]
    return {**context, "supposed": supposed, "supposed_titles": shown}
