"""The list of an office: who can be put forward for a title, who nearly, and what the others lack."""

import io
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.workbook import Workbook
from pytest_django import Settings

from tera.engine.catalogue import get_rulebook
from tera.engine.explain import decimal_text
from tera.engine.proposal import Stage
from tera.portal.accounts.models import User
from tera.portal.proposals.listing.choosing import Asked, narrowed, ordered
from tera.portal.proposals.listing.drawing import bars_of, strip_text
from tera.portal.proposals.listing.saying import points_text
from tera.portal.proposals.models import Standing
from tera.portal.proposals.standings.actions import refresh_due
from tera.portal.results.models import Certification
from tera.portal.results.present import decimals_beside, thresholds
from tera.portal.surveys.periods import semester_of
from tera.portal.units.models import Unit
from tests.portal.conftest import office
from tests.portal.minuting import end, meet
from tests.portal.proposing import (
    BEST,
    JUST_BELOW,
    NEW_RULES,
    NOW,
    OLD_RULES,
    begun,
    certified,
    closed,
    people,
    take_off,
    walk,
)

Login = Callable[[User], Client]
PERIOD = semester_of(NOW.date()).name
ROW = re.compile(r'<tr role="row"><th role="rowheader".*?</tr>', re.DOTALL)


def page_of(client: Client, unit: Unit, **asked: str) -> str:
    reply = client.get(reverse("eligible", args=[unit.slug]), asked)
    assert reply.status_code == 200
    return reply.content.decode()


def rows_of(page: str) -> list[str]:
    """Return the rows as people read them."""
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in ROW.findall(page)]


