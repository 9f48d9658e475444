"""The page of a survey in a meeting: one button saves one thing, and nothing that was typed gets lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tera.engine.workflow import Condition
from tera.portal.accounts.models import User
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.item.actions import ask, decide
from tera.portal.review.models import Finding, Item, Meeting, Question
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, move
from tera.portal.units.models import Unit
from tests.portal.conftest import person
from tests.portal.gathering import NOW, TOMORROW, check, gather, screened
from tests.portal.test_meeting_screen import page, text_of

Login = Callable[[User], Client]
Sent = dict[str, str]
HERE = {"code": "sambas1"}


@pytest.fixture
def survey(sambas: Unit, ratna: User) -> Campaign:
    found = screened(sambas, "sambas1")
    check(found, ratna)
    return found


@pytest.fixture
def meeting(kanwil: Unit, ratna: User, survey: Campaign) -> Meeting:
    return gather(kanwil, ratna, survey)


@pytest.fixture
def wati(kanwil: Unit) -> User:
    return person("wati", "REGIONAL_HEAD", kanwil)


def address(meeting: Meeting) -> str:
    return reverse("meeting-item", args=[meeting.pk, 1])


def seen(html: str) -> str:
    found = re.search(r'name="seen"(?: value="(\w*)")?', html)
    assert found
    return found[1] or ""


def decision() -> tuple[str, str]:
    item = Item.objects.get()
    return item.decision, item.note


def test_what_is_typed_beside_the_button_comes_back_unsaved(
    meeting: Meeting, ratna: User, login: Login
) -> None:
    ask(meeting, "sambas1", "Sejak kapan?", by=ratna, at=NOW)
    typed = {
        **HERE,
        "decision": "RETURNED",
        "note": "Pasang banner.",
        "due_on": TOMORROW.isoformat(),
        "text": "Di mana?",
        "answer-1": "Sejak Mei.",
        "finding": "Poster kecil.",
    }
    reply = login(ratna).post(address(meeting), {**typed, "deed": "find"})
    assert reply.status_code == 200
    html = reply.content.decode()
    assert "Tulisan lain di halaman ini masih ada, tetapi belum disimpan." in text_of(reply.content)
    assert [one.text for one in Finding.objects.all()] == ["Poster kecil."]
    for kept in ("Pasang banner.</textarea>", "Di mana?</textarea>", "Sejak Mei.</textarea>"):
        assert kept in html
    assert re.search('value="RETURNED" checked', html)
    assert f'value="{TOMORROW.isoformat()}"' in html
    assert "Poster kecil.</textarea>" not in html  # which is saved
    assert decision() == ("", "")
    assert Question.objects.filter(answered_at=None).count() == 1


def test_what_is_typed_beside_a_button_that_is_refused_comes_back_too(
    meeting: Meeting, ratna: User, login: Login
) -> None:
    typed = {**HERE, "decision": "REJECTED", "note": "", "text": "Di mana?", "finding": "Poster kecil."}
    reply = login(ratna).post(address(meeting), {**typed, "deed": "decide"})
    assert reply.status_code == 400
    assert "catatan belum ditulis" in text_of(reply.content)
    for kept in ("Di mana?</textarea>", "Poster kecil.</textarea>"):
        assert kept in reply.content.decode()
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    "deed",
    [
        {"deed": "ask", "text": "Di mana?", "answer": "Di loket."},
        {"deed": "answer-1", "answer-1": "Sejak Mei."},
        {"deed": "find", "finding": "Poster\r\nkecil."},
        {"deed": "decide", "decision": "REJECTED", "note": "Diisi\r\npegawai."},
    ],
    ids=lambda deed: deed["deed"],
)
def test_a_page_that_is_sent_twice_does_it_once(
    meeting: Meeting, ratna: User, login: Login, deed: Sent
) -> None:
    ask(meeting, "sambas1", "Sejak kapan?", by=ratna, at=NOW)
    beside = {"note": "Belum."} if deed["deed"] != "decide" else {"finding": "Belum."}
    client = login(ratna)

    def stands() -> list[object]:
        questions = Question.objects.order_by("number").values_list("text", "answer", "answered_at")
        return [*questions, *Finding.objects.values_list("text"), decision()]

    assert client.post(address(meeting), {**beside, **HERE, **deed}).status_code == 200
    once = stands()
    assert client.post(address(meeting), {**beside, **HERE, **deed}).status_code == 200
    assert stands() == once


def test_who_typed_nothing_else_is_led_on(meeting: Meeting, ratna: User, login: Login) -> None:
    client = login(ratna)
    decide(meeting, "sambas1", Decision.REJECTED, Words("Diisi\r\npegawai."), by=ratna, at=NOW)
    shown = {"decision": "REJECTED", "note": "Diisi\r\npegawai."}
    mark = seen(client.get(address(meeting)).content.decode())
    sent = {**HERE, **shown, "seen": mark, "deed": "find", "finding": "Poster kecil."}
    assert client.post(address(meeting), sent)["Location"] == address(meeting)


def test_a_stale_page_does_not_replace_what_somebody_else_decided(
    meeting: Meeting, ratna: User, wati: User, login: Login
) -> None:
    client = login(ratna)
    stale = seen(client.get(address(meeting)).content.decode())
    decide(meeting, "sambas1", Decision.RETURNED, Words("Pasang banner.", TOMORROW), by=wati, at=NOW)
    mine = {**HERE, "deed": "decide", "decision": "VERIFIED_WITH_NOTES", "note": "Jaga posternya."}
    refused = client.post(address(meeting), {**mine, "seen": stale})
    assert refused.status_code == 400
    said, html = text_of(refused.content), refused.content.decode()
    assert "Keputusan tentang Kanim Sambas diubah orang lain" in said
    assert re.search(r"Dikembalikan \( ?rancangan ?\) Pasang banner[.].* wati", said)
    assert "Jaga posternya.</textarea>" in html
    assert decision() == (Decision.RETURNED, "Pasang banner.")
    assert client.post(address(meeting), {**mine, "seen": seen(html)}).status_code == 302  # now it is meant
    assert decision() == (Decision.VERIFIED_WITH_NOTES, "Jaga posternya.")


def test_a_day_or_a_note_that_changed_makes_a_page_stale_too(
    meeting: Meeting, ratna: User, wati: User, login: Login
) -> None:
    client = login(ratna)
    later = TOMORROW + timedelta(days=7)
    decide(meeting, "sambas1", Decision.RETURNED, Words("Pasang.", TOMORROW), by=ratna, at=NOW)
    for words in (Words("Pasang.", later), Words("Pasang dua.", later)):
        stale = seen(client.get(address(meeting)).content.decode())
        decide(meeting, "sambas1", Decision.RETURNED, words, by=wati, at=NOW)
        sent = {**HERE, "deed": "decide", "decision": "VERIFIED", "seen": stale}
        assert client.post(address(meeting), sent).status_code == 400
    assert decision() == (Decision.RETURNED, "Pasang dua.")


def test_a_decision_is_taken_back_and_a_note_alone_is_none(
    meeting: Meeting, ratna: User, login: Login
) -> None:
    client = login(ratna)
    alone = client.post(address(meeting), {**HERE, "deed": "decide", "note": "Hampir baik."})
    assert "Pilih dahulu keputusannya." in text_of(alone.content)
    assert "Hampir baik.</textarea>" in alone.content.decode()
    decide(meeting, "sambas1", Decision.VERIFIED, by=ratna, at=NOW)
    mark = seen(client.get(address(meeting)).content.decode())
    back = {**HERE, "deed": "decide", "decision": "", "seen": mark}
    assert client.post(address(meeting), back).status_code == 302
    assert client.post(address(meeting), back).status_code == 302
    assert decision() == ("", "")


def test_the_page_says_who_decides(meeting: Meeting, ratna: User, login: Login) -> None:
    said = page(login(ratna), address(meeting))
    assert "Yang memutuskan: akun yang berperan Verifikator kantor wilayah / Kepala kantor wilayah" in said
    assert "Di rapat ini: ratna." in said


def test_a_survey_that_comes_back_shows_why_and_what_was_mended(
    meeting: Meeting, survey: Campaign, kanwil: Unit, ratna: User, login: Login
) -> None:
    client, first = login(ratna), address(meeting)
    decide(meeting, "sambas1", Decision.RETURNED, Words("Pasang banner.", TOMORROW), by=ratna, at=NOW)
    meetings.end(meeting, by=ratna, at=NOW)
    assert "Pernah dikembalikan" not in page(client, first)  # it is what this meeting decided
    move(survey, "resubmit", {Condition.QUESTIONS_ANSWERED}, at=NOW, words=Words("Banner di pintu."))
    again = gather(kanwil, ratna, survey)
    screen = f"{reverse('meeting-screen', args=[again.pk])}?unit=1"
    for said in (page(client, address(again)), page(client, screen)):
        assert re.search(r"Dikembalikan .*, diperbaiki paling lambat .*: Pasang banner[.]", said)
        assert re.search(r"Dikirim ulang .*kata unit: Banner di pintu[.]", said)
