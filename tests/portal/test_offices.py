"""The pages of units: who sees and changes what, as of which day, and what a deed says before it is done."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event
from tera.portal.offices.queries import load_tree
from tera.portal.units import actions
from tera.portal.units.models import Unit
from tera.portal.units.queries import ids_below, line_above, units_on, version_of
from tests.portal.conftest import office, person
from tests.portal.ministry import as_csv, as_workbook, line, ministry

Login = Callable[[User], Client]
STATE = {"short_name": "Kanim Sambas", "kind": "KANIM", "grade": "", "zone": "Asia/Jakarta"}


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def later(today: date) -> date:
    return today + timedelta(days=40)


@pytest.fixture
def ministry_unit(db: None) -> Unit:
    return office("kementerian", "Kementerian", "KEMENTERIAN")


@pytest.fixture
def maya(kanwil: Unit, ministry_unit: Unit, login: Login) -> Client:
    """Return the browser of Maya of the ministry, above both regions; she has a second factor."""
    actions.change(kanwil, timezone.localdate(), today=timezone.localdate(), parent=ministry_unit)
    user = person("maya", "MINISTRY", ministry_unit)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return login(user)


@pytest.fixture
def kaltim(ministry_unit: Unit) -> Unit:
    return office("kaltim", "Kanwil Kaltim", "KANWIL", ministry_unit)


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def deeds() -> list[tuple[str, str, str]]:
    return [(one.deed, one.unit, one.about) for one in Event.objects.filter(kind="DEED").order_by("pk")]


def test_the_tree_shows_what_one_may_see(sambas: Unit, budi: User, maya: Client, login: Login) -> None:
    everything = text(maya.get("/unit/"))
    assert "3 unit" in everything
    assert "Kanim Sambas" in everything
    own = login(budi).get("/unit/")
    assert "1 unit" in text(own)
    assert [branch.version.name for branch in own.context["roots"]] == ["Kanim Sambas"]


def test_strangers_are_led_to_the_login(client: Client, sambas: Unit) -> None:
    for path in ("/unit/", "/unit/sambas/", "/unit/impor/", "/unit/ekspor/csv/"):
        assert client.get(path)["Location"].startswith("/masuk/")


@pytest.mark.parametrize("deed", ["ubah", "akhiri", "pecah", "layanan"])
def test_dewi_of_another_office_may_not(sambas: Unit, dewi: User, login: Login, deed: str) -> None:
    browser = login(dewi)
    assert browser.get("/unit/sambas/").status_code == 403
    assert browser.post(f"/unit/sambas/{deed}/", {"yakin": "1"}).status_code == 403
    for page in ("baru", "gabung", "impor"):
        assert browser.get(f"/unit/{page}/").status_code == 403


def test_a_list_is_searched_filtered_sorted_and_paged(maya: Client, kanwil: Unit) -> None:
    for number in range(60):
        unit = office(f"kanim-{number:02}", f"Kantor {number:02}", "KANIM", kanwil)
        actions.give_code(unit, "satker", f"4101{number:02}", date.min)
    found = maya.get("/unit/?jenis=KANIM&induk=kementerian&urut=-nama")
    assert "60 unit ditemukan" in text(found)
    assert [row.name for row in found.context["page"]][:2] == ["Kantor 59", "Kantor 58"]
    second = maya.get("/unit/?jenis=KANIM&urut=-nama&halaman=2")
    assert [row.name for row in second.context["page"]][-1] == "Kantor 00"
    assert len(second.context["page"]) == 10
    for words in ("kantor 07", "kanim-07", "410107"):
        assert [row.name for row in maya.get("/unit/", {"cari": words}).context["page"]] == ["Kantor 07"]
    assert "Tidak ada unit yang cocok" in text(maya.get("/unit/?cari=zzz"))
    assert maya.get("/unit/?urut=x&hari=kemarin&halaman=x").status_code == 200


def test_a_move_is_said_first_and_seen_from_its_day_on(
    maya: Client, sambas: Unit, kanwil: Unit, kaltim: Unit, today: date, later: date
) -> None:
    asked = {**STATE, "name": "Kanim Sambas", "parent": "kaltim", "on": later.isoformat()}
    page = maya.post("/unit/sambas/ubah/", asked)
    day = date_format(later, "j F Y")
    assert f"Mulai {day} Kanim Sambas berada di bawah Kanwil Kaltim." in text(page)
    assert "Hasil sebelum tanggal itu tetap milik Kanwil Kalbar." in text(page)
    assert line_above(sambas, later)[0] == kanwil.pk
    assert (
        maya.post("/unit/sambas/ubah/", {**asked, "kembali": "1"}).context["form"]["parent"].value()
        == "kaltim"
    )
    assert maya.post("/unit/sambas/ubah/", {**asked, "yakin": "1"})["Location"] == "/unit/sambas/"
    assert line_above(sambas, later)[0] == kaltim.pk
    assert line_above(sambas, today)[0] == kanwil.pk
    assert deeds() == [("change-unit", "sambas", f"{later} parent")]
    now, then = maya.get("/unit/sambas/"), maya.get(f"/unit/sambas/?hari={later}")
    assert [each.name for each in now.context["above"]] == ["Kementerian", "Kanwil Kalbar"]
    assert [each.name for each in then.context["above"]] == ["Kementerian", "Kanwil Kaltim"]
    assert "induk: Kanwil Kalbar → Kanwil Kaltim" in text(now)
    below = [[branch.version.name for branch in root.below] for root in maya.get("/unit/").context["roots"]]
    assert below == [["Kanwil Kalbar", "Kanwil Kaltim"]]
    table = maya.get(f"/unit/?induk=kaltim&hari={later}")
    assert [row.name for row in table.context["page"]] == ["Kanim Sambas"]
    assert maya.get("/unit/?induk=kaltim").context["form"].errors  # which has nothing below it yet


def test_what_cannot_be_is_refused_in_plain_words_before_it_is_confirmed(
    maya: Client, sambas: Unit, kanwil: Unit, today: date
) -> None:
    asked = {**STATE, "name": "Kanwil", "kind": "KANWIL", "on": today.isoformat(), "parent": "sambas"}
    assert "kanwil akan berada di bawah dirinya sendiri" in text(maya.post("/unit/kanwil/ubah/", asked))
    ended = maya.post("/unit/kanwil/akhiri/", {"on": today.isoformat()})
    assert ended.status_code == 400
    assert "Masih ada unit di bawah kanwil" in text(ended)
    past = maya.post("/unit/sambas/akhiri/", {"on": (today - timedelta(days=1)).isoformat()})
    assert "Tanggal ini sudah lewat" in text(past)
    same = {**STATE, "name": "Kanim Sambas", "parent": "kanwil", "on": today.isoformat()}
    assert "Tidak ada yang berubah dengan ini" in text(maya.post("/unit/sambas/ubah/", same))
    assert deeds() == []


def test_nobody_moves_a_unit_out_of_their_reach(
    sambas: Unit, kanwil: Unit, kaltim: Unit, login: Login
) -> None:
    user = person("rina", "ADMINISTRATOR", kanwil)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    asked = {**STATE, "name": "Kanim Sambas", "parent": "kaltim", "on": timezone.localdate().isoformat()}
    refused = login(user).post("/unit/sambas/ubah/", {**asked, "yakin": "1"})
    assert refused.status_code == 400
    assert line_above(sambas, timezone.localdate()) == [kanwil.pk]


def test_a_unit_begins_below_an_office(maya: Client, kanwil: Unit, later: date) -> None:
    asked = {
        **STATE,
        "slug": "kanim-baru",
        "name": "Kanim Baru",
        "parent": "kanwil",
        "satker": "410199",
        "services": "PASPOR=Paspor\nIZIN=Izin tinggal",
        "on": later.isoformat(),
    }
    page = maya.post("/unit/baru/", asked)
    assert "ada unit baru Kanim Baru (Kantor Imigrasi) di bawah Kanwil Kalbar" in text(page)
    assert not Unit.objects.filter(slug="kanim-baru").exists()
    assert maya.post("/unit/baru/", {**asked, "yakin": "1"}).status_code == 302
    unit = Unit.objects.get(slug="kanim-baru")
    assert version_of(unit, later - timedelta(days=1)) is None
    assert sorted(unit.services.values_list("code", flat=True)) == ["IZIN", "PASPOR"]
    assert maya.get("/unit/kanim-baru/").status_code == 200  # which it is before it begins, too
    again = maya.post("/unit/baru/", {**asked, "yakin": "1"})
    assert "Kode kanim-baru sudah dipakai unit lain" in text(again)
    for slug in ("impor", "Kanim Baru"):
        assert "Kode ini tidak dapat dipakai" in text(maya.post("/unit/baru/", {**asked, "slug": slug}))


def test_a_merger_and_a_split(maya: Client, sambas: Unit, lapas: Unit, kanwil: Unit, later: date) -> None:
    asked = {"units": "lapas", "into": "sambas", "on": later.isoformat()}
    assert "Kanim Sambas menggantikan Lapas Pontianak" in text(maya.post("/unit/gabung/", asked))
    assert "Tidak ada satu unit dengan kode zzz" in text(
        maya.post("/unit/gabung/", {**asked, "units": "zzz"})
    )
    maya.post("/unit/gabung/", {**asked, "yakin": "1"})
    assert lapas not in units_on(later)
    assert "Digantikan Kanim Sambas" in text(maya.get("/unit/lapas/"))
    parts = {"slug_1": "s-1", "name_1": "Satu", "short_name_1": "Satu", "keeps": "on"}
    parts |= {"slug_2": "s-2", "name_2": "Dua", "short_name_2": "Dua", "slug_3": "s-3"}
    day = (later + timedelta(days=1)).isoformat()
    assert "Isi ini juga" in text(maya.post("/unit/sambas/pecah/", {**parts, "on": day}))
    parts.pop("slug_3")
    assert "digantikan Satu, Dua" in text(maya.post("/unit/sambas/pecah/", {**parts, "on": day}))
    assert Unit.objects.filter(slug="s-1").count() == 0
    maya.post("/unit/sambas/pecah/", {**parts, "on": day, "yakin": "1"})
    heirs = Unit.objects.filter(slug__in=["s-1", "s-2"])
    assert {heir.pk for heir in heirs} == ids_below([kanwil.pk], later + timedelta(days=1))
    assert [service.code for heir in heirs for service in heir.services.all()] == ["PASPOR", "PASPOR"]
    assert [deed for deed, _, _ in deeds()] == ["merge-units", "split-unit"]


def test_the_operator_keeps_services_and_places(sambas: Unit, budi: User, login: Login, later: date) -> None:
    browser = login(budi)
    shown = browser.get("/unit/sambas/layanan/").context["form"]["services"].value()
    assert shown == "PASPOR=Paspor"
    asked = {"services": "IZIN=Izin tinggal", "places": "Mal Pelayanan|Jalan 1", "on": later.isoformat()}
    page = text(browser.post("/unit/sambas/layanan/", asked))
    assert "layanan baru: IZIN, Izin tinggal" in page
    assert "layanan ini tidak ada lagi: PASPOR, Paspor" in page
    assert sambas.services.count() == 1
    browser.post("/unit/sambas/layanan/", {**asked, "yakin": "1"})
    assert "Mal Pelayanan" in text(browser.get(f"/unit/sambas/?hari={later}"))
    wrong = text(browser.post("/unit/sambas/layanan/", {**asked, "services": "IZIN"}))
    assert "Layanan ini tidak lengkap" in wrong
    assert deeds() == [("edit-services", "sambas", str(later))]


def uploaded(browser: Client, content: bytes, name: str = "unit.csv") -> Any:
    return browser.post("/unit/impor/", {"file": SimpleUploadedFile(name, content)})


def hidden(response: Any) -> dict[str, str]:
    page = response.content.decode()
    return dict(re.findall(r'name="(content|fingerprint)" value="([^"]*)"', page))


def test_an_import_is_previewed_confirmed_and_noted_once(maya: Client, kanwil: Unit) -> None:
    rows = [row for row in ministry(80) if row[0] != "kementerian"]
    page = uploaded(maya, as_workbook(rows), "unit.xlsx")
    assert page.status_code == 200
    assert "79" in text(page)
    assert Unit.objects.count() == 2
    assert maya.post("/unit/impor/", {**hidden(page), "yakin": "1"})["Location"] == "/unit/"
    assert Unit.objects.count() == 81
    assert deeds() == [("import-units", "kementerian", "new 79, changed 0, unchanged 0")]
    assert "79 unit baru" in text(maya.get("/unit/"))


def test_what_was_exported_is_imported_without_a_change(maya: Client, sambas: Unit) -> None:
    before = load_tree()
    for form in ("csv", "xlsx"):
        exported = maya.get(f"/unit/ekspor/{form}/")
        page = uploaded(maya, exported.content, f"unit.{form}")
        assert "Tidak ada yang berubah" in text(page)
    assert load_tree() == before
    assert "sambas" not in maya.get("/unit/ekspor/csv/?jenis=KANWIL").content.decode()
    assert maya.get("/unit/ekspor/pdf/").status_code == 404


def test_a_file_with_faults_is_told_row_by_row_and_changes_nothing(maya: Client, sambas: Unit) -> None:
    content = as_csv(line("a", "kanwil", Jenis="KANTIN"), line("b", "zzz", Nama="=1+1"))
    page = uploaded(maya, content)
    assert page.status_code == 400
    assert "3 kesalahan di 2 baris" in text(page)
    assert "Jenis KANTIN Jenis ini tidak dikenal. Salah satu dari: KEMENTERIAN" in text(page)
    report = maya.post("/unit/impor/", {**hidden(page), "laporan": "1"}).content.decode()
    assert report.count("\r\n") == 4
    assert ",'=1+1," in report
    confirmed = maya.post("/unit/impor/", {**hidden(page), "yakin": "1"})
    assert confirmed.status_code == 400
    assert not Unit.objects.filter(slug__in=["a", "b"]).exists()


def test_a_tree_that_changed_meanwhile_is_previewed_again(maya: Client, sambas: Unit, kanwil: Unit) -> None:
    page = uploaded(maya, as_csv(line("sambas", "kanwil", Nama="Kanim Sambas Raya")))
    actions.change(sambas, timezone.localdate(), today=timezone.localdate(), name="Kanim Lain")
    again = maya.post("/unit/impor/", {**hidden(page), "yakin": "1"})
    assert "Susunan unit berubah sejak berkas ini diperiksa" in text(again)
    assert "Kanim Lain → Kanim Sambas Raya" in text(again)
    assert Unit.objects.get(slug="sambas").name == "Kanim Lain"
    maya.post("/unit/impor/", {**hidden(again), "yakin": "1"})
    assert Unit.objects.get(slug="sambas").name == "Kanim Sambas Raya"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04bad", b"x" * 1_000_001])
def test_a_file_that_is_none_is_refused_with_what_is_allowed(maya: Client, content: bytes) -> None:
    page = uploaded(maya, content)
    assert page.status_code == 400
    assert "CSV" in text(page) or "1 MB" in text(page)
    assert hidden(page) == {}


def test_a_confirmation_without_its_file_asks_for_it_again(maya: Client) -> None:
    for content in ("", "%%%"):
        assert maya.post("/unit/impor/", {"content": content, "yakin": "1"}).status_code == 400


def test_a_unit_that_begins_later_can_take_the_place_of_others_on_its_day(
    maya: Client, lapas: Unit, sambas: Unit, kanwil: Unit, later: date
) -> None:
    state = {"name": "Kantor Gabungan", "short_name": "Gabungan", "kind": "KANIM"}
    heir = actions.found(actions.Founding("gabungan", state, kanwil), later)
    asked = {"units": "lapas\nsambas", "into": "gabungan", "on": later.isoformat(), "yakin": "1"}
    assert maya.post("/unit/gabung/", asked)["Location"] == "/unit/gabungan/"
    assert ids_below([kanwil.pk], later) == {heir.pk}
    assert maya.get("/unit/gabungan/").status_code == 200


def test_what_is_planned_is_kept_in_mind(sambas: Unit, kanwil: Unit, today: date, later: date) -> None:
    other = office("lain", "Kantor Lain", "KANIM")
    actions.change(other, later, today=today, parent=sambas)
    with pytest.raises(actions.CannotReorganise, match="below itself"):  # from that day on
        actions.change(kanwil, today, today=today, parent=other)
    with pytest.raises(actions.CannotReorganise, match="has units below it"):
        actions.end(sambas, today, today=today)
    actions.change(other, later, today=today, parent=None)
    actions.end(sambas, later, today=today)
    for deed in ({"name": "Kanim Baru"}, {"grade": "I"}):
        with pytest.raises(actions.CannotReorganise, match="ends on"):
            actions.change(sambas, today, today=today, **deed)
    with pytest.raises(actions.CannotReorganise, match="ends on"):
        office("baru-1", "Kantor Baru", "KANIM", sambas)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "kapan", ""])
def test_a_day_that_cannot_be_is_refused(maya: Client, sambas: Unit, day: str) -> None:
    assert maya.post("/unit/sambas/akhiri/", {"on": day, "yakin": "1"}).status_code == 400
    assert maya.get("/unit/sambas/", {"hari": day}).status_code == 200
    assert maya.get("/unit/", {"hari": day}).status_code == 200
