"""Each layer gives values of its own with evidence: what may be typed and handed in, and until when."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tera.engine.eligibility import BadValue
from tera.engine.proposal import Stage
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event
from tera.portal.proposals.cases.actions import act
from tera.portal.proposals.cases.checking import faults
from tera.portal.proposals.cases.evidence import MOST_BYTES, BadFile, Fault, File, keep_evidence
from tera.portal.proposals.cases.open import CannotScore
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.models import Case, Evidence, Opinion, Score
from tera.portal.proposals.queries import scores_of
from tera.portal.review.models.checks import Layer
from tera.portal.units.models import Unit
from tests.portal.proposing import (
    BEST,
    JUST_BELOW,
    NEW_RULES,
    NOW,
    PDF,
    People,
    begun,
    certified,
    people,
    score,
    take_off,
    walk,
)

Login = Callable[[User], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def case(sambas: Unit) -> Case:
    """Return a proposal of Sambas that has just begun, under the rules of 2024."""
    return begun(certified(sambas, "sambas-1", *BEST, zone=NEW_RULES))


@pytest.fixture
def who(case: Case) -> People:
    return people(case.unit)


def office_file(part: str, *, types: bool = True) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        if types:
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return written.getvalue()


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return an archive in which somebody wrote something else over what its directory says."""
    place = content.index(old, content.index(b"PK\x01\x02"))
    return content[:place] + new + content[place + len(old) :]


def uploaded(file: File) -> SimpleUploadedFile:
    return SimpleUploadedFile(file.name, file.content)


def given(case: Case, layer: Layer) -> dict[str, str]:
    return {name: one.value for (whose, name), one in scores_of(case).items() if whose == layer}


@pytest.mark.parametrize(
    ("measure", "typed", "kept"),
    [("sdm", "7,25", "29/4"), ("sdm", " 10 ", "10"), ("sdm", "0", "0"), ("prior_status", "WBK", "wbk")],
)
def test_what_is_typed_is_kept_exactly(case: Case, who: People, measure: str, typed: str, kept: str) -> None:
    give_score(case, Layer.UNIT, Entry(measure, typed), by=who.operator, at=NOW)
    assert given(case, Layer.UNIT) == {measure: kept}


def test_what_may_not_be_is_refused_and_what_may_is_said(case: Case, who: People) -> None:
    for measure, typed in (
        ("sdm", "10,01"),
        ("sdm", "-1"),
        ("sdm", "banyak"),
        ("sdm", "1e3"),
        ("sakip", "A+"),
    ):
        with pytest.raises(BadValue):
            give_score(case, Layer.UNIT, Entry(measure, typed), by=who.operator, at=NOW)
    for measure in ("total", "ipak", "cuaca"):  # a sum, what a survey measures, and nothing
        with pytest.raises(CannotScore):
            give_score(case, Layer.UNIT, Entry(measure, "1"), by=who.operator, at=NOW)
    assert not Score.objects.exists()


def test_every_change_is_kept_and_none_is_another_layers(case: Case, who: People) -> None:
    first = keep_evidence(case, Layer.UNIT, PDF, by=who.operator, at=NOW)
    for typed, reason in (("7", ""), ("7", ""), ("8", ""), ("8", "LKE"), ("", ""), ("", "")):
        give_score(case, Layer.UNIT, Entry("sdm", typed, reason, first), by=who.operator, at=NOW)
    rows = Score.objects.filter(measure="sdm").order_by("number").values_list("number", "value", "reason")
    assert list(rows) == [(1, "7", ""), (2, "8", ""), (3, "8", "LKE"), (4, "", "")]
    assert Event.objects.filter(deed="proposal-score").count() == 4
    walk(case, Stage.SUBMITTED)
    give_score(case, Layer.REGION, Entry("sdm", "3", "LKE"), by=who.verifier, at=NOW)
    give_score(case, Layer.MINISTRY, Entry("sdm", "5", "LKE"), by=who.ministry, at=NOW)
    assert given(case, Layer.UNIT)["sdm"] == "10"
    assert (given(case, Layer.REGION), given(case, Layer.MINISTRY)) == ({"sdm": "3"}, {"sdm": "5"})
    with pytest.raises(CannotScore):
        give_score(case, Layer.REGION, Entry("sdm", "4", "", first), by=who.verifier, at=NOW)


