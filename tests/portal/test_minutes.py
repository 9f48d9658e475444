"""A meeting ends, and its minutes are drawn up: fixed at once, printed for each as far as it is theirs."""

import hashlib
import html
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from tera.cli.fsck import _faults
from tera.engine.statement import BadStatement
from tera.intake.exporting import list_held
from tera.intake.tables import Database
from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results.actions import certify
from tera.portal.results.queries import result_of
from tera.portal.review.minutes.actions import draw_up
from tera.portal.review.minutes.codes import grouped
from tera.portal.review.minutes.document import decode, encode, written
from tera.portal.review.minutes.present import present
from tera.portal.review.minutes.printing import print_minutes
from tera.portal.review.models import Attendance, Minutes
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign, Step
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import OVER, close_all, exclude, fill_methods
from tests.portal.minuting import ENDED, again, close, end, meet, survey_of
from tests.portal.respondents import let_answer

Login = Callable[[User], Client]


@pytest.fixture
def hadi(sambas: Unit) -> User:
    """Return Hadi, who heads Kanim Sambas."""
    return person("hadi", "HEAD_OF_UNIT", sambas)


@pytest.fixture
def other(lapas: Unit) -> Campaign:
    """Return the survey of Lapas Pontianak."""
    return survey_of(lapas, "lapas1")


@pytest.fixture
def minutes(campaign: Campaign, other: Campaign, ratna: User, hadi: User, irma: User) -> Minutes:
    """Return the minutes of a meeting that verified one survey and returned the other."""
    close(campaign, other)
    meeting = meet(ratna.assignments.get().unit, ratna, [campaign, other], ratna, hadi, irma)
    return end(meeting, ratna, "VERIFIED", "RETURNED")


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def text_at(client: Client, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(reply.content.decode()))


def printed(client: Client, path: str) -> bytes:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply["Content-Type"] == "application/pdf"
    return reply.content


def test_the_document_holds_what_was_seen_and_decided(
    minutes: Minutes, campaign: Campaign, ratna: User
) -> None:
    document = decode(minutes.document)
    assert json.dumps(document, sort_keys=True, separators=(",", ":")) == minutes.document
    assert hashlib.sha256(minutes.document.encode()).hexdigest() == minutes.sha256
    assert document["format"] == "tera/minutes/v1"
    assert (document["day"], document["begins"], document["ends"]) == ("2100-12-07", "09:04", "11:31")
    assert [one["part"] for one in document["attendees"]] == ["VERIFIER", "PRESENTER", "VERIFIER"]
    mine, theirs = document["items"]
    assert (mine["campaign"], mine["decision"], mine["note"]) == ("sambas1", "VERIFIED", "")
    assert (theirs["decision"], theirs["due_on"]) == ("RETURNED", "2100-12-21")
    assert mine["findings"] == ["Poster sambas1 tidak terlihat dari loket."]
    assert [one["answer"] for one in mine["questions"]] == ["Loket ditutup seminggu."]
    assert mine["responses"]["sealed"] == 60
    shown = result_of([campaign])
    assert {one["measure"]: one["converted"] for one in mine["zone"]} == {
        name: str(found.converted) for name, found in shown.zone.items()
    }
    assert {one["target"]: one["met"] for one in mine["verdicts"]} == {
        name: verdict.eligible for name, verdict in shown.verdicts.items()
    }


def test_numbers_that_no_page_shows_are_not_in_the_document(
    campaign: Campaign, ratna: User, kanwil: Unit, intake: Database
) -> None:
    let_answer(campaign, intake, 30)
    actions.seal_due(OVER)  # one block, the last: shown once the result is certified
    actions.tell_of_blocks()
    (item,) = decode(end(meet(kanwil, ratna, [campaign], ratna), ratna, "VERIFIED").document)["items"]
    assert (item["zone"], item["indices"], item["verdicts"]) == ([], [], [])
    assert item["responses"] == {"sealed": 30, "counted": 0, "excluded": 0, "controls": 0, "proposed": 0}


def test_numbers_and_verdicts_say_that_they_are_provisional(
    minutes: Minutes, ratna: User, login: Login
) -> None:
    items = decode(minutes.document)["items"]
    assert [one["is_provisional"] for one in items] == [True, True]
    counted = items[0]["responses"]["counted"]
    assert 0 < counted < 60
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara"
    for said in (text_at(login(ratna), f"{where}/"), text_of(printed(login(ratna), f"{where}.pdf"))):
        assert "jawaban di blok terakhir baru tampil saat hasil disahkan" in said
        assert "Yang berlaku ialah hasil yang disahkan." in said
        assert f"sementara, dari {counted} dari 60 jawaban: belum memenuhi" in said
        assert f"{counted} dalam indeks sementara; {60 - counted} di blok terakhir, tampil saat" in said
        assert "terpenuhi" not in said


