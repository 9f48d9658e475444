"""A region verifies three surveys: one is mended, one loses answers, one is rejected; four offices sign."""

import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Demo
from tests.journeys.verifying import COMMITMENTS, OPEN_ALL, STAGES, Offices

SAMBAS, LAPAS, PONTIANAK = "tiga-sambas", "tiga-lapas", "tiga-pontianak"
UNITS = {"kanim-sambas": SAMBAS, "lapas-pontianak": LAPAS, "kanim-pontianak": PONTIANAK}
PARTS = {"ratna": "CHAIR", "irma": "OBSERVER", "hadi": "PRESENTER", "dewi": "PRESENTER"}
FINDING = "Banner QR tidak terlihat dari loket."


@pytest.fixture(scope="module")
def offices(demo: Demo, chrome: Browser) -> Offices:
    return Offices(demo, chrome)


@pytest.fixture(scope="module")
def desks(offices: Offices) -> dict[str, Page]:
    """Return a browser for each of four people of four offices."""
    return {name: offices.desk_of(name) for name in PARTS}


def text_of(paper: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


def test_from_closed_surveys_to_signed_minutes(offices: Offices, desks: dict[str, Page]) -> None:
    offices.close(UNITS)
    ratna, hadi = desks["ratna"], desks["hadi"]
    for code in UNITS.values():
        offices.check(ratna, code, "wilayah")
    offices.check(hadi, SAMBAS, "unit")
    propose(offices, desks)
    meeting = offices.plan(ratna, "Rapat verifikasi triwulan I", *UNITS.values())
    offices.convene(ratna, meeting, PARTS)
    look_through(offices, desks, meeting)
    decide(offices, ratna, meeting)
    offices.end(ratna, meeting)
    sign(offices, desks, meeting)
    mend(offices, hadi)
    again = offices.plan(ratna, "Rapat verifikasi susulan", SAMBAS)
    offices.convene(ratna, again, {"ratna": "CHAIR", "hadi": "PRESENTER"})
    offices.decide(ratna, offices.item(ratna, again, "Kanim Sambas"), "VERIFIED")
    offices.end(ratna, again)
    assert offices.ask(STAGES, CODES=list(UNITS.values())) == "VERIFIED VERIFIED REJECTED"
    look_at_paper(offices, ratna, meeting)


def propose(offices: Offices, desks: dict[str, Page]) -> None:
    """Let the region propose to take twelve answers off; the unit's own operator has no say."""
    ratna, dewi = desks["ratna"], desks["dewi"]
    names = offices.ask(COMMITMENTS, CODE=LAPAS).split()
    offices.go(ratna, f"/tinjauan/{LAPAS}/pengecualian/")
    ratna.locator("[name=lines]").fill("\n".join(names[:12]))
    ratna.locator("[name=reason]").select_option("STAFF")
    ratna.locator("form.card [name=note]").fill("Dijawab dari komputer ruang kepegawaian, kata auditor.")
    ratna.get_by_role("button", name="Usulkan").click()
    expect(ratna.get_by_role("status")).to_contain_text("12 jawaban ditemukan")
    offices.go(dewi, f"/tinjauan/{LAPAS}/pengecualian/")
    expect(dewi.locator("main")).to_contain_text("12 jawaban")
    expect(dewi.locator("main form")).to_have_count(0)


def look_through(offices: Offices, desks: dict[str, Page], meeting: str) -> None:
    """Confirm the exclusion, without which the survey cannot be verified; ask and note what is found."""
    ratna, irma = desks["ratna"], desks["irma"]
    offices.go(ratna, offices.item(ratna, meeting, "Lapas Pontianak"))
    expect(ratna.locator("#putusan [value=VERIFIED]")).to_be_disabled()
    offices.go(irma, f"/tinjauan/{LAPAS}/pengecualian/")
    irma.evaluate(OPEN_ALL)
    irma.locator("[name=answer]").fill("Daftar hadir pegawai cocok dengan hari pengisian.")
    irma.get_by_role("button", name="Setujui", exact=True).click()
    expect(irma.locator("main")).to_contain_text("Berlaku saat hasil disahkan.")
    offices.go(ratna, offices.item(ratna, meeting, "Kanim Sambas"))
    ratna.locator("#tanya [name=text]").last.fill("Berapa orang dilayani pada Februari?")
    ratna.get_by_role("button", name="Catat pertanyaan").click()
    expect(ratna.locator("#tanya")).to_contain_text("belum dijawab")
    ratna.locator("#temuan [name=finding]").fill(FINDING)
    ratna.get_by_role("button", name="Catat temuan").click()
    expect(ratna.locator("#temuan")).to_contain_text(FINDING)


def decide(offices: Offices, ratna: Page, meeting: str) -> None:
    for unit, decision, note, due_on in (
        ("Kanim Sambas", "RETURNED", "Pasang banner QR; jelaskan Februari.", "2030-12-31"),
        ("Lapas Pontianak", "VERIFIED_WITH_NOTES", "Pegawai tidak menjawab survei lagi.", ""),
        ("Kanim Pontianak", "REJECTED", "Survei tidak dilakukan pada pengguna layanan.", ""),
    ):
        offices.decide(ratna, offices.item(ratna, meeting, unit), decision, note, due_on)


def sign(offices: Offices, desks: dict[str, Page], meeting: str) -> None:
    """Let two sign for their offices, and two for their units, of which each reads its own part only."""
    for name in ("ratna", "irma"):
        offices.sign(desks[name], f"{meeting}berita-acara/")
    offices.sign(desks["hadi"], f"/tinjauan/{SAMBAS}/berita-acara/")
    offices.sign(desks["dewi"], f"/tinjauan/{LAPAS}/berita-acara/")
    dewi = desks["dewi"].request.get(f"{offices.demo.address}/tinjauan/{LAPAS}/berita-acara.pdf")
    assert "Pegawai tidak menjawab survei lagi." in text_of(dewi.body())
    assert FINDING not in text_of(dewi.body())


def mend(offices: Offices, hadi: Page) -> None:
    """Answer what was asked, and send the survey again."""
    offices.go(hadi, f"/tinjauan/{SAMBAS}/kirim-ulang/")
    hadi.get_by_role("link", name="Jawab pertanyaan").click()
    hadi.locator("main [name=text]").fill("312 orang, menurut register.")
    hadi.get_by_role("button", name="Kirim jawaban").click()
    offices.go(hadi, f"/tinjauan/{SAMBAS}/kirim-ulang/")
    hadi.locator("[name=mended]").fill("Banner dipasang di loket dan di pintu.")
    hadi.get_by_role("button", name="Kirim ulang").click()
    expect(hadi.get_by_role("button", name="Kirim ulang")).to_have_count(0)


def look_at_paper(offices: Offices, ratna: Page, meeting: str) -> None:
    """Read the paper with four signatures; whoever holds it checks it, and sees no more than is decided."""
    paper = ratna.request.get(f"{offices.demo.address}{meeting}berita-acara.pdf").body()
    people = [f"{name.capitalize()} (rekaan)" for name in PARTS]
    for said in ("Dikembalikan", "Ditolak", FINDING, "Inspektorat Jenderal", *people):
        assert said in text_of(paper)
    offices.go(ratna, f"{meeting}berita-acara/")
    check = ratna.get_by_role("link", name="Halaman pemeriksaan umum").get_attribute("href")
    citizen = offices.chrome.new_context(locale="id-ID").new_page()
    offices.go(citizen, check or "")
    expect(citizen.locator("main")).to_contain_text(re.compile("ditolak", re.IGNORECASE))
    expect(citizen.locator("main")).not_to_contain_text(FINDING)