SCORERS = {
    Layer.UNIT: ("operator", "head"),
    Layer.REGION: ("verifier", "regional_head"),
    Layer.INSPECTORATE: ("inspector",),
    Layer.MINISTRY: ("ministry", "second_ministry"),
}
UNTIL = {
    Stage.DRAFT: {Layer.UNIT},
    Stage.SUBMITTED: {Layer.REGION, Layer.INSPECTORATE, Layer.MINISTRY},
    Stage.RECOMMENDED: {Layer.INSPECTORATE, Layer.MINISTRY},
    Stage.PROPOSED: set(),
    Stage.SENT: set(),
}


def test_who_scores_for_which_layer_and_until_when(case: Case, who: People, login: Login) -> None:
    for stage, layers in UNTIL.items():
        walk(case, stage)
        for layer in Layer:
            for name, somebody in who.all.items():
                entry = Entry("sakip", "A" if stage == Stage.DRAFT else "BB", f"{stage} {name}")
                if name not in SCORERS[layer]:
                    with pytest.raises(PermissionDenied):
                        give_score(case, layer, entry, by=somebody, at=NOW)
                elif layer in layers:
                    assert give_score(case, layer, entry, by=somebody, at=NOW)
                else:
                    with pytest.raises(CannotScore):
                        give_score(case, layer, entry, by=somebody, at=NOW)
            asked = login(getattr(who, SCORERS[layer][0])).get(f"/usulan/{case.pk}/nilai/{layer}/")
            assert ("<form" in asked.content.decode().partition("<main")[2]) == (layer in layers)
    take_off(case.campaign)
    for layer in (Layer.INSPECTORATE, Layer.MINISTRY):
        by = getattr(who, SCORERS[layer][0])
        assert give_score(case, layer, Entry("sakip", "C", "LKE"), by=by, at=NOW)
    with pytest.raises(CannotScore):
        give_score(case, Layer.REGION, Entry("sakip", "C", "LKE"), by=who.verifier, at=NOW)


def test_a_returned_proposal_is_the_units_again(case: Case, who: People) -> None:
    walk(case, Stage.SUBMITTED)
    act(case, "return", by=who.verifier, at=NOW, note="LKE belum ditandatangani.")
    assert give_score(case, Layer.UNIT, Entry("sdm", "9"), by=who.operator, at=NOW)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (PDF, "application/pdf"),
        (File("Foto.PNG", b"\x89PNG\r\n\x1a\n..."), "image/png"),
        (File("C:\\data\\foto.jpeg", b"\xff\xd8\xff\xe0..."), "image/jpeg"),
        (File("lke.xlsx", office_file("xl/workbook.xml")), ".spreadsheetml.sheet"),
        (File("surat.docx", office_file("word/document.xml")), ".wordprocessingml.document"),
        (File("kosong.pdf", b""), Fault.EMPTY),
        (File("besar.pdf", b"%PDF-" + bytes(MOST_BYTES)), Fault.TOO_LARGE),
        (File("lke.pdf", b"<html>halaman</html>"), Fault.UNKNOWN_KIND),
        (File("lke.xlsx", office_file("word/document.xml")), Fault.OTHER_KIND),
        (File("lke.html", b"%PDF-1.4"), Fault.OTHER_KIND),
        (File("arsip.xlsx", office_file("berkas.txt")), Fault.UNKNOWN_KIND),
        (File("arsip.docx", office_file("word/document.xml", types=False)), Fault.UNKNOWN_KIND),
        (File("rusak.docx", b"PK\x03\x04bukan arsip"), Fault.UNKNOWN_KIND),
        # a name that is no text, and a version of the format that there is not
        (File("a.xlsx", changed(office_file("é.xml"), "é".encode(), b"\xff\xfe")), Fault.UNKNOWN_KIND),
        (
            File("a.xlsx", changed(office_file("xl/workbook.xml"), b"\x14\x03\x14\x00", b"\x14\x03\xe7\x03")),
            Fault.UNKNOWN_KIND,
        ),
    ],
)
def test_files_are_told_by_what_is_in_them(file: File, kind: str | Fault) -> None:
    if not isinstance(kind, Fault):
        assert file.require_kind().endswith(kind)
        return
    with pytest.raises(BadFile) as refused:
        file.require_kind()
    assert refused.value.fault == kind