def test_what_two_offices_agreed_to_take_off_is_said_to_come_off_later(
    campaign: Campaign, kanwil: Unit, ratna: User, irma: User, intake: Database
) -> None:
    close(campaign)
    names = [name for _, (name, _, _) in list_held(intake.acting_as("auditor"), campaign.code)]
    exclude(campaign, names[:3], ratna, irma)
    minutes = end(meet(kanwil, ratna, [campaign], ratna), ratna, "VERIFIED")
    (item,) = decode(minutes.document)["items"]
    counted = item["responses"]["counted"]
    (shown,) = present(decode(minutes.document))["items"]
    assert shown["facts"] == [
        "60 jawaban tersegel",
        f"{counted} dalam indeks sementara",
        f"{60 - counted} di blok terakhir, tampil saat disahkan",
        "3 akan dikeluarkan saat disahkan (disetujui dua kantor)",
    ]


def test_whoever_reads_all_of_them_gets_the_very_bytes_that_are_hashed(
    minutes: Minutes, ratna: User, hadi: User, login: Login
) -> None:
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara"
    assert f'href="{where}.json"' in text_at(login(ratna), f"{where}/")
    reply = login(ratna).get(f"{where}.json")
    assert reply["Content-Disposition"] == 'attachment; filename="berita-acara-kanwil-1.json"'
    assert hashlib.sha256(reply.content).hexdigest() == minutes.sha256
    assert login(hadi).get(f"{where}.json").status_code == 403
    assert "(JSON), bukan PDF ini" in text_of(printed(login(ratna), f"{where}.pdf"))


