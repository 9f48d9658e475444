"""Pages of results for the people of a unit and for the office above it."""

import logging
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tera.engine.disclosure import K
from tera.intake.sealing import LEAST_WAITING
from tera.intake.tickets import count_with_ticket
from tera.portal.accounts.gate import look
from tera.portal.accounts.queries import language_in_force, signed_in
from tera.portal.results import actions, bundle, exporting, leaving, present
from tera.portal.results.correcting import actions as correcting
from tera.portal.results.correcting.queries import list_formers
from tera.portal.results.methods import actions as methods
from tera.portal.results.methods.sheet import empty_fields
from tera.portal.results.precision.showing import cards_of
from tera.portal.results.queries import (
    Result,
    count_erased,
    count_late,
    is_ready,
    list_periods,
    result_with,
    results_below,
)
from tera.portal.results.standing import (
    Stage,
    list_siblings,
    outlook_of,
    stage_of,
    standings_of,
    total_of,
)
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.periods import semester_of
from tera.portal.surveys.stages import stage_of as stage_of_survey
from tera.portal.surveys.way import is_certifiable, way_of
from tera.portal.surveys.wording import STAGES
from tera.portal.units.models import Unit
from tera.recount.export import delimited

logger = logging.getLogger(__name__)
REFUSED = {  # why, in the address of the page
    actions.TooFewLeft: "sisa",
    actions.SheetIncomplete: "metode",
    actions.NotVerified: "verifikasi",
    actions.CannotCertify: "belum",
}


def context_of(result: Result, campaign: Campaign | None = None) -> dict[str, object]:
    """Return what the result page of a campaign shows: of the result that began last where none is named."""
    language, standings = language_in_force(), standings_of([result])
    campaign, entries = campaign or result.campaign, list(standings.values())
    return {
        "result": result,
        "campaign": campaign,
        "own": standings[campaign.code],
        "standings": entries,
        "total": total_of(entries),
        "to_remove": sum(entry.removed for entry in entries if not entry.certification),
        "siblings": list_siblings(result),
        "formers": list_formers(result.campaigns),
        "late": count_late([campaign]),
        "stage": stage_of(result),
        "outlook": outlook_of(result, entries),
        "first_needs": LEAST_WAITING,
        "indices": present.show_indices(result, language),
        "charts": present.show_charts(result, language),
        "measures": present.show_measures(result),
        "verdicts": present.show_verdicts(result),
        "beside": present.show_beside(result),
        "erased": count_erased(result.campaigns),
        "with_ticket": sum(
            count_with_ticket(settings.INTAKE, [one.code for one in result.campaigns]).values()
        ),
        "k": K,
    }


def _visible(request: HttpRequest, code: str, permission: str = "see-results") -> Campaign:
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    gate.look(request, permission, campaign)
    return campaign


@login_required
@require_safe
@never_cache
def result(request: HttpRequest, code: str) -> HttpResponse:
    """Show the result of one campaign, with the others of its unit and period, as of the last block."""
    campaign = _visible(request, code)
    user, office = signed_in(request), campaign.office_above
    waits, can_be = is_ready(campaign), is_certifiable(campaign)
    certifies = waits and gate.may(user, "certify", campaign)
    waits_at = stage_of_survey(campaign) if waits and not can_be else None
    context = {
        **context_of(result_with(campaign), campaign),
        "office": office if office is not None and user.may("compare-units", office) else None,
        "may_see_signals": gate.may(user, "see-signals", campaign),
        "may_see_dossier": gate.may(user, "see-dossier", campaign),
        "may_share": not campaign.source and campaign.days_left(timezone.now()) > 0,
        "above": office,
        "may_certify": certifies and can_be,
        "may_correct": gate.may(user, correcting.PERMISSION, campaign),
        "way": way_of(campaign),
        "waits_at": waits_at,
        "waiting": STAGES[waits_at] if waits_at else "",
        "empty_fields": empty_fields(campaign) if waits else (),
        "may_fill_methods": gate.may(user, methods.PERMISSION, campaign),
        "refused": request.GET.get("ditolak") if certifies else None,
        "is_new": "disahkan" in request.GET,
    }
    return render(request, "results/result.html", context)