def test_evidence_is_handed_out_as_it_came_in_and_its_reading_noted(
    case: Case, who: People, login: Login
) -> None:
    kept = keep_evidence(case, Layer.UNIT, File("../lke\r\nx.pdf", PDF.content), by=who.operator, at=NOW)
    assert keep_evidence(case, Layer.UNIT, PDF, by=who.head, at=NOW) == kept  # the same file again
    assert (kept.name, kept.sha256) == ("lkex.pdf", hashlib.sha256(PDF.content).hexdigest())
    address = f"/usulan/{case.pk}/bukti/{kept.pk}/"
    reply = login(who.ministry).get(address)
    assert bytes(reply.content) == PDF.content
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["Content-Disposition"].startswith("attachment")
    looks = Event.objects.filter(kind="LOOK", who=who.ministry.username, about=f"sambas/1: {kept.pk}")
    assert looks.count() == 1
    assert login(who.elsewhere).get(address).status_code == 403
    assert login(who.ministry).get(f"/usulan/{case.pk}/bukti/{kept.pk + 1}/").status_code == 404


def test_a_form_keeps_what_is_sound_and_asks_again_for_the_rest(
    case: Case, who: People, login: Login
) -> None:
    browser, address = login(who.operator), f"/usulan/{case.pk}/nilai/unit/"
    image = File("papan.png", b"\x89PNG\r\n\x1a\n...")
    sent = {
        "manajemen_perubahan": "7,5",
        "akuntabilitas": "3,14159265358979323846",
        "sdm": "12",
        "reason-sdm": "Menurut LKE halaman 3.",
        "file-sdm": uploaded(image),
        "sakip": "BB",
        "file-sakip": uploaded(File("tipu.pdf", b"GIF89a")),
        "reason-tatalaksana": "Belum ada nilainya.",
        "file": uploaded(PDF),
    }
    reply = browser.post(address, sent)
    page = unescape(reply.content.decode())
    assert reply.status_code == 400
    assert given(case, Layer.UNIT) == {"manajemen_perubahan": "15/2"}
    assert scores_of(case)[Layer.UNIT, "manajemen_perubahan"].evidence is not None
    for told in (
        "“12” tidak dapat dipakai. Tulis angka dari 0 sampai 10.",
        "Tulis angka dari 0 sampai 10, paling banyak 4 angka di belakang koma.",
        "Berkas tipu.pdf tidak dapat diterima. Yang diterima: PDF, PNG, JPEG, XLSX, atau DOCX.",
        "Isi nilainya, atau kosongkan alasan dan berkasnya.",
        'value="12"',
        "Menurut LKE halaman 3.",
        "Belum ada nilainya.",
    ):
        assert told in page
    mine = Evidence.objects.get(name="papan.png")  # is not lost, and chosen already
    known = Evidence.objects.get(name=PDF.name)
    assert f'<option value="{mine.pk}" selected>papan.png</option>' in page
    assert f'<option value="{known.pk}" selected>{PDF.name}</option>' in page.partition("sdm")[0]  # kept
    assert "Nilainya juga belum tersimpan" in page
    again = {"manajemen_perubahan": "7,50", "sdm": "9,25", "reason-sdm": "Menurut LKE.", "known-sdm": mine.pk}
    led = browser.post(address, {**again, "known-manajemen_perubahan": known.pk}, follow=True)
    assert "Nilai tersimpan. Nilai sebelumnya tetap dicatat." in led.content.decode()
    assert given(case, Layer.UNIT) == {"manajemen_perubahan": "15/2", "sdm": "37/4"}
    assert scores_of(case)[Layer.UNIT, "sdm"].evidence == mine
    assert Score.objects.count() == 2
    assert 'value="9,25"' in browser.get(address).content.decode()
    assert browser.get(f"/usulan/{case.pk}/nilai/langit/").status_code == 404
    assert browser.get(f"/usulan/{case.pk}/nilai/region/").status_code == 403


