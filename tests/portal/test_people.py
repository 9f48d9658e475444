"""Accounts and roles are given by who may, delegated for a time, and what everybody does is found again."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.people import actions
from tera.portal.people.actions import CannotDelegate, Grant
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person

Login = Callable[[User], Client]
TODAY = timezone.localdate()


@pytest.fixture
def hani(kanwil: Unit) -> User:
    return person("hani", "REGIONAL_HEAD", kanwil)


@pytest.fixture
def adi(kanwil: Unit) -> User:
    return person("adi", "ADMINISTRATOR", kanwil)


@pytest.fixture
def aulia(kanwil: Unit) -> User:
    return person("aulia", "AUDITOR", kanwil)


def test_an_account_gets_its_password_by_a_link_that_works_once(
    sambas: Unit, hani: User, login: Login
) -> None:
    fields = {"username": "tono", "full_name": "Tono", "role": "OPERATOR", "unit": "sambas"}
    page = login(hani).post("/orang/baru/", fields).content.decode()
    [link] = re.findall(r'value="http://testserver([^"]+)"', page)
    tono = User.objects.get(username="tono")
    assert not tono.has_usable_password()
    assert tono.may("open-survey", sambas)
    newcomer = Client()
    form = newcomer.get(link, follow=True)
    secret = "kata-sandi-yang-panjang"
    newcomer.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})
    tono.refresh_from_db()
    assert tono.check_password(secret)
    assert "kata-sandi" not in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("role", ["REGIONAL_HEAD", "MINISTRY", "INSPECTORATE", "AUDITOR", "ADMINISTRATOR"])
def test_nobody_gives_a_role_that_theirs_does_not_grant(
    sambas: Unit, hani: User, budi: User, role: str
) -> None:
    with pytest.raises(PermissionDenied):
        actions.give_role(budi, Grant(role, sambas, TODAY), by=hani)


def test_nobody_gives_themselves_a_role(sambas: Unit, adi: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.give_role(adi, Grant("AUDITOR", sambas, TODAY), by=adi)
    assert not adi.may("export-answers", sambas)


def test_a_role_is_not_given_for_units_elsewhere(hani: User, budi: User) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    with pytest.raises(PermissionDenied):
        actions.give_role(budi, Grant("OPERATOR", kaltim, TODAY), by=hani)


def test_a_name_that_is_taken_makes_no_account(sambas: Unit, hani: User, budi: User, login: Login) -> None:
    fields = {"username": "BUDI", "full_name": "Budi lain", "role": "OPERATOR", "unit": "sambas"}
    response = login(hani).post("/orang/baru/", fields)
    assert response.status_code == 400
    assert "Nama akun itu sudah ada." in response.content.decode()
    with pytest.raises(ValidationError):
        actions.make_account("budi", "", "x", Grant("OPERATOR", sambas, TODAY), by=hani)


def test_a_role_ends_today_and_can_be_given_up(sambas: Unit, hani: User, budi: User, login: Login) -> None:
    held = budi.assignments.get()
    assert login(hani).post(f"/orang/peran/{held.pk}/akhiri/").status_code == 302
    assert not budi.may("open-survey", sambas)
    actions.give_role(budi, Grant("OPERATOR", sambas, TODAY - timedelta(days=1)), by=hani)
    again = budi.assignments_on().get()
    assert login(budi).post(f"/orang/peran/{again.pk}/akhiri/").status_code == 302
    assert not budi.may("open-survey", sambas)


def test_others_end_no_roles(hani: User, budi: User, dewi: User, login: Login) -> None:
    for held in (hani.assignments.get(), dewi.assignments.get()):
        assert login(budi).post(f"/orang/peran/{held.pk}/akhiri/").status_code == 403
    assert hani.assignments_on().exists()


def test_a_role_is_lent_for_a_time(sambas: Unit, budi: User, dewi: User, login: Login) -> None:
    held = budi.assignments.get()
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    fields = {"role": str(held.pk), "to": "dewi", "first": TODAY.isoformat(), "last_day": tomorrow}
    assert login(budi).post("/orang/peran-saya/", fields).status_code == 302
    assert dewi.may("open-survey", sambas)
    lent = dewi.assignments.get(unit=sambas)
    assert (lent.valid_until, lent.delegated_from) == (TODAY + timedelta(days=2), held)
    page = login(budi).get("/orang/peran-saya/").content.decode()
    assert "Sedang didelegasikan" in page
    with pytest.raises(CannotDelegate):  # what was lent is not lent again
        actions.delegate(lent, User.objects.create_user("x"), TODAY, lent.valid_until, by=dewi)


@pytest.mark.parametrize("wrong", ["self", "beyond", "backwards"])
def test_a_role_is_not_lent_to_oneself_or_beyond_its_end(budi: User, dewi: User, wrong: str) -> None:
    held = budi.assignments.get()
    Assignment.objects.filter(pk=held.pk).update(valid_until=TODAY + timedelta(days=5))
    held.refresh_from_db()
    to = budi if wrong == "self" else dewi
    until = TODAY + timedelta(days={"self": 2, "beyond": 9, "backwards": 0}[wrong])
    with pytest.raises(CannotDelegate):
        actions.delegate(held, to, TODAY, until, by=budi)


def test_somebody_elses_role_is_not_lent(budi: User, dewi: User, login: Login) -> None:
    with pytest.raises(PermissionDenied):
        actions.delegate(budi.assignments.get(), dewi, TODAY, TODAY + timedelta(days=1), by=dewi)
    fields = {"role": str(budi.assignments.get().pk), "to": "budi", "first": "2030-01-01"}
    assert login(dewi).post("/orang/peran-saya/", {**fields, "last_day": "2030-01-02"}).status_code == 404


def test_a_closed_account_is_closed_by_who_could_give_all_its_roles(
    kanwil: Unit, hani: User, budi: User, ratna: User, adi: User, login: Login
) -> None:
    assert login(budi).post("/orang/akun/ratna/tutup/").status_code == 404
    assert login(hani).post("/orang/akun/adi/tutup/").status_code == 403
    assert login(hani).post("/orang/akun/budi/tutup/").status_code == 302
    assert not User.objects.get(username="budi").is_active
    assert login(hani).post("/orang/akun/budi/buka/").status_code == 302
    assert User.objects.get(username="budi").is_active


def test_who_looks_after_accounts_sees_those_of_their_units(
    hani: User, budi: User, dewi: User, login: Login
) -> None:
    person("rudi", "OPERATOR", office("kaltim", "Kanwil Kaltim", "KANWIL"))
    page = login(hani).get("/orang/").content.decode()
    assert "budi" in page
    assert "rudi" not in page
    assert login(hani).get("/orang/akun/rudi/").status_code == 404
    found = login(hani).get("/orang/?q=dewi&peran=OPERATOR").content.decode()
    assert "dewi" in found
    assert "budi" not in found
    assert login(budi).get("/orang/").status_code == 403


def test_the_list_of_permissions_is_shown_as_a_table(hani: User, budi: User, login: Login) -> None:
    page = login(hani).get("/orang/hak/").content.decode()
    assert "Mengesahkan hasil" in page
    assert "Pengelola sistem" in page
    assert login(budi).get("/orang/hak/").status_code == 403


def test_the_trail_is_searched_and_exported(
    campaign: Campaign, budi: User, aulia: User, login: Login
) -> None:
    login(budi).get("/survei/sambas1/")
    page = login(aulia).get("/orang/jejak/?q=budi+sambas1&jenis=LOOK").content.decode()
    assert "Melihat survei, jumlah jawaban dan kalender" in page
    assert "1 baris" in page
    assert (
        login(aulia).get("/orang/jejak/?dari=2001-01-01&sampai=2001-01-02").content.decode().count("0 baris")
    )
    rows = b"".join(login(aulia).get("/orang/jejak/jejak.csv?q=open-survey").streaming_content)  # type: ignore[attr-defined]
    [header, line] = rows.decode().splitlines()
    assert header == "\ufeffwaktu,jenis,akun,peran,kantor,perbuatan,unit,tentang"
    assert line.endswith("melakukan,budi,OPERATOR,sambas,open-survey,sambas,sambas1")
    assert Event.objects.filter(who="aulia", deed="see-trail").count() == 3


def test_the_trail_of_other_regions_is_not_seen(campaign: Campaign, login: Login) -> None:
    other = person(
        "rudi", "AUDITOR", office("bontang", "Kanim Bontang", "KANIM", office("kaltim", "K", "KANWIL"))
    )
    page = login(other).get("/orang/jejak/").content.decode()
    assert "sambas1" not in page
    assert "0 baris" in page


@pytest.mark.parametrize("day", [date.min, date(2020, 2, 3)])
def test_days_are_written_for_people(sambas: Unit, hani: User, budi: User, login: Login, day: date) -> None:
    Assignment.objects.filter(user=budi).update(valid_from=day)
    page = login(hani).get("/orang/akun/budi/").content.decode()
    assert ("tanpa batas waktu" if day == date.min else "mulai 3 Februari 2020") in page


def test_who_lost_their_second_step_gets_it_taken_off(
    kanwil: Unit, hani: User, ratna: User, budi: User, login: Login
) -> None:
    login(ratna)
    assert Authenticator.objects.filter(user=ratna).exists()
    assert login(budi).post("/orang/akun/ratna/langkah-dua/").status_code == 404
    assert "Lepas langkah kedua" in login(hani).get("/orang/akun/ratna/").content.decode()
    assert login(hani).post("/orang/akun/ratna/langkah-dua/").status_code == 302
    assert not Authenticator.objects.filter(user=ratna).exists()
    assert login(hani).post("/orang/akun/hani/langkah-dua/").status_code == 403
