"""An office writes letters: its own texts, the register, PDF and DOCX of the same words, what is refused."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape
from docx import Document
from docx.document import Document as Made
from docx.oxml.ns import qn
from pypdf import PdfReader

from tera.engine.proposal import Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.invitations.models import Logo
from tera.portal.proposals.cases.actions import act
from tera.portal.proposals.cases.scoring import give_opinion
from tera.portal.proposals.letters import actions, checking
from tera.portal.proposals.letters.choosing import candidates, kind_to_write
from tera.portal.proposals.letters.document import Draft, decode
from tera.portal.proposals.letters.paper import print_letter
from tera.portal.proposals.letters.queries import next_number
from tera.portal.proposals.letters.refusing import CannotWrite
from tera.portal.proposals.letters.texts import texts_of
from tera.portal.proposals.letters.word import word_letter
from tera.portal.proposals.models import Case, Letter, LetterKind, Template
from tera.portal.proposals.queries import letter_to_send
from tera.portal.units.models import Unit
from tests.portal.pictures import png
from tests.portal.proposing import BEST, NOW, TODAY, begun, certified, people, take_off, walk

RECOMMENDATION = LetterKind.RECOMMENDATION
WRITE, TEXTS = "/usulan/surat/kanwil/tulis/RECOMMENDATION/", "/usulan/surat/kanwil/naskah/RECOMMENDATION/"
SIGNED = {"place": "Jakarta", "signatory_title": "Sekretaris Jenderal,", "signatory_name": "Maya Sari"}
HOSTILE = 'Biro #strong[Hukum] </w:t> & $x$ "*Hak*" \\link'
OWN = {
    "letterhead": "KEMENTERIAN CONTOH\nKANWIL KALBAR\nJalan Kepodang 5, Pontianak",
    "pattern": "W16-{nomor}.PAS/{bulan_romawi}/{tahun}",
    "place": "Pontianak",
    "addressee": "Sekretaris Jenderal\ndi Jakarta",
    "subject": "Rekomendasi {jumlah} satuan kerja menuju {predikat}",
    "opening": "Hasil {periode} sudah disahkan.\n\nKami, {kantor}, merekomendasikan unit dalam lampiran.",
    "closing": "Demikian & terima kasih <tulus>.",
    "signatory_title": "Kepala Kantor Wilayah,",
    "signatory_name": "Wati Rahayu, S.H.",
    "signatory_nip": "19700101 199503 2 001",
    "copies": "Inspektur Jenderal\nKepala Biro Perencanaan",
    "attachment": "Daftar unit yang direkomendasikan",
}
Login = Callable[[User], Client]


def recommended(unit: Unit, code: str) -> Case:
    return walk(begun(certified(unit, code, *BEST)), Stage.RECOMMENDED)


def posted(office: Unit, *cases: Case, **more: str) -> dict[str, str | list[str]]:
    """Return what the form of a letter sends as it stands at first."""
    texts = texts_of(office, RECOMMENDATION)
    first = {name: texts[name] for name in ("addressee", "subject", "opening", "closing")}
    number = str(Letter.objects.filter(office=office).count() + 1)
    chosen = [str(case.pk) for case in cases]
    return {"case": chosen, "dated_on": TODAY.isoformat(), "number": number, **first, **more}


def written(office: Unit, kind: LetterKind, case: Case, by: User) -> Letter:
    """Let an office write a letter about one proposal, as its texts have it."""
    draft = Draft(office, kind, TODAY, texts_of(office, kind), "https://tera.example")
    wish = actions.Wish({case.pk}, next_number(office, TODAY.year))
    return actions.write(draft, wish, by=by, at=NOW)


def paper_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def said_in(made: Made) -> str:
    """Return all that a DOCX says: paragraphs, cells and links."""
    return " ".join("".join(node.text or "" for node in made.element.iter(qn("w:t"))).split())


def test_an_office_writes_its_own_texts_and_a_letter_for_two_units(
    sambas: Unit, lapas: Unit, login: Login
) -> None:
    cases = [recommended(sambas, "s1"), recommended(lapas, "l1")]
    kanwil, head = Unit.objects.get(slug="kanwil"), people(sambas).regional_head
    browser = login(head)
    assert "Lengkapi naskah" in browser.get(WRITE).content.decode()  # place and signatory are not written
    shown = browser.post(TEXTS, {**OWN, "deed": "preview"})
    assert "RANCANGAN" in paper_of(shown.content)
    assert not Template.objects.exists()
    logo = io.BytesIO(png())
    logo.name = "logo.png"
    assert browser.post(TEXTS, {"deed": "logo", "picture": logo})["Location"].endswith("?logo")
    assert browser.post(TEXTS, {**OWN, "deed": "keep"})["Location"].endswith("?tersimpan")
    draft = browser.post(WRITE, posted(kanwil, *cases, deed="preview"))
    assert "2 (dua) satuan kerja menuju WBK" in paper_of(draft.content)
    assert not Letter.objects.exists()
    reply = browser.post(WRITE, posted(kanwil, *cases, deed="write", addressee=HOSTILE))
    letter = Letter.objects.get()
    assert reply["Location"] == f"/usulan/surat/lihat/{letter.pk}/?tertulis"
    assert re.fullmatch(rf"W16-1\.PAS/[IVX]+/{TODAY.year}", letter.named)
    Logo.objects.all().delete()  # the letter keeps the one that it had
    pdf = browser.get(f"/usulan/surat/lihat/{letter.pk}/surat.pdf")
    word = browser.get(f"/usulan/surat/lihat/{letter.pk}/surat.docx")
    made = Document(io.BytesIO(word.content))
    pieces = [
        *("KANWIL KALBAR", letter.named, "Wati Rahayu, S.H.", "Inspektur Jenderal", HOSTILE),
        "Demikian & terima kasih <tulus>.",
        *("Kami, Kanwil Kalbar, merekomendasikan", "Kanim Sambas", "Lapas Pontianak", "Direkomendasikan"),
        *("Rekomendasi 2 (dua) satuan kerja menuju WBK", "certified/s1/1", "Berita acara kanwil nomor 1"),
        "menurut unit; kantor wilayah tidak memberi nilai sendiri: Nilai total 100,00 (≥ 75,00).",
        *("IPK (maks. 15)", "≥ 13,50", "≥ 16,00", "≥ 30", "Kanwil Kalbar"),
        *("testserver/hasil/l1/", letter.sha256, "syarat survei terpenuhi"),
    ]
    for text in (paper_of(pdf.content), said_in(made)):
        assert [piece for piece in pieces if piece not in text] == []
    assert len(PdfReader(io.BytesIO(pdf.content)).pages[0].images) == 1
    assert made.core_properties.language == "id-ID"
    assert letter.named in made.core_properties.title
    assert "Kanwil Kalbar" in made.sections[0].footer.paragraphs[0].text
    assert [row.cells[1].paragraphs[0].text for row in made.tables[-1].rows][1::2] == [
        "Kanim Sambas",
        "Lapas Pontianak",
    ]
    assert made.tables[-1].rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None
    again = browser.get(f"/usulan/surat/lihat/{letter.pk}/surat.docx")
    assert (again.content, list(checking.faults())) == (word.content, [])
    page = browser.get(f"/usulan/surat/lihat/{letter.pk}/").content.decode()
    assert escape(HOSTILE) in page


def test_numbers_count_up_by_office_and_year_and_a_voided_letter_keeps_its_own(
    sambas: Unit, lapas: Unit, login: Login
) -> None:
    mine, other = recommended(sambas, "s1"), recommended(lapas, "l1")
    kanwil, who = Unit.objects.get(slug="kanwil"), people(sambas)
    actions.keep_texts(kanwil, RECOMMENDATION, OWN, by=who.regional_head, at=NOW)
    browser = login(who.regional_head)
    skipped = browser.post(WRITE, posted(kanwil, mine, number="4", closing="Tulisan saya."))
    assert skipped.status_code == 400
    page = skipped.content.decode()
    assert "Nomor berikutnya 1" in page
    assert "Tulisan saya." in page
    browser.post(WRITE, posted(kanwil, mine, number="4", skips="on"))
    first = Letter.objects.get(number=4)
    taken = browser.post(WRITE, posted(kanwil, other, number="4"))
    assert "Nomor berikutnya: 5" in taken.content.decode()
    twice = browser.post(WRITE, posted(kanwil, mine, number="5"))
    assert "sudah disebut dalam surat lain" in twice.content.decode()
    early = browser.post(WRITE, posted(kanwil, other, number="5", dated_on="2020-01-01", skips="on"))
    assert early.status_code == 400
    void = f"/usulan/surat/lihat/{first.pk}/batal/"
    assert browser.post(void, {"reason": " "}).status_code == 400
    assert browser.post(void, {"reason": "Salah tujuan."}).status_code == 302
    assert browser.post(void, {"reason": "Sekali lagi."}).status_code == 400
    browser.post(WRITE, posted(kanwil, mine, other, number="5"))
    assert Letter.objects.get(number=5).listed.count() == 2
    register = browser.get("/usulan/surat/kanwil/").content.decode()
    assert register.count("dibatalkan") == 2 - 1 + register.count("yang keliru dibatalkan")
    assert "Rekomendasi 1 (satu) satuan kerja menuju WBK" in register
    assert "Kepada: Sekretaris Jenderal, di Jakarta" in register
    pdf = browser.get(f"/usulan/surat/lihat/{first.pk}/surat.pdf")
    word = browser.get(f"/usulan/surat/lihat/{first.pk}/surat.docx")
    assert "DIBATALKAN" in paper_of(pdf.content)
    assert [reply["Content-Disposition"].partition("-4-")[2] for reply in (pdf, word)] == [
        'batal.pdf"',
        'batal.docx"',
    ]
    header = Document(io.BytesIO(word.content)).sections[0].header
    assert header.paragraphs[0].text == "DIBATALKAN"
    assert list(checking.faults()) == []
    # Whoever changes a letter in the database is found out.
    Letter.objects.filter(pk=first.pk).update(named="W16-9.PAS/I/2026")
    Letter.objects.filter(number=5).update(document=first.document)
    assert ["register says something else" in fault or "sha256" in fault for fault in checking.faults()] == [
        True,
        True,
    ]


def test_nobody_else_writes_for_an_office_and_whoever_oversees_its_units_reads(
    sambas: Unit, login: Login
) -> None:
    kanwil, who, case = Unit.objects.get(slug="kanwil"), people(sambas), recommended(sambas, "s1")
    actions.keep_texts(kanwil, RECOMMENDATION, OWN, by=who.regional_head, at=NOW)
    first = written(kanwil, RECOMMENDATION, case, who.regional_head)
    void = f"/usulan/surat/lihat/{first.pk}/batal/"
    stranger, ministry = login(who.elsewhere), login(who.ministry)
    for address in (WRITE, TEXTS, "/usulan/surat/kanwil/", f"/usulan/surat/lihat/{first.pk}/surat.pdf"):
        assert stranger.get(address).status_code == 403
    assert stranger.post(void, {"reason": "Saya mau."}).status_code == 403
    assert ministry.get("/usulan/surat/kanwil/").status_code == 200
    assert ministry.post(WRITE, posted(kanwil, case, number="6")).status_code == 403
    assert ministry.post(TEXTS, {**OWN, "deed": "keep"}).status_code == 403
    # Whoever inspects a unit from elsewhere reads the letters of all offices above it, and writes none.
    ida, itjen = User.objects.create_user("ida"), Unit.objects.get(slug="itjen")
    Assignment.objects.create(user=ida, role="INSPECTORATE", unit=sambas, office=itjen)
    inspector = login(ida)
    for address in (
        "/usulan/surat/kementerian/",
        "/usulan/surat/kanwil/",
        f"/usulan/surat/lihat/{first.pk}/",
    ):
        assert inspector.get(address).status_code == 200
    assert inspector.get("/usulan/surat/kaltim/").status_code == 403
    assert inspector.get(WRITE).status_code == inspector.post(void, {"reason": "Saya."}).status_code == 403


def test_a_corrected_result_keeps_a_proposal_out_of_letters_until_it_is_decided_again(
    sambas: Unit, login: Login, folder: Path
) -> None:
    campaign = certified(sambas, "s1", *[(4, 4)] * 50, *[(4, 3)] * 14)
    case, who = walk(begun(campaign), Stage.PROPOSED), people(sambas)
    top, browser = Unit.objects.get(slug="kementerian"), login(who.ministry)
    for kind in LetterKind:
        actions.keep_texts(top, kind, {**texts_of(top, kind), **SIGNED}, by=who.ministry, at=NOW)
    assert candidates(top, LetterKind.CORRECTION) == []
    assert kind_to_write(case, top) == LetterKind.PROPOSAL
    first = written(top, LetterKind.PROPOSAL, case, who.ministry)
    assert "mengusulkan 1 (satu) satuan kerja" in paper_of(print_letter(first))
    act(case, "send", by=who.ministry, at=NOW)  # which asks for the letter
    take_off(campaign, 12)
    give_opinion(case, is_for=True, reason="Tetap baik.", by=who.inspector, at=NOW)
    act(case, "uphold", by=who.second_ministry, at=NOW, note="Tetap tercapai.")
    case = Case.objects.get(pk=case.pk)
    assert candidates(top, LetterKind.PROPOSAL) == []
    assert kind_to_write(case, top) == LetterKind.CORRECTION
    second = written(top, LetterKind.CORRECTION, case, who.ministry)
    unit = decode(second.document)["units"][0]
    assert (unit["n"], unit["n_was"], unit["earlier"]["named"]) == (52, 64, first.named)
    assert (unit["results"], unit["statement"]) == (["certified/s1/2"], "proposed/sambas/2")
    for text in (paper_of(print_letter(second)), said_in(Document(io.BytesIO(word_letter(second))))):
        assert "semula 64" in text
        assert "Usulan dipertahankan" in text
        assert f"Ralat atas surat {first.named}" in text
        assert "Alasan: Tetap tercapai." in text
        assert "ralat: buku besar corrected/2" in text
    assert kind_to_write(case, top) is None
    take_off(campaign, 10, "Sekali lagi.")
    actions.void(second, "Hasilnya dikoreksi lagi.", by=who.ministry, at=NOW)
    page = browser.get(f"/usulan/surat/kementerian/tulis/{LetterKind.CORRECTION}/").content.decode()
    assert "bertentangan dengan hasil sekarang" in page
    with pytest.raises(CannotWrite, match="conflict"):
        written(top, LetterKind.CORRECTION, case, who.ministry)
    act(case, "revoke", by=who.ministry, at=NOW, note="Dua kali dikoreksi.")
    last = written(top, LetterKind.CORRECTION, case, who.ministry)
    said = paper_of(print_letter(last))
    assert "Usulan dicabut Alasan: Dua kali dikoreksi." in said
    assert "4 dari 4 syarat terpenuhi" not in said
    assert "semula 64" in said  # of the letter before, that was not voided
    assert [one.number for one in Letter.objects.order_by("pk")] == [1, 2, 3]
    assert list(checking.faults()) == []


def test_a_letter_that_was_sent_is_not_voided_and_one_that_is_missing_is_written_later(
    sambas: Unit, login: Login
) -> None:
    case, who = walk(begun(certified(sambas, "s1", *BEST)), Stage.PROPOSED), people(sambas)
    top, kanwil = Unit.objects.get(slug="kementerian"), Unit.objects.get(slug="kanwil")
    for office, by in ((top, who.ministry), (kanwil, who.regional_head)):
        actions.keep_texts(office, RECOMMENDATION, OWN, by=by, at=NOW)
    # What the office wrote once stands in its other letters too, and the text of each kind is its own.
    texts = texts_of(top, LetterKind.PROPOSAL)
    assert (texts["place"], texts["signatory_nip"]) == ("Pontianak", OWN["signatory_nip"])
    assert texts["subject"] != OWN["subject"]
    # The region writes its recommendation also after the ministry decided.
    assert kind_to_write(case, kanwil) == RECOMMENDATION
    assert "Direkomendasikan" in paper_of(
        print_letter(written(kanwil, RECOMMENDATION, case, who.regional_head))
    )
    assert kind_to_write(case, kanwil) is None
    by_mistake = written(top, LetterKind.PROPOSAL, case, who.ministry)
    actions.void(by_mistake, "Salah tanggal.", by=who.ministry, at=NOW)
    letter = written(top, LetterKind.PROPOSAL, case, who.ministry)
    act(case, "send", by=who.ministry, at=NOW)
    browser, page = login(who.ministry), f"/usulan/surat/lihat/{letter.pk}/"
    assert "Batalkan surat ini" not in browser.get(page).content.decode()
    refused = browser.post(f"{page}batal/", {"reason": "Salah."})
    assert (refused.status_code, "tidak dapat dibatalkan" in refused.content.decode()) == (400, True)
    # One that is voided all the same, as an older program let it be, is replaced.
    Letter.objects.filter(pk=letter.pk).update(voided_at=NOW, voided_by=who.ministry, void_note="Keliru.")
    case = Case.objects.get(pk=case.pk)
    assert (letter_to_send(case), kind_to_write(case, top)) == (None, LetterKind.PROPOSAL)
    again = written(top, LetterKind.PROPOSAL, case, who.ministry)
    assert (letter_to_send(case), kind_to_write(case, top)) == (again, None)
    assert candidates(top, LetterKind.PROPOSAL) == []


def test_letterhead_place_and_signatory_are_typed_once_for_all_kinds(sambas: Unit, login: Login) -> None:
    who, top = people(sambas), Unit.objects.get(slug="kementerian")
    for kind in LetterKind:
        actions.keep_texts(top, kind, {**texts_of(top, kind), **SIGNED}, by=who.ministry, at=NOW)
    page, browser = "/usulan/surat/kementerian/naskah/PROPOSAL/", login(who.ministry)
    assert "Contoh: Sekretaris Jenderal," in browser.get(page).content.decode()
    moved = {**texts_of(top, LetterKind.PROPOSAL), "place": "Nusantara", "deed": "keep"}
    browser.post(page, moved)
    assert texts_of(top, LetterKind.CORRECTION)["place"] == "Jakarta"
    browser.post(page, {**moved, "for_all": "on"})
    own = texts_of(top, LetterKind.CORRECTION)
    assert (own["place"], own["subject"][:5]) == ("Nusantara", "Ralat")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("pattern", "{nomor}/{kota}/{tahun}", "{bulan_romawi}"),
        ("pattern", "W16/{tahun}", "harus memuat {nomor}, {tahun}"),
        ("subject", "Usulan {unit.parent}", "{predikat}"),
        ("opening", "Kurung } sendirian", "Tidak dikenal"),
        ("closing", "Terbalik \u202enatabmep", "U+202E"),
        ("place", "Ponti\x00anak", "tidak"),
        ("place", "{tahun}", "tidak terisi sendiri di sini"),
        ("pattern", "<b>{nomor}</b>/{tahun}", "hanya boleh memuat huruf"),
        ("pattern", "{nomor}../{tahun}", "hanya boleh memuat huruf"),
        ("signatory_nip", "NIP 1970", "angka dan spasi"),
        ("letterhead", "\n".join("ABCDEF"), "Paling banyak 5 baris"),
        ("addressee", "A" * 61, "Satu kata paling panjang 60 huruf"),
    ],
)
def test_a_text_that_cannot_be_printed_is_refused_and_stays_as_it_was_typed(
    ratna: User, login: Login, field: str, text: str, said: str
) -> None:
    reply = login(ratna).post(TEXTS, {**OWN, field: text, "deed": "keep"})
    page = reply.content.decode()
    assert reply.status_code == 400
    assert said in page
    assert "Wati Rahayu, S.H." in page
    assert escape(text.replace("\x00", "")) in page.replace("\x00", "")
    assert not Template.objects.exists()
