"""The list of an office on paper: PDF and DOCX say the same, under its letterhead."""

import io
from collections.abc import Callable

from django.test import Client
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from tera.engine.nearness import Nearness
from tera.portal.accounts.models import User
from tera.portal.proposals.letters.actions import keep_texts
from tera.portal.proposals.letters.texts import texts_of
from tera.portal.proposals.listing.wording import STATES
from tera.portal.proposals.models import LetterKind
from tera.portal.proposals.standings.actions import refresh_due
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.periods import semester_of
from tera.portal.units.models import Unit
from tests.portal.proposing import BEST, JUST_BELOW, NOW, certified, people


def test_a_region_takes_its_list_to_a_meeting_on_paper(
    kanwil: Unit, sambas: Unit, lapas: Unit, login: Callable[[User], Client]
) -> None:
    certified(sambas, "s1", *BEST)
    certified(lapas, "l1", *JUST_BELOW)
    refresh_due()
    Campaign.objects.update(is_invented=True)
    who = people(sambas)
    texts = {**texts_of(kanwil, LetterKind.RECOMMENDATION), "letterhead": "KANWIL KALBAR\nPontianak"}
    keep_texts(kanwil, LetterKind.RECOMMENDATION, texts, by=who.regional_head, at=NOW)
    browser = login(who.verifier)
    pdf = browser.get("/usulan/daftar/kanwil/daftar.pdf", {"urut": "nama"})
    word = browser.get("/usulan/daftar/kanwil/daftar.docx", {"urut": "nama"})
    made = Document(io.BytesIO(word.content))
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    typed = " ".join(node.text or "" for node in made.element.iter(qn("w:t")))
    period = semester_of(NOW.date()).name
    pieces = [
        *("KANWIL KALBAR", f"Daftar unit untuk WBK, {period}", "PermenPANRB 10/2019", "Data contoh"),
        f"2 unit: 1 {STATES[Nearness.ELIGIBLE]}, 1 {STATES[Nearness.NEARLY]}.",
        *("Kanim Sambas", "Lapas Pontianak"),
        *("IPK kurang 0,01", "IPK 13,49", "87 responden", "Hanya hasil yang disahkan"),
    ]
    for text in (" ".join(printed.split()), " ".join(typed.split())):
        assert [piece for piece in pieces if piece not in text] == []
        assert text.index("Kanim Sambas") < text.index("Lapas Pontianak")
    assert "Kanwil Kalbar" in made.sections[0].footer.paragraphs[0].text
    assert pdf["Content-Disposition"].endswith('.pdf"')
    page = browser.get("/usulan/daftar/kanwil/").content.decode()
    assert ("daftar.pdf" in page, "daftar.docx" in page) == (True, True)