def test_an_answer_that_the_office_noted_is_not_the_units(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    close(campaign)
    meeting = meet(kanwil, ratna, [campaign], ratna)
    asked = campaign.questions.get()
    for by, is_noted in ((ratna, True), (budi, False)):
        asked.answered_by, asked.answered_at = by, timezone.now()
        asked.save()
        (item,) = written(meeting, ENDED)["items"]
        assert [one["is_noted"] for one in item["questions"]] == [is_noted]
    asked.answered_by = ratna
    asked.save()
    minutes = end(meeting, ratna, "VERIFIED")
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara"
    for said in (text_at(login(ratna), f"{where}/"), text_of(printed(login(ratna), f"{where}.pdf"))):
        assert "Dicatat kantor dalam rapat:" in said
        assert "Jawaban unit:" not in said


def test_the_ledger_says_what_was_decided_and_nothing_of_people(minutes: Minutes) -> None:
    said = Statement.objects.get(kind="minutes")
    assert said.as_said() == {
        "kind": "minutes",
        "id": "minutes/kanwil/1",
        "by_unit": "kanwil",
        "day": "2100-12-07",
        "sha256": minutes.sha256,
        "decisions": [
            {"campaign": "sambas1", "decision": "VERIFIED"},
            {"campaign": "lapas1", "decision": "RETURNED", "due_on": "2100-12-21"},
        ],
    }


def test_a_meeting_that_left_a_survey_undecided_gets_no_minutes(
    campaign: Campaign, ratna: User, kanwil: Unit
) -> None:
    close(campaign)
    meeting = meet(kanwil, ratna, [campaign], ratna)
    role = require(ratna, "hold-meetings", kanwil)
    with pytest.raises(BadStatement), transaction.atomic():
        draw_up(meeting, role=role, at=ENDED)
    assert not Minutes.objects.exists()
    assert not Statement.objects.filter(kind="minutes").exists()


def test_the_paper_is_an_official_document_and_always_the_same(
    minutes: Minutes, ratna: User, login: Login
) -> None:
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara.pdf"
    first, again = printed(login(ratna), where), printed(login(ratna), where)
    assert first == again
    reader = PdfReader(io.BytesIO(first))
    assert "pdfaid:part" in str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
    said = text_of(first)
    assert "Pada hari Selasa, tanggal 7 Desember 2100, pukul 09.04 sampai 11.31 WIB" in said
    assert "direncanakan" not in said
    assert f"ketik kode {grouped(minutes.code)} di testserver/berita-acara/" in said
    assert "Terverifikasi" in said
    assert "Tenggat 21 Desember 2100" in said
    assert "Poster sambas1 tidak terlihat" in said
    assert "Poster lapas1 tidak terlihat" in said
    assert "Loket ditutup seminggu." in said
    assert f"testserver/berita-acara/{minutes.code}/" in said
    assert f"Halaman 1 dari {len(reader.pages)}" in said
    assert minutes.sha256[:16] in said
    assert "Data contoh" not in said
    assert re.search(r"\d,\d\d", said)  # a decimal comma


def test_a_meeting_on_another_day_than_planned_says_so(minutes: Minutes, ratna: User, login: Login) -> None:
    minutes.meeting.held_on -= timedelta(days=4)
    minutes.document = encode(written(minutes.meeting, ENDED))
    minutes.save()
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara"
    assert "direncanakan untuk 3 Desember 2100" in text_at(login(ratna), f"{where}/")
    assert "direncanakan untuk tanggal 3 Desember 2100" in text_of(printed(login(ratna), f"{where}.pdf"))


def test_invented_surveys_say_so_on_paper(minutes: Minutes, campaign: Campaign, ratna: User) -> None:
    document = decode(minutes.document)
    document["items"][0]["is_invented"] = True
    minutes.document = encode(document)
    assert "semua angka rekaan" in text_of(print_minutes(minutes, "https://tera.example/berita-acara/x/"))


def test_a_units_people_see_the_common_part_and_their_own_section(
    minutes: Minutes, hadi: User, dewi: User, login: Login
) -> None:
    page = text_at(login(hadi), "/tinjauan/sambas1/berita-acara/")
    paper = text_of(printed(login(hadi), "/tinjauan/sambas1/berita-acara.pdf"))
    for said in (page, paper):
        assert "Petikan" in said
        assert "Poster sambas1" in said
        assert "Rapat verifikasi semester ini" in said
        assert "lapas1" not in said
        assert "Lapas Pontianak" not in said
        assert "Dikembalikan" not in said
    theirs = text_of(printed(login(dewi), "/tinjauan/lapas1/berita-acara.pdf"))
    assert "Poster lapas1" in theirs
    assert "sambas1" not in theirs
    for path in ("berita-acara/", "berita-acara.pdf"):
        assert login(dewi).get(f"/tinjauan/sambas1/{path}").status_code == 403
        assert login(hadi).get(f"/tinjauan/rapat/{minutes.meeting_id}/{path}").status_code == 403


def test_another_region_sees_nothing(minutes: Minutes, login: Login) -> None:
    stranger = login(person("wawan", "REGIONAL_VERIFIER", office("kaltim", "Kanwil Kaltim", "KANWIL")))
    for path in ("berita-acara/", "berita-acara.pdf"):
        assert stranger.get(f"/tinjauan/rapat/{minutes.meeting_id}/{path}").status_code == 403
        assert stranger.get(f"/tinjauan/sambas1/{path}").status_code == 403
    assert stranger.post(f"/tinjauan/rapat/{minutes.meeting_id}/tanda-tangan/").status_code == 403


def test_the_newest_minutes_about_a_survey_come_first(
    minutes: Minutes, other: Campaign, ratna: User, dewi: User, login: Login
) -> None:
    second = end(again(other, ratna), ratna, "VERIFIED")
    page = text_at(login(dewi), "/tinjauan/lapas1/berita-acara/")
    assert second.sha256 in page
    for said in (page, text_of(printed(login(dewi), "/tinjauan/lapas1/berita-acara.pdf"))):
        assert "Pernah dikembalikan" in said
        assert "minutes/kanwil/1" in said
        assert "Pindahkan poster lapas1." in said
        assert "Poster dipindahkan." in said
    earlier = f"/tinjauan/lapas1/berita-acara/?rapat={minutes.meeting_id}"
    assert earlier in page
    assert minutes.sha256 in text_at(login(dewi), earlier)
    assert login(dewi).get("/tinjauan/lapas1/berita-acara/?rapat=999").status_code == 404


def test_a_citizen_follows_the_code_on_the_paper(minutes: Minutes, folder: Path, campaign: Campaign) -> None:
    where = f"/berita-acara/{minutes.code}/"
    assert "Segera dicatat di buku besar" in text_at(Client(), where)
    publish_installation()
    reply = Client().get(where)
    assert reply["X-Robots-Tag"] == "noindex"
    page = text_at(Client(), where)
    assert "Dokumen, tanda tangan, dan buku besar cocok." in page
    place = Statement.objects.get(kind="minutes").place
    assert place is not None
    assert f"Catatan nomor {place + 1} dari" in page
    assert minutes.sha256 in page
    assert "Kanim Sambas" in page
    assert "Dikembalikan" in page
    assert "Tenggat 21 Desember 2100" in page
    for secret in ("Poster", "Loket ditutup", "Pindahkan", "/hasil/sambas1/"):
        assert secret not in page
    assert Client().get("/berita-acara/bukan-kode/").status_code == 404
    assert Client().get(f"{where}dokumen.json").status_code == 404


def test_a_certified_result_is_linked_from_there(minutes: Minutes, campaign: Campaign, ratna: User) -> None:
    fill_methods(campaign)
    certify(campaign, by=ratna, at=ENDED)
    assert "/hasil/sambas1/" in text_at(Client(), f"/berita-acara/{minutes.code}/")


def test_a_changed_document_is_noticed(minutes: Minutes, ratna: User, folder: Path, login: Login) -> None:
    publish_installation()
    assert list(_faults()) == []
    changed = minutes.document.replace("Poster lapas1 tidak", "Poster lapas1 selalu")
    Minutes.objects.update(document=changed)
    assert list(_faults()) == ["the document of minutes/kanwil/1 does not have the sha256 that was signed"]
    assert "Tidak cocok" in text_at(Client(), f"/berita-acara/{minutes.code}/")
    page = text_at(login(ratna), f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara/")
    assert "tidak seperti ketika dibuat" in page
    Minutes.objects.update(sha256=hashlib.sha256(changed.encode()).hexdigest())
    assert list(_faults()) == ["the ledger knows another sha256 of minutes/kanwil/1 than the database"]
    assert "Tidak cocok" in text_at(Client(), f"/berita-acara/{minutes.code}/")


def test_what_is_changed_after_the_meeting_is_noticed(minutes: Minutes, folder: Path, irma: User) -> None:
    publish_installation()
    where, about = f"/berita-acara/{minutes.code}/", "minutes/kanwil/1"
    item = minutes.meeting.items.get(campaign__code="lapas1")
    returned = Step.objects.get(agenda_item=item)
    agenda = f"the agenda in the database says something else than {about} in the ledger"
    step = f"the step of lapas1 is not the one that {about} decided"
    for change in ({"note": "Tidak ada."}, {"due_on": ENDED.date()}):
        minutes.meeting.items.filter(campaign__code="lapas1").update(**change)
        assert list(_faults()) == [agenda, step]
        item.save()
        Step.objects.filter(agenda_item=item).update(**change)
        assert list(_faults()) == [step]
        assert "Tidak cocok" in text_at(Client(), where)
        returned.save()
    Attendance.objects.filter(meeting=minutes.meeting, user=irma).update(name="Kepala Kantor")
    assert list(_faults()) == [f"others attended by the database than by the document of {about}"]
    Attendance.objects.filter(meeting=minutes.meeting).delete()
    assert list(_faults()) == [f"others attended by the database than by the document of {about}"]
    assert "Tidak cocok" in text_at(Client(), where)


def test_a_step_that_no_minutes_decided_is_noticed(minutes: Minutes, folder: Path, ratna: User) -> None:
    publish_installation()
    step = Step.objects.get(campaign__code="lapas1", stage="RETURNED")
    unsaid = f"lapas1/{step.number} is at VERIFIED, and the ledger does not say so"
    Step.objects.filter(pk=step.pk).update(stage="VERIFIED", deed="verify")
    assert list(_faults()) == [unsaid]
    for statement in ("", "minutes/kanwil/2"):
        Step.objects.filter(pk=step.pk).update(statement=statement)
        assert unsaid in list(_faults())
    Step.objects.filter(pk=step.pk).update(stage="RETURNED", deed="hug")
    assert f"lapas1/{step.number} is at RETURNED, and the ledger does not say so" in list(_faults())


def test_a_result_that_its_minutes_did_not_verify_is_noticed(
    minutes: Minutes, other: Campaign, campaign: Campaign, ratna: User, folder: Path
) -> None:
    for each in (campaign, other):
        fill_methods(each)
    certify(campaign, by=ratna, at=ENDED)
    publish_installation()
    assert list(_faults()) == []
    Step.objects.filter(campaign=other, stage="RETURNED").update(stage="VERIFIED", deed="verify")
    certify(other, by=ratna, at=ENDED)
    said = "the certificate of lapas1 says that minutes/kanwil/1 verified it; they do not"
    assert said in list(_faults())


def test_a_result_that_no_meeting_verified_is_noticed(campaign: Campaign, ratna: User, folder: Path) -> None:
    close_all()  # which moves it on without a meeting
    certify(campaign, by=ratna, at=ENDED)
    said = "sambas1 is certified, and no minutes say that the office above its unit verified it"
    assert said in list(_faults())


def test_a_changed_agenda_and_lost_minutes_are_noticed(minutes: Minutes, folder: Path) -> None:
    publish_installation()
    minutes.meeting.items.filter(campaign__code="lapas1").update(decision="VERIFIED")
    assert list(_faults()) == [
        "the agenda in the database says something else than minutes/kanwil/1 in the ledger"
    ]
    Attendance.objects.all().delete()
    minutes.delete()
    assert list(_faults()) == ["the ledger says minutes/kanwil/1, and the database does not hold it"]
