"""A unit is put forward by itself, its region and the ministry; then its result is corrected."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Demo
from tests.journeys.proposing import CERTIFY, PERIOD, Proposal, begin, write_letter
from tests.journeys.verifying import COMMITMENTS, OPEN_ALL, Offices

CODE = "usul-sambas"
PEOPLE = ("hadi", "wati", "ratna", "irma", "mira")
REASON = "Dua belas jawaban dari komputer pegawai tidak dihitung."


@pytest.fixture(scope="module")
def offices(demo: Demo, chrome: Browser) -> Offices:
    return Offices(demo, chrome)


def words_of(pdf: bytes, docx: bytes) -> tuple[str, str]:
    """Return what stands in the PDF and in the DOCX of a letter."""
    paper = Document(io.BytesIO(docx))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    written = "\n".join([*(each.text for each in paper.paragraphs), *cells])
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages), written


def test_from_a_unit_to_the_letter_and_back_when_its_result_is_corrected(offices: Offices) -> None:
    offices.ask(CERTIFY, PERIOD=PERIOD, CODE=CODE)
    desks = {name: offices.desk_of(name) for name in PEOPLE}
    case = begin(offices, desks["hadi"], "WBK")
    case.score(desks["hadi"], "unit", "81,5", with_file=True)
    case.act(desks["hadi"], "submit")
    case.act(desks["wati"], "recommend", "Mekanisme dan data sudah diperiksa dalam rapat.")
    for paper in words_of(*write_letter(offices, desks["wati"], "kanwil-kalbar", "RECOMMENDATION")):
        assert "Kantor Imigrasi Kelas II TPI Sambas" in paper
    decide(case, desks)
    send(offices, case, desks["mira"])
    public = announce(offices, case, desks["mira"])
    correct(offices, desks)
    answer(offices, case, desks, public)


def decide(case: Proposal, desks: dict[str, Page]) -> None:
    """Let inspectorate and ministry score for themselves; a total that is too low stops it, and says so."""
    irma, mira = desks["irma"], desks["mira"]
    case.score(irma, "inspectorate", "79,2")
    give_opinion(case, irma)
    case.score(mira, "ministry", "74,99")
    case.offices.go(mira, case.address)
    expect(mira.locator("button[value=propose]")).to_have_count(0)
    expect(mira.locator("#langkah")).to_contain_text(
        "Menurut nilai kementerian, belum semua syarat terpenuhi."
    )
    case.score(mira, "ministry", "78,4")
    case.act(mira, "propose", "Semua syarat terpenuhi menurut dua penilai.")


def give_opinion(case: Proposal, irma: Page) -> None:
    case.offices.go(irma, case.address)
    irma.locator("[name=stand][value='1']").check()
    irma.locator("#opinion-reason").fill("Tidak ada temuan terbuka.")
    irma.get_by_role("button", name="Simpan pendapat").click()
    expect(irma.get_by_role("status")).to_be_visible()


def send(offices: Offices, case: Proposal, mira: Page) -> None:
    """Write to the national team, and only then note that it was sent."""
    offices.go(mira, case.address)
    expect(mira.locator("button[value=send]")).to_have_count(0)
    for paper in words_of(*write_letter(offices, mira, "kemenimipas", "PROPOSAL")):
        assert "Kantor Imigrasi Kelas II TPI Sambas" in paper
        assert "Tim Penilai" in paper
    case.act(mira, "send")
    assert case.stage(mira) == "Dikirim ke tim nasional"


def announce(offices: Offices, case: Proposal, mira: Page) -> str:
    """Publish the decision; a citizen reads its numbers, and no score of another office."""
    offices.go(mira, case.address)
    mira.evaluate(OPEN_ALL)
    mira.get_by_role("button", name="Ya, umumkan").click()
    link = mira.get_by_role("link", name="Halaman publik putusan ini").get_attribute("href")
    assert link is not None
    citizen = offices.chrome.new_context(locale="id-ID").new_page()
    offices.go(citizen, link)
    expect(citizen.locator("main")).to_contain_text("78,4")
    expect(citizen.locator("main")).not_to_contain_text("79,2")
    return link


def correct(offices: Offices, desks: dict[str, Page]) -> None:
    """Let two offices exclude twelve answers of the certified result, and the region correct it."""
    ratna, irma = desks["ratna"], desks["irma"]
    names = offices.ask(COMMITMENTS, CODE=CODE).split()
    offices.go(ratna, f"/tinjauan/{CODE}/pengecualian/")
    ratna.locator("[name=lines]").fill("\n".join(names[:12]))
    ratna.locator("[name=reason]").select_option("STAFF")
    ratna.locator("form.card [name=note]").fill("Dijawab dari komputer ruang kepegawaian, kata auditor.")
    ratna.get_by_role("button", name="Usulkan").click()
    expect(ratna.get_by_role("status")).to_contain_text("12 jawaban ditemukan")
    offices.go(irma, f"/tinjauan/{CODE}/pengecualian/")
    irma.evaluate(OPEN_ALL)
    irma.locator("[name=answer]").fill("Daftar hadir pegawai cocok dengan hari pengisian.")
    irma.get_by_role("button", name="Setujui", exact=True).click()
    offices.go(ratna, f"/laporan/{CODE}/")
    ratna.get_by_role("link", name="Koreksi hasil").click()
    ratna.locator("main [name=reason]").fill(REASON)
    ratna.locator("main form button").click()
    expect(ratna.locator("main")).to_contain_text(REASON)


def answer(offices: Offices, case: Proposal, desks: dict[str, Page], public: str) -> None:
    """See the conflict on every page, and decide again: the ledger names what does not hold any more."""
    irma, mira = desks["irma"], desks["mira"]
    offices.go(mira, "/survei/")
    expect(mira.locator(".waiting")).to_contain_text("berubah setelah usulan WBK: putuskan lagi")
    offices.go(mira, case.address)
    expect(mira.locator("main")).to_contain_text("Bertentangan dengan hasil sekarang")
    expect(mira.locator("button[value=grant], button[value=uphold]")).to_have_count(0)
    give_opinion(case, irma)
    case.act(mira, "uphold", "Semua syarat tetap terpenuhi sesudah koreksi.")
    assert case.stage(mira) == "Diusulkan"
    for paper in words_of(*write_letter(offices, mira, "kemenimipas", "CORRECTION")):
        assert re.search("ralat", paper, re.IGNORECASE)
    case.act(mira, "send")
    citizen = offices.chrome.new_context(locale="id-ID").new_page()
    offices.go(citizen, public)
    expect(citizen.locator("main")).to_contain_text("corrected/")
