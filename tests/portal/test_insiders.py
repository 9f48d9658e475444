"""What people of the back office might try with the rights that they have, and do not get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as installation
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tera.portal.accounts.models import Assignment, User
from tera.portal.jobs import actions as jobs
from tera.portal.jobs.models import Job
from tera.portal.ledger.models import Event
from tera.portal.people import actions
from tera.portal.people.actions import Grant, LastAdministrator
from tera.portal.results import actions as results
from tera.portal.results import bundle
from tera.portal.surveys import scheduling
from tera.portal.surveys.models import Campaign, Schedule
from tera.portal.surveys.periods import of_length
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import close_all
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def hani(kanwil: Unit) -> User:
    return person("hani", "REGIONAL_HEAD", kanwil)


@pytest.fixture
def adi(kanwil: Unit) -> User:
    return person("adi", "ADMINISTRATOR", kanwil)


def account(name: str, **more: str) -> dict[str, str]:
    return {"username": name, "full_name": "Seseorang", "role": "OPERATOR", "unit": "sambas", **more}


@pytest.mark.parametrize("name", ["\uff22\uff35\uff24\uff29", "BUDI", "=cmd", "..", "+1", "nama spasi"])
def test_no_account_gets_a_name_that_is_taken_or_no_name(
    sambas: Unit, hani: User, budi: User, login: Login, name: str
) -> None:
    assert login(hani).post("/orang/baru/", account(name)).status_code == 400
    assert User.objects.filter(username__iexact=name).exclude(pk=budi.pk).count() == 0


def test_who_runs_a_survey_does_not_certify_it_by_giving_the_role_up(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    actions.delegate(ratna.assignments.get(), budi, TODAY, TOMORROW, by=ratna)
    close_all()
    actions.end_role(budi.assignments.get(role="OPERATOR"), by=budi, today=TODAY)
    assert not budi.may("open-survey", campaign.unit)
    with pytest.raises(PermissionDenied):
        results.certify(campaign, by=budi, at=timezone.now())


def test_a_role_is_held_from_another_office_only_where_its_kind_allows_that(
    kanwil: Unit, sambas: Unit, adi: User, inspectorate: Unit
) -> None:
    elsewhere, rudi = office("lain", "Kabupaten Lain", "PEMDA"), User.objects.create_user("rudi")
    for role, place in (("REGIONAL_VERIFIER", elsewhere), ("INSPECTORATE", elsewhere)):
        with pytest.raises(PermissionDenied):
            actions.give_role(rudi, Grant(role, kanwil, TODAY, office=place), by=adi)
    held = actions.give_role(rudi, Grant("INSPECTORATE", kanwil, TODAY, office=inspectorate), by=adi)
    assert held.acts_for == inspectorate


def test_the_file_of_a_job_is_not_handed_out_once_the_role_has_ended(
    campaign: Campaign, kanwil: Unit, login: Login, tmp_path: object, settings: Settings
) -> None:
    aulia = person("aulia", "AUDITOR", kanwil)
    settings.JOBS_FOLDER = tmp_path
    job = bundle.order(campaign, by=aulia)
    assert jobs.run_due()
    assert Job.objects.get(pk=job.pk).file
    handed = login(aulia).get(f"/pekerjaan/{job.pk}/berkas/")
    assert b"".join(handed.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert Event.objects.filter(who="aulia", kind="LOOK", deed="audit-bundle").count() == 1
    aulia.assignments.update(is_ended=True)
    assert login(aulia).get(f"/pekerjaan/{job.pk}/berkas/").status_code == 403
    assert set(installation.JOB_PERMISSIONS) <= set(installation.JOBS)


def test_nobody_takes_over_an_account_before_its_higher_role_begins(
    sambas: Unit, kanwil: Unit, adi: User, login: Login
) -> None:
    head, rising = person("hadi", "HEAD_OF_UNIT", sambas), person("rina", "OPERATOR", sambas)
    actions.give_role(rising, Grant("REGIONAL_HEAD", kanwil, TOMORROW), by=adi)
    for deed in ("sandi", "langkah-dua", "tutup"):
        assert login(head).post(f"/orang/akun/rina/{deed}/").status_code == 403


def test_what_was_lent_is_taken_back_and_ends_with_the_lenders_account(
    sambas: Unit, ratna: User, dewi: User, hani: User, login: Login
) -> None:
    lent = actions.delegate(ratna.assignments.get(), dewi, TODAY, TOMORROW, by=ratna)
    assert dewi.may("certify", sambas)
    assert login(ratna).post(f"/orang/peran/{lent.pk}/akhiri/").status_code == 302
    assert not dewi.may("certify", sambas)
    actions.delegate(ratna.assignments.get(), dewi, TODAY, TODAY + timedelta(days=3), by=ratna)
    assert dewi.assignments_on().filter(role="REGIONAL_VERIFIER").exists()
    actions.close_account(ratna, by=hani)
    assert not dewi.may("certify", sambas)


def test_a_lent_role_gives_no_roles_and_touches_no_accounts(
    sambas: Unit, hani: User, budi: User, dewi: User, login: Login
) -> None:
    actions.delegate(hani.assignments.get(), dewi, TODAY, TOMORROW, by=hani)
    with pytest.raises(PermissionDenied):
        actions.give_role(budi, Grant("REGIONAL_VERIFIER", sambas, TODAY), by=dewi)
    for deed in ("sandi", "langkah-dua", "tutup"):
        assert login(dewi).post(f"/orang/akun/budi/{deed}/").status_code == 403


def test_the_last_administrator_stays(kanwil: Unit, adi: User, login: Login) -> None:
    held = adi.assignments.get()
    with pytest.raises(LastAdministrator):
        actions.end_role(held, by=adi, today=TODAY)
    browser = login(adi)
    assert browser.post(f"/orang/peran/{held.pk}/akhiri/").status_code == 302
    assert "Harus ada satu pengelola sistem" in browser.get("/orang/peran-saya/").content.decode()
    person("ani", "ADMINISTRATOR", kanwil)
    actions.end_role(held, by=adi, today=TODAY)
    assert not adi.may("give-roles", kanwil)


def test_no_unit_is_lost_above_all_others(kanwil: Unit, sambas: Unit, adi: User, login: Login) -> None:
    form = {"parent": "", "on": TOMORROW.isoformat(), "name": "Sambas", "short_name": "Sambas"}
    form |= {"kind": "KANIM", "zone": "Asia/Jakarta", "confirmed": "1"}
    assert login(adi).post("/unit/sambas/ubah/", form).status_code in {400, 403}
    assert sambas.versions.count() == 1


def test_a_second_click_opens_nothing_twice(sambas: Unit, budi: User, hani: User, kanwil: Unit) -> None:
    period, now = of_length(TODAY, 6), timezone.now()
    opened = {
        scheduling.open_one(sambas, plan_for(TODAY), by=budi, at=now, repeats_after=period).pk
        for _ in range(3)
    }
    assert len(opened) == 1
    for _ in range(2):
        scheduling.open_below(kanwil, plan_for(TODAY), by=hani, at=now, repeats_after=period)
    assert Campaign.objects.count() == 1
    assert Schedule.objects.count() == 2


def test_a_schedule_goes_on_in_nobodys_name(sambas: Unit, budi: User) -> None:
    period = of_length(TODAY, 1)
    scheduling.open_one(sambas, plan_for(TODAY), by=budi, at=timezone.now(), repeats_after=period)
    User.objects.filter(pk=budi.pk).update(is_active=False)
    [opened] = scheduling.open_due(timezone.now() + timedelta(days=40))
    assert opened.opened_by is None
    assert Event.objects.get(deed="schedule-opens").who == "tera worker"
    assert scheduling.open_due(timezone.now() + timedelta(days=40)) == []
    assert Event.objects.filter(deed="schedule-opens").count() == 1


@pytest.mark.parametrize(
    "days",
    [
        {"valid_from": "9999-12-31"},
        {"last_day": "9999-12-31"},
        {"valid_from": "1999-01-01"},
        {"last_day": "1999-01-01"},
    ],
)
def test_days_that_nobody_can_mean_are_refused(
    sambas: Unit, hani: User, login: Login, days: dict[str, str]
) -> None:
    assert login(hani).post("/orang/baru/", account("baru", **days)).status_code == 400
    assert not User.objects.filter(username="baru").exists()


def test_a_role_that_is_given_twice_is_held_once(sambas: Unit, hani: User, dewi: User) -> None:
    for _ in range(2):
        actions.give_role(dewi, Grant("OPERATOR", sambas, TODAY), by=hani)
    assert dewi.assignments.filter(unit=sambas).count() == 1
    actions.end_role(dewi.assignments.get(unit=sambas), by=hani, today=TODAY)
    assert not dewi.may("open-survey", sambas)
    actions.give_role(dewi, Grant("OPERATOR", sambas, TODAY), by=hani)
    assert dewi.may("open-survey", sambas)


def test_what_is_lent_stands_beside_what_somebody_holds_themselves(
    sambas: Unit, hani: User, budi: User, dewi: User
) -> None:
    own = actions.give_role(dewi, Grant("OPERATOR", sambas, TODAY), by=hani)
    lent = actions.delegate(budi.assignments.get(), dewi, TODAY, TOMORROW, by=budi)
    assert lent.pk != own.pk
    actions.end_role(lent, by=budi, today=TODAY)
    assert dewi.may("open-survey", sambas)


def test_who_was_lent_the_role_is_not_the_administrator_that_must_be_left(adi: User, dewi: User) -> None:
    actions.delegate(adi.assignments.get(), dewi, TODAY, TOMORROW, by=adi)
    with pytest.raises(LastAdministrator):
        actions.end_role(adi.assignments.get(), by=adi, today=TODAY)


def test_a_role_that_has_ended_is_not_made_longer(sambas: Unit, hani: User, budi: User) -> None:
    long_ago = TODAY - timedelta(days=400)
    Assignment.objects.filter(user=budi).update(valid_until=long_ago)
    actions.end_role(budi.assignments.get(), by=hani, today=TODAY)
    assert budi.assignments.get().valid_until == long_ago


@pytest.mark.parametrize(
    "address",
    ["/orang/?q=%00", "/orang/akun/a%00b/", "/impor/sambas/a%00b/", "/orang/jejak/?dari=0001-01-01"],
)
def test_odd_addresses_are_no_mistakes_of_the_server(adi: User, login: Login, address: str) -> None:
    assert login(adi).get(address).status_code in {200, 400, 403, 404}


def test_the_trail_holds_no_formula(kanwil: Unit, adi: User, login: Login) -> None:
    login(adi).get("/orang/akun/=HYPERLINK(1)/")
    rows = b"".join(login(adi).get("/orang/jejak/jejak.csv").streaming_content)  # type: ignore[attr-defined]
    assert ",'=HYPERLINK(1)" in rows.decode()
    assert ",=" not in rows.decode()


def test_a_survey_does_not_begin_in_the_past(sambas: Unit, budi: User, login: Login) -> None:
    period = of_length(TODAY, 12)
    form = {"period": period.name, "starts_on": period.first.isoformat(), "population": "100"}
    form |= {"survey_rulebook": "permenpanrb-14-2017", "zone_rulebook": "permenpanrb-10-2019"}
    page = login(budi).post("/survei/buka/sambas/", {**form, "instruments": ["skm-9"]})
    assert "Hari pertama sudah lewat." in page.content.decode()


def test_names_of_accounts_are_typed_not_listed(hani: User, budi: User, login: Login) -> None:
    page = login(budi).get("/orang/peran-saya/").content.decode()
    assert "hani" not in page
    wrong = {"role": "1", "to": "siapa", "first": TODAY.isoformat(), "last_day": TODAY.isoformat()}
    assert (
        "Tidak ada akun aktif dengan nama itu."
        in login(budi).post("/orang/peran-saya/", wrong).content.decode()
    )
