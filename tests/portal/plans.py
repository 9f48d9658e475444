"""What an operator usually decides before opening a campaign."""

from datetime import date

from tera.portal.surveys.models import Plan
from tera.portal.surveys.periods import semester_of


def plan_for(day: date, *instruments: str, source: str = "") -> Plan:
    """Return a plan for the half year of a day, with the usual questionnaires unless others are named."""
    period = semester_of(day)
    ids = instruments or ("skm-9", "spak-5-4")
    return Plan(
        period.name,
        period.first,
        period.last,
        1050,
        ids,
        "permenpanrb-14-2017",
        "permenpanrb-10-2019",
        source,
    )
