"""Surveys are opened for many units, again and again, extended by the region only, and found again."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from tera.intake import publishing
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event, Statement
from tera.portal.surveys import actions, scheduling
from tera.portal.surveys.actions import CannotExtend
from tera.portal.surveys.models import Campaign, Schedule
from tera.portal.surveys.periods import of_length
from tera.portal.units import actions as units
from tera.portal.units.actions import Founding
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
NOW = datetime.now(UTC)
TODAY = timezone.localdate(NOW)


@pytest.fixture
def hani(kanwil: Unit) -> User:
    """Return Hani, who heads the regional office."""
    return person("hani", "REGIONAL_HEAD", kanwil)


def asked(period: str, **more: str) -> dict[str, object]:
    """Return a form as a browser sends it."""
    return {
        "period": period,
        "population": "1050",
        "instruments": ["skm-9", "spak-5-4"],
        "survey_rulebook": "permenpanrb-14-2017",
        "zone_rulebook": "permenpanrb-10-2019",
        **more,
    }


def test_the_region_opens_a_survey_for_all_units_at_once(
    campaign: Campaign, lapas: Unit, hani: User, login: Login, intake: Database
) -> None:
    browser = login(hani)
    assert "untuk 2 unit di bawah Kanwil Kalbar" in browser.get("/survei/buka-semua/kanwil/").content.decode()
    page = browser.post("/survei/buka-semua/kanwil/", asked(campaign.period)).content.decode()
    assert "Survei dibuka untuk 1 unit." in page
    assert "sudah punya survei pada periode ini" in page
    opened = Campaign.objects.get(unit=lapas)
    assert (opened.population, opened.opened_by) == (1050, hani)
    assert Statement.objects.filter(name=f"opened/{opened.code}").exists()
    assert opened.code not in publishing.list_codes(intake)
    assert actions.publish_new() == 1
    assert opened.code in publishing.list_codes(intake)
    assert actions.publish_new() == 0


def test_a_unit_keeps_the_population_of_its_last_survey(campaign: Campaign, kanwil: Unit, hani: User) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(population=77)
    half = of_length(campaign.ends_on + timedelta(days=1), 6)
    opened = scheduling.open_below(kanwil, plan_for(half.first), by=hani, at=NOW)
    assert [(one.unit, one.population) for one in opened.campaigns] == [(campaign.unit, 77)]


def test_offices_without_services_of_their_own_are_not_surveyed(kanwil: Unit, sambas: Unit) -> None:
    ministry = office("kementerian", "Kementerian", "KEMENTERIAN")
    units.change(kanwil, TODAY, today=TODAY, parent=ministry)
    assert scheduling.units_to_survey(ministry, TODAY) == [sambas]
    units.found(Founding("itjen", {"name": "Itjen", "short_name": "Itjen", "kind": "ITJEN"}, sambas))
    assert {unit.slug for unit in scheduling.units_to_survey(ministry, TODAY)} == {"itjen", "sambas"}


def test_only_who_may_opens_for_all(
    kanwil: Unit, sambas: Unit, ratna: User, budi: User, login: Login
) -> None:
    for somebody in (ratna, budi):
        assert login(somebody).get("/survei/buka-semua/kanwil/").status_code == 403
        with pytest.raises(PermissionDenied):
            scheduling.open_below(kanwil, plan_for(TODAY), by=somebody, at=NOW)


def test_a_survey_is_opened_again_for_each_period(sambas: Unit, budi: User, login: Login) -> None:
    now = of_length(TODAY, 3)
    response = login(budi).post("/survei/buka/sambas/", asked(now.name, repeats="on"))
    assert response.status_code == 302
    kept = Schedule.objects.get()
    assert (kept.months, kept.begins_on) == (3, now.last + timedelta(days=1))
    following = of_length(kept.begins_on, 3)
    morning = datetime(following.first.year, following.first.month, 1, 2, tzinfo=UTC)
    assert scheduling.open_due(morning - timedelta(days=20)) == []
    [opened] = scheduling.open_due(morning - timedelta(days=14))
    assert (opened.period, opened.starts_on, opened.schedule) == (following.name, following.first, kept)
    assert scheduling.open_due(morning) == []
    assert "setiap triwulan" in login(budi).get("/survei/").content.decode()
    assert login(budi).post(f"/survei/jadwal/{kept.pk}/akhiri/").status_code == 302
    assert scheduling.open_due(morning + timedelta(days=90)) == []


def test_a_schedule_follows_the_time_zone_of_its_unit(sambas: Unit, budi: User) -> None:
    units.change(sambas, TODAY, today=TODAY, zone="Asia/Jayapura")
    wanted = Schedule(
        unit=sambas,
        months=1,
        instrument_ids=["skm-9"],
        survey_rulebook_id="permenpanrb-14-2017",
        zone_rulebook_id="permenpanrb-10-2019",
        population=100,
        begins_on=date(2030, 2, 1),
    )
    scheduling.schedule(wanted, by=budi)
    midnight_in_jayapura = datetime(2030, 2, 14, 15, tzinfo=UTC)  # of 15 February, two weeks before March
    assert [one.period for one in scheduling.open_due(datetime(2030, 1, 18, tzinfo=UTC))] == ["Februari 2030"]
    assert scheduling.open_due(midnight_in_jayapura - timedelta(minutes=1)) == []
    assert [one.period for one in scheduling.open_due(midnight_in_jayapura)] == ["Maret 2030"]


def test_a_broken_schedule_does_not_hold_up_the_others(
    sambas: Unit, lapas: Unit, budi: User, dewi: User, caplog: pytest.LogCaptureFixture
) -> None:
    for unit, by in ((sambas, budi), (lapas, dewi)):
        period = of_length(TODAY, 1)
        scheduling.open_one(unit, plan_for(TODAY), by=by, at=NOW, repeats_after=period)
    Schedule.objects.filter(unit=sambas).update(instrument_ids=["tidak-ada"])
    opened = scheduling.open_due(NOW + timedelta(days=40))
    assert [one.unit for one in opened] == [lapas]
    assert "could not be followed" in caplog.text


def test_the_region_extends_before_the_end_and_everybody_sees_it(
    campaign: Campaign, ratna: User, budi: User, login: Login, intake: Database
) -> None:
    until = campaign.ends_on + timedelta(days=10)
    form = {"until": until.isoformat(), "reason": "Banjir menutup kantor dua minggu."}
    assert login(budi).get("/survei/sambas1/perpanjang/").status_code == 403
    assert login(budi).post("/survei/sambas1/perpanjang/", form).status_code == 403
    assert "Perpanjang survei" in login(ratna).get("/survei/sambas1/").content.decode()
    assert login(ratna).post("/survei/sambas1/perpanjang/", form).status_code == 302
    said = Statement.objects.get(name="extended/sambas1/1").as_said()
    assert (said["ends_on"], said["until"], said["by_unit"]) == (
        campaign.ends_on.isoformat(),
        until.isoformat(),
        "kanwil",
    )
    longer = Campaign.objects.get(pk=campaign.pk)
    actions.publish(longer)
    with intake.transaction(writes=False) as cursor:
        [form_now] = [
            found.form for found in publishing.read_forms(cursor, 0) if found.form.code == "sambas1"
        ]
    assert form_now.ends_on == longer.ends_on == until
    for address in ("/survei/sambas1/", "/laporan/sambas1/"):
        assert "Banjir menutup kantor dua minggu." in login(budi).get(address).content.decode()


@pytest.mark.parametrize(
    ("later", "reason", "says"),
    [(0, "alasan", "a later day"), (5, "  ", "a reason"), (-3, "alasan", "a later day")],
)
def test_no_extension_without_a_later_day_and_a_reason(
    campaign: Campaign, ratna: User, later: int, reason: str, says: str
) -> None:
    with pytest.raises(CannotExtend, match=says):
        actions.extend(campaign, campaign.ends_on + timedelta(days=later), reason=reason, by=ratna, at=NOW)


def test_a_closed_survey_is_not_extended(campaign: Campaign, ratna: User) -> None:
    over = datetime.combine(campaign.ends_on + timedelta(days=1), datetime.min.time(), UTC)
    with pytest.raises(CannotExtend, match="is closed"):
        actions.extend(campaign, campaign.ends_on + timedelta(days=9), reason="x", by=ratna, at=over)
    assert not Event.objects.filter(deed="extend-survey").exists()


def test_the_form_says_between_which_days_a_survey_can_be_extended(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    form = {"until": "2099-01-01", "reason": "lama"}
    response = login(ratna).post("/survei/sambas1/perpanjang/", form)
    assert response.status_code == 400
    assert re.search(r"Antara \d+ \w+ \d{4} dan \d+ \w+ \d{4}", response.content.decode())


def test_the_target_is_divided_among_services(kanwil: Unit, login: Login) -> None:
    unit = office("kanim", "Kanim", "KANIM", kanwil, PASPOR="Paspor", IZIN="Izin tinggal")
    lia = person("lia", "OPERATOR", unit)
    period = of_length(TODAY, 6).name
    wrong = login(lia).post("/survei/buka/kanim/", asked(period, served_PASPOR="900", served_IZIN="100"))
    assert "Jumlah per layanan 1000; harus sama dengan jumlah seluruhnya." in wrong.content.decode()
    right = login(lia).post("/survei/buka/kanim/", asked(period, served_PASPOR="900", served_IZIN="150"))
    assert right.status_code == 302
    opened = Campaign.objects.get(unit=unit)
    assert (opened.target_sample, opened.quotas) == (281, {"IZIN": 40, "PASPOR": 241})
    assert opened.served == {"PASPOR": 900, "IZIN": 150}
    assert "Paspor: 241" in login(lia).get(right["Location"]).content.decode()


def test_the_form_begins_with_the_last_survey(campaign: Campaign, budi: User, login: Login) -> None:
    page = login(budi).get("/survei/buka/sambas/").content.decode()
    assert f"Terisi seperti survei terakhir ({campaign.period})." in page
    assert 'name="population" value="1050"' in page


def test_surveys_are_found_by_words_and_state(
    campaign: Campaign, lapas: Unit, ratna: User, dewi: User, login: Login
) -> None:
    actions.open_campaign(unit=lapas, plan=plan_for(TODAY), by=dewi, at=NOW, code="lapas1")
    everything = login(ratna).get("/survei/daftar/").content.decode()
    assert "Kanim Sambas" in everything
    assert "Lapas Pontianak" in everything
    found = login(ratna).get("/survei/daftar/?q=sambas&status=buka&urut=akhir").content.decode()
    assert "Kanim Sambas" in found
    assert "Lapas Pontianak" not in found
    assert "0 survei" in login(ratna).get("/survei/daftar/?status=nanti").content.decode()
    assert "Kanim Sambas" not in login(dewi).get("/survei/daftar/").content.decode()
    assert login(ratna).get("/survei/daftar/?hal=0&status=x&urut=y").status_code == 200


def test_the_list_comes_in_pages(sambas: Unit, ratna: User, budi: User, login: Login) -> None:
    for number in range(52):
        day = date(1990 + number, 3, 1)
        actions.record(unit=sambas, plan=plan_for(day), by=budi, at=NOW, code=f"s{number}")
    assert "Halaman 1 dari 2" in login(ratna).get("/survei/daftar/").content.decode()
    last = login(ratna).get("/survei/daftar/?hal=2").content.decode()
    assert last.count('class="row-title"') == 2
    assert "q=&amp;hal=1" not in last
    assert "hal=1" in last


def test_the_calendar_shows_the_year_of_a_region(campaign: Campaign, ratna: User, login: Login) -> None:
    page = login(ratna).get("/survei/kalender/kanwil/").content.decode()
    assert f'href="/survei/{campaign.code}/"' in page
    assert (
        "Belum ada survei pada tahun ini."
        in login(ratna).get("/survei/kalender/kanwil/?tahun=2001").content.decode()
    )
    assert login(ratna).get("/survei/kalender/kanwil/?tahun=kapan").status_code == 200
