"""An office asks a unit, returns its survey, and gets it again; everybody sees how far it is."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tera.engine.transition import NotAllowed
from tera.engine.workflow import TABLE, Condition, Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.people.wording import DEEDS as TRAIL
from tera.portal.results import actions as results
from tera.portal.review.asking import actions as asking
from tera.portal.review.asking.queries import noted_by_office
from tera.portal.review.asking.reminding import remind_due
from tera.portal.review.asking.telling import tell_of_questions
from tera.portal.review.conditions import holds_of
from tera.portal.review.models import Item, Meeting, Question
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, latest_step, move, stage_of
from tera.portal.surveys.way import State, is_certifiable, way_of
from tera.portal.surveys.wording import CONDITIONS, DEEDS, STAGES
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import OVER, close_all, fill_methods
from tests.portal.test_certifying import let_say, text_of

NOW = datetime.now(UTC)
TODAY = timezone.localdate(NOW, ZoneInfo("Asia/Jakarta"))  # where Sambas lies
QUESTIONS, RESUBMIT = "/tinjauan/sambas1/pertanyaan/", "/tinjauan/sambas1/kirim-ulang/"
EVERYTHING = frozenset(Condition)
Login = Callable[[User], Client]


def returned(campaign: Campaign, kanwil: Unit, days: int = 14) -> Campaign:
    """Close a survey, and let a meeting of the region return it, to be mended in so many days."""
    let_say(campaign, *[4] * 12)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    ratna = Assignment.objects.get(user__username="ratna", unit=kanwil)
    words = Words("Foto poster di loket belum ada.", TODAY + timedelta(days=days))
    for deed in ("screen", "take-up"):
        move(campaign, deed, EVERYTHING, at=NOW, role=ratna)
    move(campaign, "return", EVERYTHING, at=NOW, role=ratna, words=words)
    return campaign


# ---- Questions


def test_ratna_asks_and_budi_answers(campaign: Campaign, ratna: User, budi: User, login: Login) -> None:
    asked = login(ratna).post(f"{QUESTIONS}ajukan/", {"deed": "ask", "text": "Di mana poster?"}, follow=True)
    assert "Pertanyaan dikirim kepada unit." in text_of(asked.content)
    assert "QUESTIONS_ANSWERED" not in holds_of(campaign, TODAY)
    page = text_of(login(budi).get(QUESTIONS).content)
    assert "Di mana poster?" in page
    assert "belum dijawab" in page
    assert "Ajukan pertanyaan" not in page
    empty = login(budi).post(f"{QUESTIONS}jawab/", {"number": 1, "text": " "})
    assert (empty.status_code, "Tulis jawabannya." in text_of(empty.content)) == (400, True)
    said = login(budi).post(f"{QUESTIONS}jawab/", {"number": 1, "text": "Di loket 2."}, follow=True)
    assert "Di loket 2." in text_of(said.content)
    assert "QUESTIONS_ANSWERED" in holds_of(campaign, TODAY)
    again = login(budi).post(f"{QUESTIONS}jawab/", {"number": 1, "text": "Di loket 3."}, follow=True)
    assert "Tidak ada yang berubah" in text_of(again.content)
    assert Question.objects.get().answer == "Di loket 2."
    trail = Event.objects.filter(kind="DEED", about="sambas1/1").order_by("pk")
    assert list(trail.values_list("deed", "who")) == [("ask-unit", "ratna"), ("answer-questions", "budi")]


def test_only_the_office_that_asked_takes_a_question_back(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    asking.ask(campaign, "Berapa kuesioner kertas?", by=ratna, at=NOW)
    assert "Tarik pertanyaan" not in login(irma).get(QUESTIONS).content.decode()
    take_back = {"deed": "withdraw", "number": 1}
    assert login(irma).post(f"{QUESTIONS}ajukan/", take_back).status_code == 403
    assert "QUESTIONS_ANSWERED" not in holds_of(campaign, TODAY)
    page = login(ratna).post(f"{QUESTIONS}ajukan/", take_back, follow=True)
    assert "Pertanyaan ditarik." in text_of(page.content)
    assert "QUESTIONS_ANSWERED" in holds_of(campaign, TODAY)
    assert Event.objects.filter(deed="withdraw-question", about="sambas1/1").exists()


def test_who_asks_does_not_answer_and_strangers_do_neither(
    campaign: Campaign, ratna: User, budi: User, dewi: User, login: Login
) -> None:
    question = asking.ask(campaign, "Berapa kuesioner kertas?", by=ratna, at=NOW)
    for somebody in (ratna, dewi):
        with pytest.raises(PermissionDenied):
            asking.answer(question, "Dua.", by=somebody, at=NOW)
    for somebody in (budi, dewi):
        with pytest.raises(PermissionDenied):
            asking.ask(campaign, "Mengapa?", by=somebody, at=NOW)
    assert login(dewi).get(QUESTIONS).status_code == 403


def test_nothing_is_asked_once_it_is_decided(
    campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    close_all()
    assert stage_of(campaign) == Stage.VERIFIED
    with pytest.raises(asking.CannotAsk, match="nothing is asked any more"):
        asking.ask(campaign, "Berapa?", by=ratna, at=NOW)
    assert "sudah diputuskan" in text_of(login(ratna).get(QUESTIONS).content)
    with pytest.raises(asking.CannotAsk, match="1 to 4000 characters"):
        asking.ask(campaign, "x" * 4001, by=ratna, at=NOW)


# ---- Sent in again


def test_budi_mends_answers_and_sends_it_in_again(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    asking.ask(campaign, "Di mana poster?", by=ratna, at=NOW)
    returned(campaign, kanwil)
    page = text_of(login(budi).get(RESUBMIT).content)
    for words in (
        "Foto poster di loket belum ada.",
        "tinggal 14 hari",
        "1 pertanyaan harus dijawab dahulu.",
        "Lembar metode belum lengkap",
    ):
        assert words in page
    wish = {"mended": "Foto poster ditambahkan."}
    early = login(budi).post(RESUBMIT, wish)
    assert early.status_code == 400
    assert "semua pertanyaan sudah dijawab unit atau ditarik kantor" in text_of(early.content)
    assert wish["mended"] in early.content.decode()  # what was typed is there still
    asking.answer(Question.objects.get(), "Di loket 2.", by=budi, at=NOW)
    assert "Tulis apa yang diperbaiki." in text_of(login(budi).post(RESUBMIT, {"mended": " "}).content)
    assert stage_of(campaign) == Stage.RETURNED
    sent = login(budi).post(RESUBMIT, wish, follow=True)
    assert "Dikirim ulang." in text_of(sent.content)
    last = latest_step(campaign)
    assert last is not None
    assert (last.stage, last.by, last.note) == (Stage.RESUBMITTED, budi, wish["mended"])
    assert Event.objects.filter(deed="resubmit", who="budi", about="sambas1").exists()


def test_what_was_not_returned_is_not_sent_in_again(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    assert "survei ini tidak sedang dikembalikan" in text_of(login(budi).get(RESUBMIT).content)
    with pytest.raises(NotAllowed):
        asking.resubmit(campaign, "Sudah.", by=budi, at=NOW)
    assert login(budi).post(RESUBMIT, {"mended": "Sudah."}).status_code == 400
    assert login(ratna).get(RESUBMIT).status_code == 403


def test_what_holds_is_looked_up_once_nobody_else_can_change_it(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User
) -> None:
    returned(campaign, kanwil)
    with CaptureQueriesContext(connection) as seen:
        asking.resubmit(campaign, "Foto ditambahkan.", by=budi, at=NOW)
    asked = [query["sql"] for query in seen]
    is_locked = next(
        place
        for place, sql in enumerate(asked)
        if sql.partition(" WHERE ")[0].endswith('FROM "surveys_campaign"')
    )
    is_looked_up = next(place for place, sql in enumerate(asked) if 'FROM "review_question"' in sql)
    assert is_locked < is_looked_up


def test_a_late_unit_may_still_send_it_in(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    returned(campaign, kanwil, days=1)
    late = NOW + timedelta(days=5)
    assert "OVERDUE" in holds_of(campaign, late.date())
    assert asking.resubmit(campaign, "Foto ditambahkan.", by=budi, at=late).stage == Stage.RESUBMITTED


# ---- Reminded


@pytest.fixture
def writes(settings: Settings, budi: User, ratna: User, dewi: User) -> None:
    settings.HAS_MAIL = True
    for somebody in (budi, ratna, dewi):
        somebody.email = f"{somebody.username}@contoh.id"
        somebody.save()


def test_the_unit_is_reminded_before_and_the_region_after(
    writes: None, campaign: Campaign, kanwil: Unit
) -> None:
    returned(campaign, kanwil, days=14)
    start = datetime.combine(TODAY, time(3), UTC)
    sent = {}
    for day in range(18):
        for hours in (0, 2):
            mail.outbox.clear()
            if remind_due(start + timedelta(days=day, hours=hours)):
                sent[14 - day, hours] = sorted(to for letter in mail.outbox for to in letter.to)
    unit, both = ["budi@contoh.id"], ["budi@contoh.id", "ratna@contoh.id"]
    assert sent == {(14, 0): unit, (7, 0): unit, (3, 0): unit, (1, 0): unit, (-1, 0): both}
    assert Event.objects.filter(deed="remind-resubmit").count() == 5


def test_a_day_without_a_round_is_made_up_for(writes: None, campaign: Campaign, kanwil: Unit) -> None:
    returned(campaign, kanwil, days=14)
    start = datetime.combine(TODAY, time(3), UTC)
    assert remind_due(start + timedelta(days=8)) == 1
    assert "tinggal 6 hari" in mail.outbox[0].subject
    assert "Foto poster di loket belum ada." in mail.outbox[0].body
    assert remind_due(start + timedelta(days=20)) == 1
    assert "tenggat perbaikan survei sudah lewat" in mail.outbox[1].subject


def test_nobody_is_reminded_of_what_was_sent_in_again_or_ran_it(
    writes: None, campaign: Campaign, kanwil: Unit, budi: User, ratna: User
) -> None:
    returned(campaign, kanwil, days=14)
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=campaign.unit, is_ended=True)
    assert remind_due(datetime.combine(TODAY + timedelta(days=15), time(3), UTC)) == 1
    assert [letter.to for letter in mail.outbox] == [["budi@contoh.id"]]
    asking.resubmit(campaign, "Foto ditambahkan.", by=budi, at=NOW)
    assert remind_due(datetime.combine(TODAY + timedelta(days=7), time(3), UTC)) == 0


def test_what_could_not_be_sent_is_tried_again(
    writes: None, campaign: Campaign, kanwil: Unit, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    returned(campaign, kanwil, days=7)
    at = datetime.combine(TODAY, time(3), UTC)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens
    assert remind_due(at) == 0
    assert "nobody could be reminded of campaign sambas1 (remind-resubmit)" in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_due(at) == 1
    settings.HAS_MAIL = False
    assert remind_due(at + timedelta(days=4)) == 0


def test_one_bad_address_stops_nobody_else(
    writes: None, campaign: Campaign, kanwil: Unit, budi: User, caplog: pytest.LogCaptureFixture
) -> None:
    returned(campaign, kanwil, days=7)
    eka = person("eka", "OPERATOR", campaign.unit)
    for user, address in ((budi, "budi@contoh.id\nBcc: semua@contoh.id"), (eka, "eka@contoh.id")):
        User.objects.filter(pk=user.pk).update(email=address)
    # as a unit could be named before
    Unit.objects.filter(pk=campaign.unit_id).update(short_name="Kanim\nSambas")
    assert remind_due(datetime.combine(TODAY, time(3), UTC)) == 1
    assert [letter.to for letter in mail.outbox] == [["eka@contoh.id"]]
    assert "budi could not be reminded of campaign sambas1 (remind-resubmit)" in caplog.text


def test_the_unit_hears_at_once_that_its_survey_is_returned(
    writes: None, campaign: Campaign, kanwil: Unit
) -> None:
    returned(campaign, kanwil, days=3)
    start = datetime.combine(TODAY, time(3), UTC)
    assert [remind_due(start + timedelta(days=day)) for day in range(5)] == [1, 0, 1, 0, 1]
    assert [letter.to for letter in mail.outbox[:2]] == [["budi@contoh.id"]] * 2
    assert "tinggal 3 hari" in mail.outbox[0].subject


def test_units_are_told_of_questions_once_a_day_and_never_twice_of_the_same(
    writes: None, campaign: Campaign, ratna: User, budi: User
) -> None:
    start = datetime.combine(TODAY, time(3), UTC)
    asking.ask(campaign, "Di mana poster?", by=ratna, at=start)
    assert tell_of_questions(start) == 1
    [letter] = mail.outbox
    assert letter.to == ["budi@contoh.id"]
    assert "1 pertanyaan tentang survei" in letter.subject
    assert "Di mana poster?" in letter.body
    asking.ask(campaign, "Berapa kuesioner kertas?", by=ratna, at=start)
    assert tell_of_questions(start + timedelta(hours=2)) == 0
    assert tell_of_questions(start + timedelta(days=1)) == 1
    assert "Di mana poster?" in mail.outbox[1].body
    assert "Berapa kuesioner kertas?" in mail.outbox[1].body
    assert tell_of_questions(start + timedelta(days=2)) == 0
    for question in Question.objects.all():
        asking.answer(question, "Di loket 2.", by=budi, at=NOW)
    asking.ask(campaign, "Sejak kapan?", by=ratna, at=NOW)
    asking.withdraw(Question.objects.get(number=3), by=ratna, at=NOW)
    assert tell_of_questions(start + timedelta(days=3)) == 0


def test_what_is_asked_in_a_meeting_is_told_after_it(
    writes: None, campaign: Campaign, kanwil: Unit, ratna: User
) -> None:
    held = {"held_on": TODAY, "begins_at": time(9), "place": "Aula", "title": "Rapat"}
    meeting = Meeting.objects.create(office=kanwil, number=1, by=ratna, at=NOW, opened_at=NOW, **held)
    Item.objects.create(meeting=meeting, campaign=campaign, place=1)
    asking.ask(campaign, "Di mana poster?", by=ratna, at=NOW)
    start = datetime.combine(TODAY, time(3), UTC)
    assert tell_of_questions(start) == 0
    Meeting.objects.update(ended_at=NOW)
    assert tell_of_questions(start) == 1


def test_who_wrote_an_answer_is_known_after_they_leave(
    campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    asking.ask(campaign, "Di mana poster?", by=ratna, at=NOW)
    asking.ask(campaign, "Berapa kuesioner kertas?", by=ratna, at=NOW)
    own, noted = Question.objects.order_by("number")
    asking.answer(own, "Di loket 2.", by=budi, at=NOW)
    said = {"answer": "Dua.", "answered_by": ratna, "answered_at": NOW}  # as a meeting notes it
    Question.objects.filter(pk=noted.pk).update(**said)
    noted.refresh_from_db()
    tomorrow = timezone.localdate(NOW) + timedelta(days=1)
    Assignment.objects.filter(user=budi).update(valid_until=tomorrow, is_ended=True)
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=campaign.unit, valid_from=tomorrow)
    assert [noted_by_office(own), noted_by_office(noted)] == [False, True]
    page = text_of(login(ratna).get(QUESTIONS).content)
    assert page.count("dicatat kantor dalam rapat") == 1
    assert page.count("Jawaban Kanim Sambas") == 1


def test_who_changes_the_language_after_an_error_comes_back_to_the_questions(
    campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    for user, address in ((ratna, "ajukan/"), (budi, "jawab/")):
        again = login(user).get(f"{QUESTIONS}{address}")
        assert (again.status_code, again["location"]) == (302, QUESTIONS)
        assert login(user).get(f"{QUESTIONS}{address}", follow=True).status_code == 200


# ---- How far it is


def test_the_way_shows_what_is_behind_and_what_usually_comes(
    campaign: Campaign, kanwil: Unit, ratna: User
) -> None:
    returned(campaign, kanwil)
    stops = way_of(campaign)
    assert [(stop.stage.value, stop.state.value) for stop in stops] == [
        ("COLLECTED", "done"),
        ("CLOSED", "done"),
        ("SCREENED", "done"),
        ("IN_VERIFICATION", "done"),
        ("RETURNED", "now"),
        ("RESUBMITTED", "to-come"),
        ("IN_VERIFICATION", "to-come"),
        ("VERIFIED", "to-come"),
        ("CERTIFIED", "to-come"),
        ("PUBLISHED", "to-come"),
    ]
    now = stops[4].step
    assert now is not None
    assert (now.office, now.note) == (kanwil, "Foto poster di loket belum ada.")


def test_who_is_alone_and_what_was_rejected_have_shorter_ways(campaign: Campaign) -> None:
    Unit.objects.get(slug="sambas").versions.update(parent=None)
    alone = way_of(Campaign.objects.get(code="sambas1"))
    assert [stop.stage for stop in alone[-2:]] == [Stage.CERTIFIED, Stage.PUBLISHED]
    assert Stage.VERIFIED not in {stop.stage for stop in alone}
    for deed in ("close", "screen", "take-up", "reject"):
        words = Words("Tidak dapat diperiksa.")
        move(campaign, deed, EVERYTHING, at=NOW, words=words)
    last = way_of(campaign)[-1]
    assert (last.stage, last.state) == (Stage.REJECTED, State.DONE)


def test_the_result_waits_for_the_region_and_says_so(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    returned(campaign, kanwil)
    fill_methods(campaign)
    assert not is_certifiable(campaign)
    page = login(ratna).get("/laporan/sambas1/").content.decode()
    assert "sahkan/" not in page
    assert "Dikembalikan kepada unit untuk diperbaiki" in text_of(page.encode())
    assert RESUBMIT not in page
    assert RESUBMIT in login(budi).get("/laporan/sambas1/").content.decode()
    assert "Foto poster di loket belum ada." in text_of(page.encode())
    refused = login(ratna).post("/laporan/sambas1/sahkan/", follow=True)
    assert refused.redirect_chain == [("/laporan/sambas1/?ditolak=verifikasi", 302)]
    assert "survei ini belum terverifikasi" in text_of(refused.content)
    asking.resubmit(campaign, "Foto ditambahkan.", by=budi, at=NOW)
    waiting = text_of(login(budi).get("/laporan/sambas1/").content)
    assert "Menunggu verifikasi oleh Kanwil Kalbar." in waiting
    for deed in ("take-up", "verify"):
        move(campaign, deed, EVERYTHING, at=NOW)
    assert "sahkan/" in login(ratna).get("/laporan/sambas1/").content.decode()
    results.certify(campaign, by=ratna, at=NOW)
    assert "Menunggu verifikasi" not in text_of(login(budi).get("/laporan/sambas1/").content)


def test_a_rejected_survey_says_that_nothing_is_certified(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 12)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    for deed in ("screen", "take-up", "reject"):
        move(campaign, deed, EVERYTHING, at=NOW, words=Words("Jawaban dibuat sendiri oleh petugas."))
    assert "hasil survei ini tidak disahkan" in text_of(login(ratna).get("/laporan/sambas1/").content)


def test_every_stage_deed_and_condition_has_words() -> None:
    assert STAGES.keys() == set(Stage)
    assert DEEDS.keys() == {row.deed for row in TABLE}
    assert CONDITIONS.keys() == EVERYTHING
    assert {"decline-exclusion", "withdraw-question", "remind-resubmit"} <= TRAIL.keys()


def test_a_verifier_of_another_region_sees_and_asks_nothing(
    campaign: Campaign, db: None, login: Login
) -> None:
    elsewhere = person("joko", "REGIONAL_VERIFIER", office("kaltim", "Kanwil Kaltim", "KANWIL"))
    assert login(elsewhere).get(QUESTIONS).status_code == 403
    with pytest.raises(PermissionDenied):
        asking.ask(campaign, "Berapa?", by=elsewhere, at=NOW)