def test_who_sends_a_form_again_loses_no_evidence(case: Case, who: People, login: Login) -> None:
    browser, address = login(who.operator), f"/usulan/{case.pk}/nilai/unit/"
    file = keep_evidence(case, Layer.UNIT, PDF, by=who.operator, at=NOW)
    give_score(case, Layer.UNIT, Entry("sdm", "7", "", file), by=who.operator, at=NOW)
    sent = {"sdm": "7,5", "known-sdm": file.pk, "tatalaksana": "99"}
    page = browser.post(address, sent).content.decode()
    again = {
        name: "".join(
            re.findall(rf'name="{name}"[^>]*>.*?<option value="(\d+)" selected', page, re.DOTALL)[:1]
        )
        for name in ("known-sdm",)
    }
    assert again == {"known-sdm": str(file.pk)}
    assert "Ambang ≥ 6,00 dari 10" in page
    browser.post(address, {"sdm": "7,5", "tatalaksana": "6", **again})
    kept = scores_of(case)[Layer.UNIT, "sdm"]
    assert (kept.value, kept.evidence) == ("15/2", file)
    page = login(who.head).get(f"/usulan/{case.pk}/").content.decode()
    assert "diubah 1 kali" in page
    assert "Belum ada nilai: Manajemen perubahan; " in page
    assert "Belum ada berkas bukti: Tatalaksana." in page


def test_an_office_that_judges_says_why_of_each_value(case: Case, who: People, login: Login) -> None:
    walk(case, Stage.SUBMITTED)
    browser, address = login(who.verifier), f"/usulan/{case.pk}/nilai/region/"
    page = browser.get(address).content.decode()
    assert "Alasan (wajib)" in page
    assert "Nilai lapis lain: Unit 10,00" in page
    refused = browser.post(
        address, {"sdm": "8", "reason-sdm": " ", "tatalaksana": "5", "reason-tatalaksana": "LKE"}
    )
    assert refused.status_code == 400
    assert "Tulis alasannya: kantor yang menilai memberi alasan." in refused.content.decode()
    assert given(case, Layer.REGION) == {"tatalaksana": "5"}
    browser.post(address, {"sdm": "8", "reason-sdm": "LKE.", "tatalaksana": "5", "reason-tatalaksana": "LKE"})
    assert given(case, Layer.REGION) == {"sdm": "8", "tatalaksana": "5"}


def test_a_total_of_98_with_one_part_below_reads_as_no(sambas: Unit, login: Login) -> None:
    case = begun(certified(sambas, "sambas-1", *JUST_BELOW, zone=NEW_RULES))
    who = people(sambas)
    score(case, Layer.UNIT, who.operator)
    give_score(case, Layer.UNIT, Entry("tlhp", "87,5", "LHP 2025"), by=who.operator, at=NOW)
    page = unescape(login(who.head).get(f"/usulan/{case.pk}/").content.decode())
    words = "Tidak: 1 dari 13 syarat belum terpenuhi (IPAK kurang 0,01), walaupun nilai total 98,24."
    assert words in page
    assert "✕ 15,74</strong>" in page  # never 15,75
    assert "✓ 98,24</strong>" in page
    assert "= Manajemen perubahan 8,00 + Tatalaksana 7,00 + SDM 10,00 + " in page
    assert "= IPAK 15,74 + Capaian kinerja lebih baik 5,00" in page
    assert "Komponen pengungkit belum lengkap + Birokrasi bersih dan akuntabel belum lengkap + IPKP " in page
    assert "dari 17,50, indeks 3,59 dari 4" in page
    assert "dari 17,50, indeks 3,60 dari 4" in page  # the threshold
    assert page.count("tanpa bukti") == 1  # only of the TLHP
    aside = page[page.index("Dicatat, tidak dinilai aturan ini") :]
    assert "87,50" in aside
    assert "LHP 2025" in aside


