"""What is printed can be archived and read aloud, and no letter is lost on the way to the paper."""

import io

import pytest
from pypdf import PdfReader

from tera.portal.invitations.printing import FONT, PRINT, CannotPrint, compile_pdf, letters, spell

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7h-7z"/></svg>'
POSTER = {
    "paper": "a4",
    "unit": "Kantor Imigrasi Kelas II TPI Sambas",
    "place": "Paspor · Loket 3",
    "link": "tera.example/s/sambas1",
    "url": "https://tera.example/s/sambas1?channel=QR",
    "last_day": "31 Desember 2026",
    "is_invented": False,
    "needs_ticket": False,
    "has_logo": False,
}


def test_a_template_and_data_give_a_pdf_for_archives_and_screen_readers() -> None:
    pdf = compile_pdf("poster", POSTER, {"qr": SQUARE})
    read = PdfReader(io.BytesIO(pdf))
    page = read.pages[0].extract_text()
    assert str(read.root_object["/Lang"]) == "id"
    assert read.metadata is not None
    assert read.metadata.title == "Bagaimana pelayanan kami? Kantor Imigrasi Kelas II TPI Sambas"
    assert "Kantor Imigrasi Kelas II TPI Sambas" in page
    assert "Paspor · Loket 3" in page
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf


def test_a_letter_that_the_font_lacks_is_shown_to_be_lacking() -> None:
    assert spell("Désa “Céré” – ≥ Ⅲ 漢 ✓") == "Désa “Céré” – ≥ III □ □"
    pdf = compile_pdf("poster", POSTER | {"unit": "Lapas Ⅲ 漢"}, {"qr": SQUARE})
    assert "Lapas III □" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_no_template_prints_a_letter_that_the_font_lacks() -> None:
    written = {path.name: {*path.read_text(encoding="utf-8")} - {"\n"} for path in PRINT.glob("*.typ")}
    assert {name: lacking for name, found in written.items() if (lacking := found - letters())} == {}


def test_typst_prints_every_letter_that_we_read_in_the_font() -> None:
    assert set("éèêâñåÉÈ–—“”’≥≤·…×°→№ \xa0") < letters()
    printed = "".join(letter for letter in letters() if letter.isprintable())
    assert compile_pdf("poster", POSTER | {"unit": printed}, {"qr": SQUARE})


def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(CannotPrint, match="unknown image format"):
        compile_pdf("poster", POSTER, {"qr": b"<html>"})
    with pytest.raises(CannotPrint, match="failed to decode image"):
        compile_pdf("poster", POSTER, {"qr": b"\x89PNG\r\n\x1a\n and no more"})


def test_the_fonts_come_with_their_licence() -> None:
    assert "SIL Open Font License" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
