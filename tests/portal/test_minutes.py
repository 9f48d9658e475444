"""A meeting ends, and its minutes are drawn up: fixed at once, printed for each as far as it is theirs."""

import hashlib
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from tera.cli.fsck import _faults
from tera.engine.statement import BadStatement
from tera.intake.tables import Database
from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results.actions import certify
from tera.portal.results.queries import result_of
from tera.portal.review.minutes.actions import draw_up
from tera.portal.review.minutes.document import decode, encode
from tera.portal.review.minutes.printing import print_minutes
from tera.portal.review.models import Attendance, Minutes
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import OVER, fill_methods
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


def test_a_changed_agenda_and_lost_minutes_are_noticed(minutes: Minutes, folder: Path) -> None:
    publish_installation()
    minutes.meeting.items.filter(campaign__code="lapas1").update(decision="VERIFIED")
    assert list(_faults()) == [
        "the agenda in the database says something else than minutes/kanwil/1 in the ledger"
    ]
    Attendance.objects.all().delete()
    minutes.delete()
    assert list(_faults()) == ["the ledger says minutes/kanwil/1, and the database does not hold it"]