def test_the_inspectorate_says_what_it_thinks_of_the_results_as_they_are(
    case: Case, who: People, login: Login
) -> None:
    browser, address = login(who.inspector), f"/usulan/{case.pk}/pendapat/"
    asked = {"stand": "1", "reason": "Bukti lengkap."}
    assert browser.post(address, asked).status_code == 400  # the unit has not submitted it
    walk(case, Stage.SUBMITTED)
    assert login(who.ministry).post(address, asked).status_code == 403
    lacking = browser.post(address, {"stand": "1", "reason": " "})
    assert lacking.status_code == 400
    assert "Pendapat inspektorat tersimpan" in browser.post(address, asked, follow=True).content.decode()
    give_opinion(case, is_for=False, reason="Ada temuan baru.", by=who.inspector, at=NOW)
    assert list(Opinion.objects.values_list("number", "is_for")) == [(1, True), (2, False)]
    page = browser.get(f"/usulan/{case.pk}/").content.decode()
    assert page.index("Ada temuan baru.") < page.index("Diganti pendapat yang lebih baru.")
    take_off(case.campaign)
    assert "Tidak berlaku lagi" in browser.get(f"/usulan/{case.pk}/").content.decode()


def test_a_decision_keeps_the_values_on_which_it_relied_and_whoever_changes_them_is_found(
    case: Case, who: People
) -> None:
    walk(case, Stage.SUBMITTED)
    file = keep_evidence(case, Layer.INSPECTORATE, PDF, by=who.inspector, at=NOW)
    give_score(case, Layer.INSPECTORATE, Entry("tlhp", "90", "LHP 2025", file), by=who.inspector, at=NOW)
    give_score(case, Layer.MINISTRY, Entry("tlhp", "87,5", "LHP 2025"), by=who.ministry, at=NOW)
    step = walk(case, Stage.PROPOSED).steps.get(deed="propose")
    kept = step.basis["scores"]
    assert kept["inspectorate"]["tlhp"] == {"value": "90", "evidence": file.sha256}
    assert kept["ministry"]["tlhp"] == {"value": "175/2", "evidence": ""}
    assert kept["ministry"].keys() == {*(given.id for given in case.rulebook.given), "tlhp"}
    assert kept.keys() == {"inspectorate", "ministry"}
    mine = Score.objects.filter(layer=Layer.MINISTRY, measure="tlhp")
    row = mine.values("case_id", "layer", "measure", "by_id", "office_id").get()
    Score.objects.create(**row, number=2, value="10", at=NOW + HOUR)  # once it was decided
    assert list(faults()) == []
    other = b"%PDF-1.4 lain"
    meddled: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: mine.filter(number=1).update(value="88"), "another tlhp of the ministry"),
        (lambda: mine.filter(number=2).update(at=NOW - HOUR), "another tlhp of the ministry"),
        (mine.delete, "another tlhp of the ministry"),
        (lambda: Score.objects.update(evidence=None), "another tlhp of the inspectorate"),
        (
            lambda: Evidence.objects.update(content=other, sha256=hashlib.sha256(other).hexdigest()),
            "another tlhp of the inspectorate",
        ),
        (lambda: case.steps.filter(pk=step.pk).update(basis={}), "does not say on which values it relied"),
    )
    for meddle, says in meddled:
        before = transaction.savepoint()
        meddle()
        assert any(says in fault for fault in faults()), says
        transaction.savepoint_rollback(before)
