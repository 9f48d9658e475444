"""Who may do what: roles are held for a unit and below it, for a time, and leave a trail."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from tera.engine.schema import SchemaError
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import FILE, parse, rules
from tera.portal.ledger.models import Event
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.units import actions as units
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person

Login = Callable[[User], Client]


def test_a_role_reaches_everything_below_and_nothing_else(
    kanwil: Unit, sambas: Unit, lapas: Unit, budi: User
) -> None:
    everywhere = person("gita", "OPERATOR", kanwil)
    assert set(everywhere.units_with("open-survey")) == {kanwil, sambas, lapas}
    assert set(everywhere.units_held("open-survey")) == {kanwil}
    assert set(budi.units_with("open-survey")) == {sambas}
    assert not budi.may("open-survey", lapas)
    assert not budi.may("open-survey", kanwil)


def test_what_is_decided_from_above_is_not_decided_by_who_runs_it(
    kanwil: Unit, sambas: Unit, ratna: User
) -> None:
    assert ratna.may("certify", sambas)
    assert not ratna.may("certify", kanwil)  # nobody decides of their own office from above
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas)
    assert not ratna.may("certify", sambas)
    assert not ratna.may("issue-tickets", sambas)


def test_only_where_no_office_is_above_a_unit_certifies_itself(kanwil: Unit, sambas: Unit) -> None:
    alone, below = person("andi", "HEAD_OF_UNIT", kanwil), person("beni", "HEAD_OF_UNIT", sambas)
    assert alone.may("certify", kanwil)
    assert not below.may("certify", sambas)


def test_a_role_is_held_from_and_until_a_day(sambas: Unit) -> None:
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    sita = User.objects.create_user("sita")
    Assignment.objects.create(user=sita, role="OPERATOR", unit=sambas, valid_from=tomorrow)
    assert not sita.may("open-survey", sambas)
    sita.assignments.update(valid_from=today, valid_until=tomorrow)
    assert sita.may("open-survey", sambas)
    sita.assignments.update(valid_from=date(2020, 1, 1), valid_until=today)
    assert not sita.may("open-survey", sambas)


def test_what_was_delegated_ends_with_what_it_came_from(sambas: Unit, budi: User) -> None:
    today = timezone.localdate()
    own = budi.assignments.get()
    tari = User.objects.create_user("tari")
    Assignment.objects.create(user=tari, role="OPERATOR", unit=sambas, delegated_from=own)
    assert tari.may("open-survey", sambas)
    budi.assignments.update(valid_until=today)
    assert not tari.may("open-survey", sambas)


def test_nobody_acts_whose_account_is_closed(sambas: Unit, budi: User) -> None:
    budi.is_active = False
    assert not budi.may("open-survey", sambas)
    assert not budi.must_have_second_factor()


def test_who_decides_needs_a_second_factor(budi: User, ratna: User) -> None:
    assert not budi.must_have_second_factor()
    assert ratna.must_have_second_factor()


def test_after_a_move_both_offices_see_the_old_survey_and_the_old_one_decides(
    campaign: Campaign, sambas: Unit, kanwil: Unit, ratna: User
) -> None:
    kaltim, today = office("kaltim", "Kanwil Kaltim", "KANWIL"), timezone.localdate()
    rudi = person("rudi", "REGIONAL_VERIFIER", kaltim)
    assert not gate.may(rudi, "see-results", campaign)
    units.change(sambas, today, today=today, parent=kaltim)
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert gate.may(rudi, "see-results", campaign)
    assert gate.may(ratna, "see-results", campaign)
    assert gate.may(ratna, "certify", campaign)
    assert not gate.may(rudi, "certify", campaign)


def test_where_the_office_is_no_more_its_heir_decides(
    campaign: Campaign, sambas: Unit, kanwil: Unit, lapas: Unit
) -> None:
    kaltim, today = office("kaltim", "Kanwil Kaltim", "KANWIL"), timezone.localdate()
    rudi = person("rudi", "REGIONAL_VERIFIER", kaltim)
    units.merge([kanwil], kaltim, today, today=today)
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert gate.may(rudi, "certify", campaign)


@pytest.mark.usefixtures("lapas")
def test_looks_deeds_and_refusals_are_in_the_trail(campaign: Campaign, budi: User, login: Login) -> None:
    browser = login(budi)
    browser.get("/laporan/sambas1/")
    browser.get("/survei/buka/lapas/")
    trail = [
        (one.kind, one.who, one.role, one.office, one.deed, one.unit, one.about)
        for one in Event.objects.order_by("pk")
    ]
    assert trail == [
        ("DEED", "budi", "OPERATOR", "sambas", "open-survey", "sambas", "sambas1"),
        ("LOOK", "budi", "OPERATOR", "sambas", "see-results", "sambas", "sambas1"),
        ("REFUSED", "budi", "", "", "GET", "", "/survei/buka/lapas/"),
    ]


def test_the_trail_never_changes(campaign: Campaign) -> None:
    for change in (Event.objects.all().delete, lambda: Event.objects.update(who="tidak ada")):
        with pytest.raises(DatabaseError, match="audit trail never changes"), transaction.atomic():
            change()
    assert Event.objects.get().who == "budi"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('roles = ["AUDITOR"]', 'roles = ["AUDITER"]', "AUDITER is no role"),
        ('reach = "above"', 'reach = "abvoe"', "is not allowed; use one of held, above"),
        ("decides = true", "decide = true", "decide"),
    ],
)
def test_a_mistake_in_the_list_of_permissions_is_told(before: str, after: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(SchemaError, match=says):
        parse(text.replace(before, after, 1))


def test_the_administrator_of_the_system_sees_no_answers() -> None:
    mine = {entry.id for entry in rules().permissions.values() if "ADMINISTRATOR" in entry.roles}
    assert mine == {"see-units", "edit-services", "reorganise", "see-accounts", "give-roles", "see-trail"}
