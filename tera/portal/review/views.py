"""Pages of signals, for the offices above a unit; every look at them is in the audit trail."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import look
from tera.portal.review import queries
from tera.portal.review.models import Heaping, Screening, Status
from tera.portal.review.showing import cards as showing
from tera.portal.review.showing import heaps as showing_heaps
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

ON_A_PAGE = 100


@login_required
@require_safe
@never_cache
def signals(request: HttpRequest, code: str) -> HttpResponse:
    """Show what screening saw in a campaign, and what it could not see."""
    campaign = get_object_or_404(Campaign.objects.select_related("unit"), code=code)
    user = gate.look(request, queries.PERMISSION, campaign)
    screening, state = queries.screening_of(campaign)
    office = campaign.office_above
    context = {
        "campaign": campaign,
        "state": state,
        "office": office if office is not None and user.may("compare-units", office) else None,
        **(shown(screening) if screening else {}),
    }
    return render(request, "review/signals.html", context)


def shown(screening: Screening) -> dict[str, object]:
    """Return what a page says of a screening that is judged."""
    found = showing.questionnaires(screening)
    has_notable = any(card.is_notable for each in found for card in each.cards)
    return {
        "screening": screening,
        "questionnaires": found,
        "rarity": "" if screening.p is None else showing.rarity(screening.p, screening.values["least_p"]),
        "q": "" if screening.q is None else showing.percent(screening.q),
        "is_outweighed": has_notable and screening.status == Status.QUIET,
        "tables": showing.tables(screening),
        "arrivals": list(showing.arrivals(screening)),
        "limits": showing.words(screening, "limits"),
        "ladder": showing.words(screening, "ladder"),
    }


@login_required
@require_safe
@never_cache
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what became of the campaigns of a period below an office, those that need review first."""
    office = get_object_or_404(Unit, slug=slug)
    user = look(request, "compare-units", office, "signals")
    periods = queries.list_periods(office)
    asked = request.GET.get("periode", "")
    period = asked if asked in periods else next(iter(periods), "")
    rows = queries.rows_below(office, period, user)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "office": office,
        "periods": periods,
        "period": period,
        "page": page,
        "rows": [(row, "" if row.q is None else showing.percent(row.q)) for row in page],
        "to_review": sum(row.state == Status.REVIEW for row in rows),
        "screened": sum(row.screening is not None for row in rows),
        "may_see_heaps": user.may("see-heaps", office),
    }
    return render(request, "review/region.html", context)


@login_required
@require_safe
@never_cache
def heaps(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whether certified scores of all units lie just above the thresholds, year by year."""
    office = get_object_or_404(Unit, slug=slug)
    user = look(request, "see-heaps", office, "heaps")
    every = {str(entry.year): entry for entry in Heaping.objects.order_by("-year")}
    found = every.get(request.GET.get("tahun", ""), next(iter(every.values()), None))
    context = {
        "office": office,
        "years": list(every),
        "heaping": found,
        "heaps": showing_heaps.heaps(found) if found else [],
        "may_compare": user.may("compare-units", office),
    }
    return render(request, "review/heaps.html", context)
