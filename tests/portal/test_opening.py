"""An operator opens a campaign: its rules are fixed, its target is set, its link works."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from tera import law
from tera.engine.instrument import CannotCombine
from tera.portal.accounts.models import User
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.periods import around, semester_of
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def fields_for(day: date) -> dict[str, object]:
    """Return what the form sends for the half year of a day."""
    half = semester_of(day)
    return {
        "period": half.name,
        "starts_on": day.isoformat(),
        "ends_on": half.last.isoformat(),
        "population": "1050",
        "instruments": ["skm-9", "spak-5-4"],
        "survey_rulebook": "permenpanrb-14-2017",
        "zone_rulebook": "permenpanrb-10-2019",
    }


TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()  # at the unit: after 17.00 UTC it is tomorrow
FIELDS = fields_for(TODAY)


def test_the_form_opens_a_campaign(budi: User, login: Login) -> None:
    reply = login(budi).post("/survei/buka/sambas/", FIELDS)
    campaign = Campaign.objects.get()
    assert reply["Location"] == f"/survei/{campaign.code}/"
    assert (campaign.unit.slug, campaign.target_sample, campaign.opened_by) == ("sambas", 281, budi)
    assert campaign.instrument_ids == ["skm-9", "spak-5-4"]
    assert campaign.services == {"PASPOR": "Paspor"}
    assert len(campaign.code) == actions.CODE_LENGTH


def test_days_left_empty_are_those_of_the_period(budi: User, login: Login) -> None:
    later = around(TODAY)[1]
    fields = {**FIELDS, "period": later.name, "starts_on": "", "ends_on": ""}
    assert login(budi).post("/survei/buka/sambas/", fields).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.starts_on, campaign.ends_on) == (later.first, later.last)


def test_opening_fixes_the_rules(sambas: Unit, budi: User) -> None:
    campaign = actions.open_campaign(unit=sambas, plan=plan_for(NOW.date()), by=budi, at=NOW)
    rulebook = hashlib.sha256(law.read("permenpanrb-10-2019").encode()).hexdigest()
    assert campaign.rules["permenpanrb-10-2019"] == rulebook
    assert set(campaign.rules) == {"skm-9", "spak-5-4", "permenpanrb-14-2017", "permenpanrb-10-2019"}


def test_the_campaign_page_gives_link_and_qr(campaign: Campaign, budi: User, login: Login) -> None:
    page = login(budi).get("/survei/sambas1/").content.decode()
    assert "http://testserver/s/sambas1" in page
    assert "<svg" in page
    assert "281" in page


def test_dewi_of_another_unit_is_refused(dewi: User, sambas: Unit, login: Login) -> None:
    assert login(dewi).get("/survei/buka/sambas/").status_code == 403
    assert login(dewi).post("/survei/buka/sambas/", FIELDS).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.open_campaign(unit=sambas, plan=plan_for(NOW.date()), by=dewi, at=NOW)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"starts_on": "9999-12-30"}, "Hari terakhir tidak boleh sebelum hari pertama"),
        ({"starts_on": "2020-01-01", "ends_on": "2020-06-30"}, "Hari terakhir sudah lewat"),
        ({"ends_on": "9999-12-31"}, "Hari pertama dan terakhir harus di dalam periode"),
        ({"period": "Semester II 1999"}, "Semester II 1999"),
        ({"instruments": ["skm-9", "ikm-21"]}, "Pilih satu saja dari kuesioner yang sama"),
        ({"instruments": ["spak-5-4", "spak-5-6"]}, "Pilih satu saja dari kuesioner yang sama"),
        ({"instruments": []}, "Bidang ini tidak boleh kosong|Bidang ini wajib"),
        ({"population": "0"}, "lebih besar dari atau sama dengan 1"),
        ({"population": "banyak"}, "Masukkan nomor yang utuh|Masukkan"),
        ({"survey_rulebook": "permenpanrb-10-2019"}, "bukan"),
    ],
)
def test_what_cannot_be_opened_says_why_and_keeps_the_rest(
    budi: User, login: Login, changes: dict[str, object], complaint: str
) -> None:
    reply = login(budi).post("/survei/buka/sambas/", {**FIELDS, **changes})
    page = reply.content.decode()
    assert reply.status_code == 400
    assert any(part in page for part in complaint.split("|"))
    assert str(FIELDS["period"]) in page
    assert not Campaign.objects.exists()


def test_actions_refuse_what_the_form_refuses(sambas: Unit, budi: User) -> None:
    with pytest.raises(CannotCombine):
        actions.open_campaign(unit=sambas, plan=plan_for(NOW.date(), "spak-5-4", "spak-5-6"), by=budi, at=NOW)
    campaign = actions.open_campaign(unit=sambas, plan=plan_for(NOW.date()), by=budi, at=NOW, code="satu")
    assert campaign.code == "satu"
    with pytest.raises(ValidationError):
        actions.open_campaign(unit=sambas, plan=plan_for(NOW.date()), by=budi, at=NOW, code="satu")


@pytest.mark.parametrize(
    ("day", "period"), [(date(2026, 6, 30), "Semester I 2026"), (date(2026, 7, 1), "Semester II 2026")]
)
def test_semesters(day: date, period: str) -> None:
    half = semester_of(day)
    assert half.name == period
    assert half.first <= day <= half.last


def test_periods_around_a_day_in_november() -> None:
    found = {period.name: (period.first, period.last) for period in around(date(2026, 11, 23))}
    assert found == {
        "Semester II 2026": (date(2026, 7, 1), date(2026, 12, 31)),
        "Semester I 2027": (date(2027, 1, 1), date(2027, 6, 30)),
        "Triwulan IV 2026": (date(2026, 10, 1), date(2026, 12, 31)),
        "Triwulan I 2027": (date(2027, 1, 1), date(2027, 3, 31)),
        "November 2026": (date(2026, 11, 1), date(2026, 11, 30)),
        "Desember 2026": (date(2026, 12, 1), date(2026, 12, 31)),
        "Tahun 2026": (date(2026, 1, 1), date(2026, 12, 31)),
        "Tahun 2027": (date(2027, 1, 1), date(2027, 12, 31)),
    }


def test_a_second_campaign_of_a_period_must_ask_and_judge_alike(
    campaign: Campaign, sambas: Unit, budi: User, login: Login
) -> None:
    today = TODAY
    other = plan_for(today, "skm-9", "spak-5-4-plain")
    with pytest.raises(actions.CannotPool):
        actions.open_campaign(unit=sambas, plan=other, by=budi, at=NOW)
    more = plan_for(today, "skm-9", "spkp-8-4")
    assert actions.open_campaign(unit=sambas, plan=more, by=budi, at=NOW).period == campaign.period
    fields = {**fields_for(today), "instruments": ["skm-9", "spak-5-4-plain"]}
    page = login(budi).post("/survei/buka/sambas/", fields).content.decode()
    assert "Survei sambas1 pada periode ini menanyakan hal yang sama dengan kuesioner lain" in page
    fields = {**fields_for(today), "zone_rulebook": "permenpanrb-5-2024"}
    page = login(budi).post("/survei/buka/sambas/", fields).content.decode()
    assert "Survei sambas1 pada periode ini memakai aturan lain" in page


def test_sending_the_form_twice_opens_one_campaign(budi: User, login: Login) -> None:
    assert login(budi).post("/survei/buka/sambas/", FIELDS).status_code == 302
    again = login(budi).post("/survei/buka/sambas/", FIELDS)
    assert "Survei yang sama sudah dibuka" in again.content.decode()
    assert Campaign.objects.count() == 1
