"""How the survey was run: when, by which channels, with which tickets, and how many were reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tera.engine.catalogue import get_codelists, get_language, get_notice
from tera.engine.explain import said
from tera.intake.tickets import count_with_ticket
from tera.portal.accounts.queries import language_in_force
from tera.portal.ledger.models import Event
from tera.portal.results.charts import place
from tera.portal.review.dossier.case import Case
from tera.portal.surveys.models import Campaign

POSTER = "print-poster"


@dataclass(frozen=True, slots=True)
class Cell:
    """How many came so: None is not shown; `asked` is how many of them were aimed at."""

    name: str
    count: int | None
    width: str
    asked: int | None = None


def mechanism(case: Case) -> dict[str, object]:
    """Return what the first part of a dossier shows."""
    campaign, facts = case.campaign, case.facts
    cells: Mapping[str, Mapping[str, int | None]] = case.values.get("cells", {})
    return {
        "extensions": campaign.extensions.select_related("by_office").order_by("number"),
        "languages": [get_language(code).name for code in campaign.languages],
        "count": facts.result.count,
        "rate": _rate(campaign, facts.result.count.total),
        "channels": _cells(cells.get("channel", {}), _channels()),
        "services": _cells(cells.get("service", {}), campaign.services, campaign.quotas),
        "months": _months(cells.get("month", {})),
        "tickets": case.values.get("tickets") or _tickets(case),
        "posters": _posters(campaign),
        "notice": _notice(campaign) if campaign.notice else [],
        "invitations": facts.invitations_sent,
        "unit_name": facts.unit_name,
        "office_name": facts.office_name,
    }


def _notice(campaign: Campaign) -> list[str]:
    """Return what respondents were told, as they read it, in the language of the page."""
    told, language = get_notice(campaign.notice), get_language(language_in_force())
    return [language.say(told.lead, unit=campaign.unit.name), *map(language.say, told.more)]


def _rate(campaign: Campaign, total: int) -> Fraction | None:
    return Fraction(100 * total, campaign.population) if campaign.population else None


def _channels() -> dict[str, str]:
    language = language_in_force()
    return {entry.code: said(entry.label, language) for entry in get_codelists().channel.codes}


def _cells(
    counts: Mapping[str, int | None], names: Mapping[str, str], asked: Mapping[str, int] | None = None
) -> list[Cell]:
    """Return cells in the order of their names; what nobody chose is left out where that may be said."""
    most = Fraction(max((count or 0 for count in counts.values()), default=0) or 1)
    order = [*names, *(code for code in counts if code not in names)]
    return [
        Cell(
            names.get(code) or code or _("tidak disebutkan"),
            counts[code],
            place(Fraction(counts[code] or 0), Fraction(0), most),
            (asked or {}).get(code),
        )
        for code in order
        if code in counts and counts[code] != 0
    ]


def _months(counts: Mapping[str, int | None]) -> list[Cell]:
    names = {code: date_format(date.fromisoformat(f"{code}-01"), "F Y") for code in counts}
    return _cells(counts, names)


def _tickets(case: Case) -> dict[str, Any]:
    """Return what is known of tickets before the worker came; not how many were used, also elsewhere."""
    campaign = case.campaign
    if not campaign.takes_tickets:
        return {"issued": case.facts.tickets_issued, "used": None, "answers": 0}
    answers = count_with_ticket(settings.INTAKE, [campaign.code])[campaign.code]
    return {"issued": case.facts.tickets_issued, "used": None, "answers": answers}


def _posters(campaign: Campaign) -> int:
    """Return how often people of the unit made the file of a poster or card, as the audit trail has it."""
    mine = Event.objects.filter(unit=campaign.unit.slug, at__gte=campaign.opened_at, deed=POSTER)
    return mine.filter(about=campaign.code, office=campaign.unit.slug).count()
