"""The pages of a meeting: the list of an office, the board, one unit, and the screen that a room looks at."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tera.engine.workflow import Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.review.asking import actions as asking
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.actions import Attendee
from tera.portal.review.meetings.item.actions import ask, decide
from tera.portal.review.minutes.document import decode, encode
from tera.portal.review.models import Attendance, Finding, Item, Meeting, Minutes, Question
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, stage_of
from tera.portal.units.models import Unit
from tests.portal.conftest import person
from tests.portal.gathering import NOW, ROOM, TOMORROW, check, gather, screened

Login = Callable[[User], Client]
LIST = "/tinjauan/rapat/kantor/kanwil/"
PLAN = {
    "title": "Rapat semester",
    "held_on": TOMORROW.isoformat(),
    "begins_at": "09:30",
    "place": "Ruang rapat lantai 2",
}


def text_of(content: bytes) -> str:
    main = content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


def page(client: Client, address: str, status: int = 200) -> str:
    reply = client.get(address)
    assert reply.status_code == status
    return text_of(reply.content)


@pytest.fixture
def two(sambas: Unit, lapas: Unit, ratna: User) -> list[Campaign]:
    """Return two screened surveys: that of Sambas has 40 answers and is checked, that of the Lapas is not."""
    found = [screened(sambas, "sambas1", *[4] * 20, *[3] * 12), screened(lapas, "lapas1")]
    check(found[0], ratna)
    return found


@pytest.fixture
def meeting(kanwil: Unit, ratna: User, two: list[Campaign]) -> Meeting:
    return gather(kanwil, ratna, *two)


def board(meeting: Meeting) -> str:
    return reverse("meeting", args=[meeting.pk])


def unit(meeting: Meeting, place: int) -> str:
    return reverse("meeting-item", args=[meeting.pk, place])


def test_ratna_plans_a_meeting_with_a_survey_of_the_list(
    two: list[Campaign], ratna: User, login: Login
) -> None:
    client = login(ratna)
    assert "Belum ada rapat." in page(client, LIST)
    assert 'href="/tinjauan/rapat/kantor/kanwil/"' in client.get("/laporan/wilayah/kanwil/").content.decode()
    reply = client.post(LIST, {**PLAN, "campaign": ["sambas1"]})
    planned = Meeting.objects.get()
    assert (reply.status_code, reply.headers["Location"]) == (302, board(planned))
    assert [item.campaign for item in planned.items.all()] == two[:1]
    assert (planned.title, planned.held_on, planned.begins_at.hour) == ("Rapat semester", TOMORROW, 9)
    listed = page(client, LIST)
    assert "Akan datang" in listed
    assert "0 dari 1 diputuskan" in listed
    assert stage_of(two[0]) == Stage.IN_VERIFICATION


def test_what_was_typed_is_still_there_when_a_meeting_cannot_be_planned(
    two: list[Campaign], ratna: User, login: Login
) -> None:
    client = login(ratna)
    gone = client.post(LIST, {**PLAN, "campaign": ["sambas1", "bapas1"]})
    assert gone.status_code == 400
    assert "Tidak dapat masuk agenda: bapas1." in text_of(gone.content)
    assert re.search('value="sambas1" checked', gone.content.decode())
    past = client.post(LIST, {**PLAN, "held_on": "2024-01-01"})
    assert "Tanggal itu sudah lewat." in text_of(past.content)
    assert 'value="Rapat semester"' in past.content.decode()
    assert not Meeting.objects.exists()


def test_the_board_says_who_is_where(meeting: Meeting, ratna: User, login: Login) -> None:
    client = login(ratna)
    ask(meeting, "lapas1", "Mengapa?", by=ratna, at=NOW)
    client.post(unit(meeting, 1), {"deed": "decide", "code": "sambas1", "decision": "VERIFIED"})
    client.post(board(meeting), {"deed": "show", "code": "lapas1"})
    said = page(client, board(meeting))
    assert "1 dari 2 diputuskan" in said
    assert re.search(r"1 Kanim Sambas terverifikasi IKM \S+ · IPK \S+ 2 Lapas Pontianak dibahas", said)
    assert "1 pertanyaan terbuka daftar periksa belum lengkap" in said
    assert "Rapat belum dapat diakhiri: belum ada keputusan: Lapas Pontianak" in said


def test_numbers_are_shown_where_enough_answers_are_sealed(
    sambas: Unit, kanwil: Unit, ratna: User, login: Login
) -> None:
    many = screened(sambas, "banyak", *[3] * 40)
    few = screened(sambas, "sedikit", *[4] * 9)
    meeting = gather(kanwil, ratna, many, few)
    said = page(login(ratna), board(meeting))
    shown = re.findall(r"menunggu daftar periksa belum lengkap IKM (\S+) · IPK (\S+)", said)
    assert shown == [("75,00", "11,25"), ("–", "–")]


def test_ratna_holds_the_whole_meeting_in_her_browser(
    meeting: Meeting, two: list[Campaign], ratna: User, login: Login
) -> None:
    client = login(ratna)
    asked = {"deed": "ask", "code": "sambas1", "text": "Di mana dipasang?", "answer": ""}
    assert client.post(unit(meeting, 1), asked).status_code == 302
    assert "Belum dapat: masih ada pertanyaan kepada unit yang belum dijawab." in page(
        client, unit(meeting, 1)
    )
    said = {"deed": "answer-1", "code": "sambas1", "answer-1": "Di loket."}
    assert client.post(unit(meeting, 1), said).status_code == 302
    found = {"deed": "find", "code": "sambas1", "finding": "Poster ada."}
    assert client.post(unit(meeting, 1), found).status_code == 302
    decided = {
        "deed": "decide",
        "code": "sambas1",
        "decision": "VERIFIED_WITH_NOTES",
        "note": "Jaga posternya.",
    }
    assert client.post(unit(meeting, 1), decided).status_code == 302
    returned = {"deed": "decide", "code": "lapas1", "decision": "RETURNED", "note": "Lengkapi."}
    wrong = client.post(unit(meeting, 2), returned)
    assert wrong.status_code == 400
    assert "batas waktu perbaikan belum diisi, atau tidak sesudah hari ini" in text_of(wrong.content)
    assert "Lengkapi." in wrong.content.decode()
    assert client.post(unit(meeting, 2), {**returned, "due_on": TOMORROW.isoformat()}).status_code == 302
    assert "Ya, akhiri rapat" in page(client, board(meeting))
    assert client.post(board(meeting), {"deed": "end"}).status_code == 302
    assert [stage_of(campaign) for campaign in two] == [Stage.VERIFIED, Stage.RETURNED]
    after = page(client, board(meeting))
    assert "Keputusannya berlaku dan tidak berubah lagi." in after
    again = client.post(unit(meeting, 1), decided)
    assert again.status_code == 400
    assert "Rapat ini sudah berakhir dan tidak berubah lagi." in text_of(again.content)
    assert (Question.objects.get().answer, Finding.objects.get().text) == ("Di loket.", "Poster ada.")


def test_a_decision_is_of_the_survey_that_was_on_the_page(
    meeting: Meeting, two: list[Campaign], ratna: User, login: Login
) -> None:
    client = login(ratna)
    client.post(board(meeting), {"deed": "later", "code": "sambas1"})  # somebody else, this moment
    stale = client.post(unit(meeting, 1), {"deed": "decide", "code": "sambas1", "decision": "VERIFIED"})
    assert stale.status_code == 400
    assert "Agenda baru saja berubah" in text_of(stale.content)
    assert not Item.objects.exclude(decision="").exists()


def test_who_ran_a_unit_is_told_before_they_try(
    meeting: Meeting, kanwil: Unit, sambas: Unit, login: Login
) -> None:
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    Assignment.objects.create(user=wati, role="OPERATOR", unit=sambas, valid_until=TOMORROW)
    client = login(wati)
    assert "jadi orang lain yang bertanya dan memutuskan" in page(client, unit(meeting, 1))
    assert "Simpan keputusan" not in page(client, unit(meeting, 1))
    assert "Simpan keputusan" in page(client, unit(meeting, 2))
    tried = client.post(unit(meeting, 1), {"deed": "decide", "code": "sambas1", "decision": "VERIFIED"})
    assert tried.status_code == 403
    assert Event.objects.filter(kind="REFUSED", who="wati").exists()


def test_people_are_noted_and_struck_off(meeting: Meeting, ratna: User, irma: User, login: Login) -> None:
    client = login(ratna)
    irma_attends = {"deed": "attend", "part": "OBSERVER", "user": "irma"}
    assert client.post(board(meeting), irma_attends).status_code == 302
    nobody = client.post(board(meeting), {"deed": "attend", "part": "OBSERVER", "name": "Bu Lina"})
    assert "Tamu dicatat dengan nama dan kantor." in text_of(nobody.content)
    guest = {"deed": "attend", "part": "OBSERVER", "name": "Bu Lina", "office_name": "Ombudsman"}
    both = client.post(board(meeting), {**guest, "user": "irma"})
    assert "Akun irma dan tamu Bu Lina sama-sama terisi. Catat satu per satu." in text_of(both.content)
    assert not Attendance.objects.filter(name="Bu Lina").exists()
    assert client.post(board(meeting), guest).status_code == 302
    said = page(client, board(meeting))
    assert "irma , Inspektorat Jenderal Pengamat" in said
    assert "Bu Lina , Ombudsman (tamu) Pengamat" in said
    number = Attendance.objects.get(name="irma").pk
    client.post(board(meeting), {"deed": "leave", "number": number})
    assert set(Attendance.objects.values_list("name", "part")) == {
        ("ratna", Part.CHAIR),
        ("Bu Lina", Part.OBSERVER),
    }


@pytest.mark.parametrize(
    "sent", [{}, {"deed": "dance"}, {"deed": "leave", "number": "x"}, {"deed": "take-off"}, {"deed": "add"}]
)
def test_what_makes_no_sense_is_refused(
    meeting: Meeting, ratna: User, login: Login, sent: dict[str, str]
) -> None:
    before = list(Item.objects.values_list("pk", flat=True))
    assert login(ratna).post(board(meeting), sent).status_code == 400
    assert list(Item.objects.values_list("pk", flat=True)) == before


def test_irma_sees_the_meeting_and_holds_nothing(meeting: Meeting, irma: User, login: Login) -> None:
    client = login(irma)
    for address in (LIST, board(meeting), unit(meeting, 1), f"{board(meeting)}layar/"):
        assert "<button" not in client.get(address).content.decode().partition("<main")[2]
    for address in (LIST, board(meeting), unit(meeting, 1)):
        assert client.post(address, {"deed": "show", "code": ""}).status_code == 403


def test_the_screen_shows_what_the_chair_shows(
    meeting: Meeting, ratna: User, irma: User, login: Login
) -> None:
    chair, watcher, screen = login(ratna), login(irma), f"{board(meeting)}layar/"
    assert "0 dari 2 diputuskan" in page(watcher, screen)
    moved = chair.post(board(meeting), {"deed": "show", "code": "lapas1", "from": "screen"})
    assert moved.headers["Location"] == screen
    assert "2 / 2" in page(watcher, screen)
    assert "Lapas Pontianak" in page(watcher, screen)
    assert "Ikuti rapat" in page(watcher, f"{screen}?unit=1")
    assert "Kanim Sambas" in page(watcher, f"{screen}?unit=1")
    assert Item.objects.get(campaign__code="lapas1").presented_at is not None
    chair.post(board(meeting), {"deed": "show", "code": ""})
    assert "Lapas Pontianak menunggu" in page(watcher, screen)
    for nonsense in ("99", "-1", "x", "9" * 400):
        assert "0 dari 2" in page(watcher, f"{screen}?unit={nonsense}")


def test_the_screen_goes_through_the_dossier_of_a_unit(
    meeting: Meeting, ratna: User, sambas: Unit, login: Login
) -> None:
    client, screen = login(ratna), f"{board(meeting)}layar/?unit=1"
    parts = re.findall(r"[?]unit=1&amp;bagian=([a-z-]+)", client.get(screen).content.decode())
    assert len(parts) > 5
    for part in parts:
        assert f'id="judul-{part}"' in client.get(f"{screen}&bagian={part}").content.decode()
    assert Event.objects.filter(kind="LOOK", deed="see-dossier", about="sambas1").count() == len(parts) - 1
    assert Event.objects.filter(kind="LOOK", deed="see-signals", about="sambas1").count() == 1
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas, valid_until=TOMORROW)
    assert "bagian=tanda" not in client.get(screen).content.decode()  # who ran a unit sees no signals of it


def test_a_screen_that_watches_asks_for_a_few_bytes_only(
    meeting: Meeting, ratna: User, irma: User, login: Login
) -> None:
    chair, watcher = login(ratna), login(irma)
    address = f"{board(meeting)}kini.json"
    first = watcher.get(address)
    assert first.json() == {"shown": 0, "items": 2, "decided": 0, "is_open": True}
    looks = Event.objects.filter(kind="LOOK").count()
    same = watcher.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert Event.objects.filter(kind="LOOK").count() == looks  # it says nothing that the page did not
    for deed in (
        (board(meeting), {"deed": "show", "code": "sambas1"}),
        (unit(meeting, 1), {"deed": "decide", "code": "sambas1", "decision": "VERIFIED"}),
        (board(meeting), {"deed": "later", "code": "sambas1"}),
    ):
        tag = watcher.get(address).headers["ETag"]
        chair.post(*deed)
        assert watcher.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert watcher.get(address).json() == {"shown": 2, "items": 2, "decided": 1, "is_open": True}
    screen = watcher.get(f"{board(meeting)}layar/").content.decode()
    assert f'data-tag="{watcher.get(address).headers["ETag"].strip(chr(34))}"' in screen


def test_the_board_asks_as_little_of_the_database_for_many(
    kanwil: Unit, sambas: Unit, ratna: User, login: Login
) -> None:
    one = gather(kanwil, ratna, screened(sambas, "s0"))
    many = gather(kanwil, ratna, *[screened(sambas, f"s{number}") for number in range(1, 9)])
    client = login(ratna)

    def asked(meeting: Meeting) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(board(meeting))
        return len(queries)

    asked(one)
    assert asked(many) == asked(one)


def test_the_screen_shows_what_is_decided_found_and_asked(
    meeting: Meeting, ratna: User, irma: User, login: Login
) -> None:
    chair, screen = login(ratna), f"{board(meeting)}layar/?unit=2"
    here = {"code": "lapas1"}
    chair.post(unit(meeting, 2), {**here, "deed": "ask", "text": "Di mana dipasang?", "answer": "Di loket."})
    chair.post(unit(meeting, 2), {**here, "deed": "ask", "text": "Sejak kapan?"})
    chair.post(unit(meeting, 2), {**here, "deed": "find", "finding": "Poster kecil."})
    mended = {"decision": "RETURNED", "note": "Perbesar.", "due_on": TOMORROW.isoformat()}
    chair.post(unit(meeting, 2), {**here, "deed": "decide", **mended})
    said = page(login(irma), screen)
    assert re.search(r"Dikembalikan \( ?rancangan ?\) Perbesar[.] Diperbaiki paling lambat", said)
    assert "Temuan rapat Poster kecil." in said
    assert re.search(r"Di mana dipasang[?] Di loket[.] dicatat ratna", said)
    assert "Sejak kapan? belum dijawab" in said


def test_what_is_found_or_answered_reaches_a_screen_that_watches(
    meeting: Meeting, ratna: User, irma: User, login: Login
) -> None:
    chair, watcher, address = login(ratna), login(irma), f"{board(meeting)}kini.json"
    for deed in (
        {"deed": "ask", "text": "Sejak kapan?"},
        {"deed": "answer-1", "answer-1": "Mei."},
        {"deed": "find", "finding": "Poster kecil."},
        {"deed": "decide", "decision": "VERIFIED"},
        {"deed": "decide", "decision": "VERIFIED_WITH_NOTES", "note": "Perbesar."},
    ):
        tag = watcher.get(address).headers["ETag"]
        seen = re.findall(r'name="seen" value="(\w+)"', chair.get(unit(meeting, 1)).content.decode())
        chair.post(unit(meeting, 1), {**deed, "code": "sambas1", "seen": "".join(seen)})
        assert watcher.get(address, headers={"If-None-Match": tag}).status_code == 200, deed


def test_after_the_end_every_page_shows_the_numbers_that_were_signed(
    meeting: Meeting, two: list[Campaign], ratna: User, login: Login
) -> None:
    client = login(ratna)
    check(two[1], ratna)
    ask(meeting, "lapas1", "Sejak kapan?", by=ratna, at=NOW)
    decide(meeting, "sambas1", Decision.VERIFIED, by=ratna, at=NOW)
    decide(meeting, "lapas1", Decision.RETURNED, Words("Jawab.", TOMORROW), by=ratna, at=NOW)
    before = re.findall(r"IKM \S+ · IPK \S+", page(client, board(meeting)))
    minutes = meetings.end(meeting, by=ratna, at=NOW)
    assert re.findall(r"IKM \S+ · IPK \S+", page(client, board(meeting))) == before != []
    document = decode(minutes.document)
    sambas = document["items"][0]
    sambas["indices"][0]["shown"], sambas["zone"][1]["shown"], sambas["responses"]["sealed"] = (
        "12,34",
        "9,87",
        77,
    )
    Minutes.objects.update(document=encode(document))  # so that nobody takes today's numbers for those
    question = Question.objects.get()
    asking.answer(question, "Sejak Mei.", by=person("dian", "OPERATOR", two[1].unit), at=NOW)
    own, screen = page(client, unit(meeting, 1)), page(client, f"{board(meeting)}layar/?unit=1")
    assert "IKM 12,34 · IPK 9,87" in page(client, board(meeting))
    for said in (own, screen):
        assert "Angka menurut berita acara, saat rapat berakhir: 77 jawaban tersegel" in said
        assert "12,34" in said
    assert "Sejak kapan? belum dijawab" in page(client, unit(meeting, 2))  # when it ended


def test_a_meeting_is_opened_on_another_day_only_by_who_means_it(
    kanwil: Unit, two: list[Campaign], ratna: User, login: Login
) -> None:
    tomorrow = replace(ROOM, held_on=TOMORROW)
    planned = meetings.plan(kanwil, tomorrow, two[:1], by=ratna, at=NOW)
    meetings.attend(planned, Attendee(Part.CHAIR, ratna), by=ratna, at=NOW)
    client = login(ratna)
    assert "Rapat ini direncanakan" in page(client, board(planned))
    refused = client.post(board(planned), {"deed": "open"})
    assert refused.status_code == 400
    assert "Rapat ini direncanakan untuk hari lain." in text_of(refused.content)
    form = re.search(r'name="day" value="([-0-9]+)"', client.get(board(planned)).content.decode())
    assert form
    assert client.post(board(planned), {"deed": "open", "day": form[1]}).status_code == 302
    assert re.search(r"Direncanakan \d+ \w+ \d+, dibuka \d+ \w+ \d+ pukul", page(client, board(planned)))


def test_a_meeting_without_an_agenda_says_so(two: list[Campaign], ratna: User, login: Login) -> None:
    client = login(ratna)
    assert "Tanpa survei yang dipilih, agenda rapat masih kosong." in page(client, LIST)
    planned = client.post(LIST, PLAN)["Location"]
    assert "Agenda masih kosong. Tambahkan survei di bawah" in page(client, planned)