@login_required
@require_safe
@never_cache
def precision(request: HttpRequest, code: str) -> HttpResponse:
    """Show how far the numbers of a certified result can be trusted."""
    campaign = _visible(request, code)
    return render(request, "results/precision.html", precision_context(campaign))


def precision_context(campaign: Campaign) -> dict[str, object]:
    """Return what the page on the precision of a result shows."""
    certification = getattr(campaign, "certification", None)
    cards = cards_of(certification) if certification else []
    return {"campaign": campaign, "cards": cards, "is_certified": certification is not None}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def certify(request: HttpRequest, code: str) -> HttpResponse:
    """Certify the result of a campaign, which publishes it; whoever only comes by is led to the result."""
    campaign = _visible(request, code)
    page = reverse("result", args=[campaign.code])
    if request.method != "POST":
        return redirect(page)
    try:
        actions.certify(campaign, by=signed_in(request), at=timezone.now())
    except actions.CannotCertify as error:
        logger.info("campaign %s was not certified: %s", campaign.code, error)
        return redirect(f"{page}?ditolak={REFUSED[type(error)]}")
    return redirect(f"{page}?disahkan")


@login_required
@require_safe
@never_cache
def answers_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Export the sealed answers, freshly shuffled, without day, profile or service."""
    campaign = _visible(request, code, "export-answers")
    found = result_with(campaign)
    if not found.has_index:
        raise Http404(f"fewer than {K} responses are sealed")
    content = delimited.chunks(found.codes, leaving.rows_of(found))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{campaign.code}-diimpor" if campaign.source else campaign.code
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Offer the answers in each format, and order one of them."""
    campaign = _visible(request, code, exporting.PERMISSION)
    user, found = signed_in(request), result_with(campaign)
    if request.method == "POST":
        if request.POST.get("format") not in exporting.FORMATS:
            return HttpResponseBadRequest(f"format: {', '.join(exporting.FORMATS)}")
        return redirect("job", exporting.order(campaign, request.POST["format"], by=user).pk)
    context = {
        "campaign": campaign,
        "result": found,
        "may_have_bundle": bundle.may_have(user, campaign),
        "erased": count_erased(found.campaigns),
        "hours": settings.JOB_FILE_HOURS,
        "k": K,
    }
    return render(request, "results/export.html", context)


@login_required
@require_POST
def audit(request: HttpRequest, code: str) -> HttpResponse:
    """Order the audit bundle of a campaign."""
    campaign = _visible(request, code, bundle.PERMISSION)
    return redirect("job", bundle.order(campaign, by=signed_in(request)).pk)


@login_required
@require_safe
@never_cache
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every unit below a regional office: indices, respondents, verdicts, and what is missing."""
    office = get_object_or_404(Unit, slug=slug)
    user = look(request, "compare-units", office, "region")
    periods = list_periods(office)
    today = timezone.localdate(timezone=ZoneInfo(office.zone))
    asked = request.GET.get("periode", semester_of(today).name)
    period = asked if asked in periods else next(iter(periods), "")
    rows, low = present.show_region(results_below(office, period, today))
    context = {
        "office": office,
        "period": period,
        "periods": periods,
        "rows": rows,
        "low": low,
        "proposable": sum(bool(row.best) for row in rows),
        "certified": sum(bool(row.best) and row.stage == Stage.CERTIFIED for row in rows),
        "first_needs": LEAST_WAITING,
        "rulebook": next((row.result.campaign.zone_rulebook for row in rows if row.result), None),
        "header": next((row.measures for row in rows if row.measures), ()),
        "may_see_meetings": user.may("see-meetings", office),
        "k": K,
    }
    return render(request, "results/region.html", context)