def names_of(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row"><a [^>]*>([^<]*)</a>', page)


def table_in(book: Workbook, name: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the names of its columns."""
    head, *rows = [[cell.value for cell in row] for row in book[name]]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def four_units(kanwil: Unit, sambas: Unit, lapas: Unit) -> None:
    """Let one unit pass, one nearly, one not; one is not certified, and one has no survey."""
    certified(sambas, "sambas1", *BEST)
    certified(lapas, "lapas1", *[(4, 4)] * 52 + [(4, 3)] * 35)
    certified(office("bapas", "Bapas Ketapang", "BAPAS", kanwil), "bapas1", *[2] * 25)
    closed(office("rutan", "Rutan =Sanggau", "RUTAN", kanwil), "rutan1", *BEST)
    office("lpka", "LPKA Sungai Raya", "LPKA", kanwil)
    refresh_due()


def test_a_region_sees_who_passes_who_nearly_and_what_the_others_lack(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    four_units(kanwil, sambas, lapas)
    client = login(people(sambas).verifier)
    page = page_of(client, kanwil)
    passes, nearly, not_yet, *unknown = rows_of(page)
    assert passes.startswith("Kanim Sambas ✓ memenuhi syarat survei 40 responden IKM 20,00 IPK 15,00")
    assert nearly.startswith(
        "Lapas Pontianak ≈ hampir memenuhi syarat survei IPK kurang 0,01 87 responden IKM 20,00"
    )
    assert "IPK 13,49" in nearly
    assert not_yet.startswith(
        "Bapas Ketapang ✕ belum memenuhi syarat survei IPK kurang 6,00 · IKM kurang 6,00 · "
        "5 responden lagi 25 responden"
    )
    assert [row.split(" ? ")[1] for row in unknown] == [
        "belum dapat dinilai Belum ada survei untuk periode ini",
        "belum dapat dinilai Hasil belum disahkan",
    ]
    assert re.findall(r'<b class="num">(\d+)</b>', page) == ["1", "1", "1", "2"]
    assert 'aria-label="12 periode: memenuhi syarat survei 1, tanpa hasil 11"' in page
    assert "Sebaran IPK: WBK · WBBM 13,50 dicapai 1 unit" in page
    assert "Sebaran IKM: WBK 16,00 dicapai 2 unit; WBBM 18,00 dicapai 2 unit" in page
    assert "Menurut kantor" not in page  # there is one only


def test_a_list_is_narrowed_and_ordered_by_its_address(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    four_units(kanwil, sambas, lapas)
    client = login(people(sambas).verifier)

    def named(**asked: str) -> list[str]:
        return names_of(page_of(client, kanwil, **asked))

    assert named(keadaan="hampir") == ["Lapas Pontianak"]
    assert named(keadaan="memenuhi", predikat="wbbm") == ["Kanim Sambas"]
    assert named(jenis="BAPAS") == ["Bapas Ketapang"]
    assert named(cari="pontianak LAPAS") == ["Lapas Pontianak"]
    assert named(urut="nama")[:2] == ["Bapas Ketapang", "Kanim Sambas"]
    assert named(urut="-responden")[:3] == ["Lapas Pontianak", "Kanim Sambas", "Bapas Ketapang"]
    assert named(urut="korupsi")[:3] == ["Bapas Ketapang", "Lapas Pontianak", "Kanim Sambas"]
    assert named(urut="-kurang")[:3] == ["Bapas Ketapang", "Lapas Pontianak", "Kanim Sambas"]
    wrong = page_of(client, kanwil, keadaan="bagus", cari="sambas")
    assert names_of(wrong) == ["Kanim Sambas"]
    assert '<div class="problem" id="id_keadaan_error">' in wrong
    assert "Tidak ada unit yang cocok." in page_of(client, kanwil, cari="Jayapura")
    meeting = page_of(client, kanwil, rapat="1", keadaan="hampir")
    assert names_of(meeting) == ["Lapas Pontianak"]
    assert 'role="search"' not in meeting
    assert 'href="?rapat=1&amp;keadaan=hampir&amp;predikat=wbbm"' in meeting
    elsewhen = page_of(client, kanwil, periode="abc")
    assert f"Periode “abc” tidak ada dalam daftar ini; yang tampil ialah {PERIOD}." in elsewhen
    assert "id_periode_error" not in elsewhen


def test_the_ministry_sees_the_country_by_regions_and_rulebooks(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    who = people(sambas)
    kaltim = Unit.objects.get(slug="kaltim")
    bontang = office("bontang", "Kanim Bontang", "KANIM", kaltim)
    certified(sambas, "sambas1", *BEST)
    certified(bontang, "bontang1", *JUST_BELOW, zone=NEW_RULES)
    begun(certified(lapas, "lapas1", *BEST))
    refresh_due()
    ministry = login(who.ministry)
    top = Unit.objects.get(slug="kementerian")
    page = page_of(ministry, top)
    assert names_of(page) == ["Kanim Sambas", "Lapas Pontianak", "Kanim Bontang"]
    tiles = re.findall(r'<li><a class="card" href="([^"]*)"><b>([^<]*)</b>', page)
    assert [name for _, name in tiles] == ["Kanwil Kalbar", "Kanwil Kaltim"]
    assert names_of(page_of(ministry, top, wilayah="kaltim")) == ["Kanim Bontang"]
    assert "15,74 IPAK, dari 17,50" in rows_of(page)[2]
    assert "15,00 IPK, dari 15" in rows_of(page)[0]
    assert "IPK/IPAK" in page
    assert "Usulan: WBK: Disiapkan unit" in rows_of(page)[1]
    assert page.count('aria-label="Sebaran ') == 4
    for other in (who.elsewhere, who.operator):
        for address in ("eligible", "eligible-file"):
            assert login(other).get(reverse(address, args=["kanwil"])).status_code == 403
    assert names_of(page_of(login(who.elsewhere), kaltim)) == ["Kanim Bontang"]


def test_the_workbook_holds_the_same_list_with_exact_numbers(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    four_units(kanwil, sambas, lapas)
    reply = login(people(sambas).verifier).get(
        reverse("eligible-file", args=["kanwil"]), {"urut": "nama", "jenis": ""}
    )
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    listed, found = table_in(book, "Daftar"), table_in(book, "Syarat")
    assert [row["Unit"] for row in listed] == [
        *("Bapas Ketapang", "Kanim Sambas", "Lapas Pontianak", "LPKA Sungai Raya", "Rutan =Sanggau")
    ]
    nearly, exact = listed[2], Fraction(listed[2]["IPK tepat"])
    assert (nearly["IPK"], nearly["IPK dari"], nearly["Responden"]) == (13.4914, 15, 87)
    assert Fraction("13.49") < exact < Fraction("13.5")
    assert listed[4]["Yang masih kurang"] == "Hasil belum disahkan"
    assert [(one["Syarat"], one["Ambang"], one["Terpenuhi"]) for one in found[-3:]] == [
        *(("IPK", 13.5, "tidak"), ("IKM", 16, "ya"), ("Jumlah responden", 30, "ya"))
    ]
    assert Fraction(found[-3]["Kurang tepat"]) == Fraction("13.5") - exact
    assert found[-3]["Pasal"].startswith("PermenPANRB 10/2019, sebagaimana dikutip dalam laporan")
    about = {row[0].value: str(row[1].value) for row in book["Tentang"]}
    assert about["Kantor"] == kanwil.name
    assert about["Isi"].startswith("Hanya hasil yang sudah disahkan")
    assert about["Saringan"].startswith("tidak ada")
    assert (nearly["Periode"], nearly["Aturan"]) == (PERIOD, get_rulebook(OLD_RULES).title)
    assert (book["Daftar"].freeze_panes, book["Syarat"].auto_filter.ref) == ("C2", "A1:N10")
    assert [cell.number_format for cell in book["Daftar"][4]][-3:] == ["#,##0.00", "General", "#,##0"]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def test_a_workbook_says_what_it_leaves_out_and_speaks_the_language_of_the_page(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login, settings: Settings
) -> None:
    settings.IS_DEMO = True
    four_units(kanwil, sambas, lapas)
    client = login(people(sambas).verifier)
    address = reverse("eligible-file", args=["kanwil"])
    few = client.get(address, {"keadaan": "hampir", "cari": "lapas"})
    about = {row[0].value: row for row in openpyxl.load_workbook(io.BytesIO(few.content))["Tentang"]}
    assert about["Saringan"][1].value == "Keadaan: hampir memenuhi syarat survei; Nama memuat: lapas"
    assert about["Data contoh"][1].value == "Data contoh: semua angka rekaan."
    assert [cell.value for cell in about["Unit yang memenuhi syarat survei"][1:]] == [0, 1]
    assert [cell.value for cell in about["Semua unit"][1:]] == [1, 5]
    english = client.get(address, headers={"accept-language": "en"})
    book = openpyxl.load_workbook(io.BytesIO(english.content))
    article = [[cell.value for cell in row] for row in book.worksheets[1]][1][-1]
    assert str(article).startswith("PermenPANRB 10/2019, as quoted in the report of")


def test_a_result_that_changed_under_a_proposal_is_in_the_list(
    kanwil: Unit, sambas: Unit, login: Login
) -> None:
    campaign = certified(sambas, "sambas1", *[4] * 60)
    case = walk(begun(campaign, "wbbm"), Stage.PROPOSED)
    client = login(people(sambas).verifier)
    (before,) = rows_of(page_of(client, kanwil))  # also where WBK is chosen
    assert before.endswith("Usulan: WBBM: Diusulkan")
    take_off(campaign)
    refresh_due()
    page = page_of(client, kanwil)
    assert rows_of(page)[0].endswith("Usulan: WBBM: bertentangan dengan hasil sekarang")
    assert f'href="{reverse("proposal", args=[case.pk])}"><span class="chip no">WBBM' in page
    reply = client.get(reverse("eligible-file", args=["kanwil"]))
    listed = table_in(openpyxl.load_workbook(io.BytesIO(reply.content)), "Daftar")
    assert listed[0]["Usulan"] == "WBBM: Diusulkan, bertentangan dengan hasil sekarang"
    unit = client.get(reverse("eligibility", args=["sambas"])).content.decode()
    assert '<span class="chip no">bertentangan dengan hasil sekarang</span>' in unit
    assert "Undang unit untuk" not in unit  # to WBK, while WBBM is under way upon the same survey


def test_a_rejected_survey_keeps_nobody_waiting(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    certified(sambas, "sambas1", *BEST)
    chair = people(sambas).regional_head
    for unit in (sambas, lapas):
        rejected = closed(unit, f"{unit.slug}-2", *BEST)
        end(meet(kanwil, chair, [rejected], chair), chair, "REJECTED")
    refresh_due()
    page = page_of(login(people(sambas).verifier), kanwil)
    assert "ralat sedang dimasukkan" not in page
    certain, unknown = rows_of(page)
    assert certain.startswith("Kanim Sambas ✓ memenuhi syarat survei")
    assert "Survei periode ini ditolak dalam rapat verifikasi" in unknown


def test_nothing_is_shown_as_a_threshold_that_it_misses(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Login
) -> None:
    four_units(kanwil, sambas, lapas)
    client, missed = login(people(sambas).verifier), Fraction("13.499996")
    short_by = Fraction("13.5") - missed
    Standing.objects.filter(unit=lapas).update(
        measures={"ikm": "18", "ipk": str(missed)}, missing={"wbk": [["ipk", str(short_by)]], "wbbm": []}
    )
    assert points_text(missed, OLD_RULES, "ipk", "id") == "13,499996"
    (row,) = rows_of(page_of(client, kanwil, cari="lapas"))
    assert "IPK kurang 0,000004" in row
    assert "IPK 13,499996" in row
    reply = client.get(reverse("eligible-file", args=["kanwil"]), {"cari": "lapas"})
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    assert table_in(book, "Daftar")[0]["IPK"] == 13.499996


def test_what_was_certified_just_now_is_announced(kanwil: Unit, sambas: Unit, login: Login) -> None:
    client = login(people(sambas).verifier)
    assert "Belum ada survei untuk periode ini" in page_of(client, kanwil)
    certified(sambas, "sambas1", *BEST)
    assert "Hasil baru disahkan; segera masuk daftar ini" in page_of(client, kanwil)
    refresh_due()
    Certification.objects.update(number=2)  # as a correction leaves it
    page = page_of(client, kanwil)
    assert "ralat sedang dimasukkan" in page
    assert "1 unit punya hasil atau ralat yang baru disahkan" in page


@pytest.mark.parametrize("measure", ["ipk", "ikm"])
def test_numbers_of_a_list_are_those_of_every_other_page(measure: str) -> None:
    asked = [limit for _, limit in thresholds(get_rulebook(OLD_RULES), measure)]
    for part in range(1, 400):
        for value in (Fraction(part, 19), 18 - Fraction(1, 7**part), 16 - Fraction(1, part * 1000)):
            usual = decimal_text(value, decimals_beside(value, asked), "id")
            assert points_text(value, OLD_RULES, measure, "id") == usual


def test_a_period_without_results_is_not_one_with_nobody() -> None:
    bars = bars_of([("Semester I 2025", 0, 0), ("Semester II 2025", 0, 4), ("Semester I 2026", 3, 4)])
    assert [bar.says for bar in bars] == ["–", "0", "3"]


def test_a_strip_says_in_words_where_a_unit_went() -> None:
    states = ("", "NOT", "NEARLY", "NOT_ASSESSABLE", "ELIGIBLE")
    assert strip_text(states) == (
        "5 periode: memenuhi syarat survei 1, hampir memenuhi syarat survei 1, "
        "belum memenuhi syarat survei 1, belum dapat dinilai 1, tanpa hasil 1, terakhir naik"
    )
    assert strip_text(("ELIGIBLE", "NOT")).endswith("terakhir turun")
    assert ordered(narrowed([], Asked(PERIOD)), Asked(PERIOD)) == []
