"""A unit moves to another region in the middle of the year: results stay where they were found."""

import random
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.demo.actions import invent
from tera.portal.results import actions as results
from tera.portal.results.queries import list_periods, results_below
from tera.portal.surveys import actions
from tera.portal.surveys.actions import NoUnit, held
from tera.portal.surveys.models import Campaign
from tera.portal.units import actions as units
from tera.portal.units.models import Unit
from tests.portal.conftest import office
from tests.portal.deciding import fill_methods, verify
from tests.portal.plans import plan_for

JULY = date(2026, 7, 1)
MODEL = {"satisfaction": 3.6, "honesty": 4.0, "responses": 70, "lows": []}


def surveyed(unit: Unit, day: date, code: str, by: User) -> Campaign:
    """Survey a unit in the half year of a day, and close."""
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    campaign = actions.open_campaign(unit=unit, plan=plan_for(day), by=by, at=at, code=code)
    said = invent(campaign.form, MODEL, (campaign.starts_on, campaign.ends_on), random.Random(code))
    inbox.put(settings.INTAKE, campaign.code, [held(response) for response in said])
    actions.seal_due(datetime(campaign.ends_on.year + 1, 2, 1, tzinfo=UTC))
    actions.tell_of_blocks()
    return campaign


def shown(region: Unit, period: str, day: date) -> dict[str, str | None]:
    """Return the first index of each unit of a region, by slug."""
    return {
        unit.slug: str(found.indices[0].points) if found and found.indices else None
        for unit, found in results_below(region, period, day)
    }


def test_last_year_stays_and_this_year_splits_at_the_date(
    sambas: Unit, lapas: Unit, kanwil: Unit, budi: User, ratna: User
) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    for code, day in (("s2025b", date(2025, 8, 1)), ("s2026a", date(2026, 2, 1))):
        campaign = surveyed(sambas, day, code, budi)
        fill_methods(campaign)
        verify(campaign)
        results.certify(campaign, by=ratna, at=datetime.now(UTC))
    before = {name: shown(kanwil, name, date(2026, 6, 30)) for name in list_periods(kanwil)}
    assert list(before) == ["Semester I 2026", "Semester II 2025"]
    assert all(found["sambas"] for found in before.values())

    units.change(sambas, JULY, today=date(2026, 6, 15), parent=kaltim, name="Kanim Sambas Raya")
    units.bring_up_to_date(JULY)
    sambas.refresh_from_db()
    later = surveyed(sambas, date(2026, 8, 1), "s2026b", budi)

    now = date(2026, 12, 1)
    assert {name: shown(kanwil, name, now) for name in before} == before
    assert shown(kanwil, later.period, now) == {"lapas": None}
    assert list(shown(kaltim, later.period, now)) == ["sambas"]
    assert list_periods(kaltim) == ["Semester II 2026"]
    assert shown(kaltim, "Semester I 2026", now) == {}


def test_no_survey_of_a_unit_that_is_no_more(sambas: Unit, budi: User) -> None:
    units.end(sambas, JULY, today=date(2026, 6, 15))
    at = datetime(2026, 8, 1, tzinfo=UTC)
    with pytest.raises(NoUnit, match="sambas does not exist on 2026-07-01"):
        actions.open_campaign(unit=sambas, plan=plan_for(at.date()), by=budi, at=at)


def test_a_survey_keeps_the_time_zone_of_its_first_day(campaign: Campaign, sambas: Unit) -> None:
    today = date(2026, 11, 29)
    units.change(sambas, today, today=today, zone="Asia/Jayapura")
    again = Campaign.objects.get(pk=campaign.pk)
    assert (again.form.zone, again.unit.zone) == ("Asia/Jakarta", "Asia/Jayapura")
