"""The office meets: surveys come on the agenda, each is decided, and with the end all of it takes effect."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.engine.workflow import Condition, Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.results.models import Exclusion
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.actions import Attendee
from tera.portal.review.meetings.board import warnings_of
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.meetings.item.actions import ask, decide, find, note_answer
from tera.portal.review.meetings.queries import next_meeting_of, takeable
from tera.portal.review.models import Attendance, Finding, Item, Meeting, Minutes
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import Words, latest_step, move, stage_of
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.gathering import NOW, ROOM, TODAY, TOMORROW, check, gather, screened

Login = Callable[[User], Client]
MEND = Words("Banyak jawaban kosong; periksa lokasi survei.", TODAY + timedelta(days=14))


@pytest.fixture
def three(kanwil: Unit, sambas: Unit, lapas: Unit, ratna: User) -> list[Campaign]:
    """Return three surveys that are screened and checked: of Sambas, the Lapas and the Bapas."""
    bapas = office("bapas", "Bapas Pontianak", "BAPAS", kanwil)
    found = [screened(unit, unit.slug) for unit in (sambas, lapas, bapas)]
    for campaign in found:
        check(campaign, ratna)
    return found


@pytest.fixture
def meeting(kanwil: Unit, ratna: User, three: list[Campaign]) -> Meeting:
    """Return a meeting about the three that Ratna chairs and has opened."""
    return gather(kanwil, ratna, *three)


def refusal(deed: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        deed()
    return caught.value


def agenda(meeting: Meeting) -> list[tuple[int, str]]:
    return [(item.place, item.campaign.code) for item in Item.objects.filter(meeting=meeting)]


def verified(meeting: Meeting, code: str, by: User) -> None:
    decide(meeting, code, Decision.VERIFIED, by=by, at=NOW)


def test_a_meeting_takes_up_three_units_and_decides_of_each(
    meeting: Meeting, three: list[Campaign], ratna: User
) -> None:
    assert {stage_of(campaign) for campaign in three} == {Stage.IN_VERIFICATION}
    verified(meeting, "sambas", ratna)
    decide(meeting, "lapas", Decision.RETURNED, MEND, by=ratna, at=NOW)
    decide(meeting, "bapas", Decision.REJECTED, Words("Jawaban diisi pegawai."), by=ratna, at=NOW)
    assert {stage_of(campaign) for campaign in three} == {Stage.IN_VERIFICATION}  # drafts, until it ends
    minutes = meetings.end(meeting, by=ratna, at=NOW)
    assert [stage_of(campaign) for campaign in three] == [Stage.VERIFIED, Stage.RETURNED, Stage.REJECTED]
    assert minutes.meeting == meeting
    returned = latest_step(three[1])
    assert returned is not None
    assert (returned.note, returned.due_on, returned.by) == (MEND.note, MEND.due_on, ratna)
    assert returned.office == meeting.office
    assert [item.step for item in Item.objects.filter(meeting=meeting)] == [latest_step(one) for one in three]


def test_every_deed_is_in_the_trail(meeting: Meeting, three: list[Campaign], ratna: User) -> None:
    for campaign in three:
        verified(meeting, campaign.code, ratna)
    meetings.end(meeting, by=ratna, at=NOW)
    told = list(Event.objects.filter(kind="DEED", who="ratna").values_list("deed", flat=True))
    for deed in ("plan-meeting", "attend-meeting", "open-meeting", "end-meeting", "draw-up-minutes"):
        assert told.count(deed) == 1
    for deed in ("put-on-agenda", "draft-decision", "verify"):
        assert told.count(deed) == 3


def test_a_decision_can_be_changed_and_taken_back_until_the_end(
    meeting: Meeting, three: list[Campaign], ratna: User
) -> None:
    decide(meeting, "sambas", Decision.RETURNED, MEND, by=ratna, at=NOW)
    verified(meeting, "sambas", ratna)
    item = Item.objects.get(meeting=meeting, campaign=three[0])
    assert (item.decision, item.note, item.due_on) == (Decision.VERIFIED, "", None)
    decide(meeting, "sambas", None, by=ratna, at=NOW)
    item.refresh_from_db()
    assert (item.decision, item.decided_by) == ("", None)


def test_it_does_not_end_while_one_is_undecided(meeting: Meeting, three: list[Campaign], ratna: User) -> None:
    verified(meeting, "sambas", ratna)
    verified(meeting, "bapas", ratna)
    refused = refusal(lambda: meetings.end(meeting, by=ratna, at=NOW))
    assert (refused.reason, refused.names) == (Reason.UNDECIDED, ("Lapas Pontianak",))
    assert stage_of(three[0]) == Stage.IN_VERIFICATION
    assert not Minutes.objects.exists()


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (Words(), (Condition.NOTE_GIVEN, Condition.DUE_ON_GIVEN)),
        (Words("Perbaiki."), (Condition.DUE_ON_GIVEN,)),
        (Words("Perbaiki.", TODAY), (Condition.DUE_ON_GIVEN,)),
        (Words(" ", TODAY + timedelta(days=7)), (Condition.NOTE_GIVEN,)),
    ],
)
def test_what_is_returned_needs_a_note_and_a_day_to_come(
    meeting: Meeting, ratna: User, words: Words, missing: tuple[Condition, ...]
) -> None:
    refused = refusal(lambda: decide(meeting, "sambas", Decision.RETURNED, words, by=ratna, at=NOW))
    assert (refused.reason, refused.missing) == (Reason.LACKING, missing)
    assert not Item.objects.exclude(decision="").exists()


def test_an_open_question_stands_in_the_way_until_its_answer_is_noted(
    meeting: Meeting, three: list[Campaign], ratna: User
) -> None:
    question = ask(meeting, "sambas", "Di mana survei dipasang?", by=ratna, at=NOW)
    refused = refusal(lambda: verified(meeting, "sambas", ratna))
    assert refused.missing == (Condition.QUESTIONS_ANSWERED,)
    note_answer(meeting, "sambas", question.number, "Di loket paspor.", by=ratna, at=NOW)
    verified(meeting, "sambas", ratna)
    assert refusal(
        lambda: note_answer(meeting, "sambas", question.number, "Di rumah.", by=ratna, at=NOW)
    ).reason == (Reason.NO_QUESTION)
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Di loket paspor.", ratna)
    both = ask(meeting, "sambas", "Siapa yang menjaga?", "Petugas loket.", by=ratna, at=NOW)
    both.refresh_from_db()
    assert (both.number, both.answer) == (2, "Petugas loket.")


def test_what_came_up_after_the_draft_is_found_at_the_end(
    meeting: Meeting, three: list[Campaign], ratna: User
) -> None:
    for campaign in three:
        verified(meeting, campaign.code, ratna)
    ask(meeting, "lapas", "Mengapa semua jawaban sama?", by=ratna, at=NOW)
    refused = refusal(lambda: meetings.end(meeting, by=ratna, at=NOW))
    assert (refused.reason, refused.names) == (Reason.LACKING, ("Lapas Pontianak",))
    assert refused.missing == (Condition.QUESTIONS_ANSWERED,)
    assert {stage_of(campaign) for campaign in three} == {Stage.IN_VERIFICATION}  # nothing took effect
    assert Meeting.objects.get(pk=meeting.pk).ended_at is None


def test_who_ran_a_unit_decides_of_the_others_only(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, sambas: Unit, ratna: User
) -> None:
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    Assignment.objects.create(user=wati, role="OPERATOR", unit=sambas, valid_until=TOMORROW)
    verified(meeting, "lapas", wati)
    for deed in (
        lambda: verified(meeting, "sambas", wati),
        lambda: ask(meeting, "sambas", "Mengapa?", "Tidak apa-apa.", by=wati, at=NOW),
        lambda: find(meeting, "sambas", "Semua baik.", by=wati, at=NOW),
    ):
        with pytest.raises(PermissionDenied, match="Kanim Sambas"):
            deed()
    verified(meeting, "sambas", ratna)
    verified(meeting, "bapas", ratna)
    with pytest.raises(PermissionDenied, match="Kanim Sambas"):
        meetings.end(meeting, by=wati, at=NOW)
    assert {stage_of(campaign) for campaign in three} == {Stage.IN_VERIFICATION}
    meetings.end(meeting, by=ratna, at=NOW)
    assert {stage_of(campaign) for campaign in three} == {Stage.VERIFIED}


def test_who_ran_a_unit_does_not_take_it_up_either(
    three: list[Campaign], kanwil: Unit, sambas: Unit, ratna: User
) -> None:
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas, valid_until=TOMORROW)
    with pytest.raises(PermissionDenied, match="Kanim Sambas"):
        meetings.plan(kanwil, ROOM, three, by=ratna, at=NOW)
    assert not Meeting.objects.exists()
    assert not Step.objects.filter(deed="take-up").exists()


def test_another_region_and_the_unit_itself_see_nothing(
    meeting: Meeting, budi: User, kanwil: Unit, login: Login
) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    joko = person("joko", "REGIONAL_VERIFIER", kaltim)
    pages = [f"/tinjauan/rapat/{meeting.pk}/{page}" for page in ("", "unit/1/", "layar/", "kini.json")]
    for stranger in (joko, budi):
        for page in ("/tinjauan/rapat/kantor/kanwil/", *pages):
            assert login(stranger).get(page).status_code == 403, page
    with pytest.raises(PermissionDenied):
        verified(meeting, "sambas", joko)


def test_a_survey_of_elsewhere_never_comes_on_the_agenda(kanwil: Unit, ratna: User) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    bontang = screened(office("bontang", "Kanim Bontang", "KANIM", kaltim), "bontang")
    assert takeable(kanwil, TODAY) == []
    with pytest.raises(PermissionDenied, match="Kanim Bontang"):
        meetings.plan(kanwil, ROOM, [bontang], by=ratna, at=NOW)
    Assignment.objects.create(user=ratna, role="REGIONAL_VERIFIER", unit=kaltim)  # she verifies for both
    refused = refusal(lambda: meetings.plan(kanwil, ROOM, [bontang], by=ratna, at=NOW))
    assert (refused.reason, refused.names) == (Reason.NOT_TO_BE_TAKEN_UP, ("Kanim Bontang",))
    assert not Item.objects.exists()
    meetings.plan(kaltim, ROOM, [bontang], by=ratna, at=NOW)


def test_a_meeting_has_one_chair_and_needs_one(kanwil: Unit, ratna: User, irma: User, budi: User) -> None:
    meeting = meetings.plan(kanwil, ROOM, [], by=ratna, at=NOW)
    assert refusal(lambda: meetings.open_meeting(meeting, by=ratna, at=NOW)).reason == Reason.NOT_CHAIRED
    meetings.attend(meeting, Attendee(Part.MINUTES, budi), by=ratna, at=NOW)
    chair = meetings.attend(meeting, Attendee(Part.CHAIR, ratna), by=ratna, at=NOW)
    second = refusal(lambda: meetings.attend(meeting, Attendee(Part.CHAIR, irma), by=ratna, at=NOW))
    assert (second.reason, second.names) == (Reason.CHAIRED, ("ratna",))
    observer = meetings.attend(meeting, Attendee(Part.OBSERVER, irma), by=ratna, at=NOW)
    assert observer.office_name == "Inspektorat Jenderal"
    guest = Attendee(Part.OBSERVER, name="Bu Lina", office_name="Ombudsman")
    meetings.attend(meeting, guest, by=ratna, at=NOW)
    meetings.open_meeting(meeting, by=ratna, at=NOW)
    assert refusal(lambda: meetings.open_meeting(meeting, by=ratna, at=NOW)).reason == Reason.IS_OPEN
    assert refusal(lambda: meetings.leave(meeting, chair.pk, by=ratna)).reason == Reason.NOT_CHAIRED
    meetings.leave(meeting, observer.pk, by=ratna)
    assert list(meeting.attendances.values_list("name", flat=True)) == ["budi", "ratna", "Bu Lina"]


def test_nobody_is_noted_as_what_they_are_not(
    meeting: Meeting, kanwil: Unit, ratna: User, irma: User, budi: User, dewi: User
) -> None:
    def noted(part: Part, user: User | None, name: str = "") -> Attendance:
        guest = Attendee(part, user, name, "Ombudsman")
        return meetings.attend(meeting, guest, by=ratna, at=NOW)

    wati, agus = person("wati", "REGIONAL_HEAD", kanwil), person("agus", "AUDITOR", kanwil)
    rutan = office("rutan", "Rutan Sambas", "RUTAN", kanwil)
    rina = person("rina", "OPERATOR", rutan)  # whose unit is not on the agenda
    for user in (budi, agus, None):
        refused = refusal(partial(noted, Part.VERIFIER, user, "Bu Lina"))
        assert (refused.reason, refused.names) == (Reason.NO_VERIFIER, ("Kanwil Kalbar",))
    for user in (rina, wati, irma):
        refused = refusal(partial(noted, Part.PRESENTER, user))
        assert (refused.reason, refused.names) == (Reason.NO_PRESENTER, (user.username,))
    told = {noted(part, user).part for part, user in [(Part.VERIFIER, wati), (Part.VERIFIER, irma)]}
    told |= {noted(Part.PRESENTER, user).part for user in (budi, dewi)}
    told |= {noted(part, user).part for part, user in [(Part.OBSERVER, agus), (Part.MINUTES, rina)]}
    assert noted(Part.PRESENTER, None, "Pak Danu").user is None
    assert told == {Part.VERIFIER, Part.PRESENTER, Part.OBSERVER, Part.MINUTES}


def test_who_observes_decides_all_the_same_where_their_role_does(
    meeting: Meeting, kanwil: Unit, ratna: User
) -> None:
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    meetings.attend(meeting, Attendee(Part.OBSERVER, wati), by=ratna, at=NOW)
    verified(meeting, "sambas", wati)
    assert Item.objects.get(meeting=meeting, place=1).decided_by == wati


def test_people_without_a_role_here_come_as_guests_only(kanwil: Unit, ratna: User) -> None:
    joko = person("joko", "REGIONAL_VERIFIER", office("kaltim", "Kanwil Kaltim", "KANWIL"))
    meeting = meetings.plan(kanwil, ROOM, [], by=ratna, at=NOW)
    refused = refusal(lambda: meetings.attend(meeting, Attendee(Part.OBSERVER, joko), by=ratna, at=NOW))
    assert refused.reason == Reason.NO_ATTENDEE


def test_of_two_who_end_it_at_once_one_does(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, ratna: User
) -> None:
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    for campaign in three:
        verified(meeting, campaign.code, ratna)
    hers, his = Meeting.objects.get(pk=meeting.pk), Meeting.objects.get(pk=meeting.pk)  # on two desks
    meetings.end(hers, by=wati, at=NOW)
    assert refusal(lambda: meetings.end(his, by=ratna, at=NOW)).reason == Reason.ENDED
    assert Minutes.objects.count() == 1
    assert Step.objects.filter(deed="verify").count() == 3


def test_a_survey_is_on_one_agenda_at_a_time(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, ratna: User
) -> None:
    refused = refusal(lambda: meetings.plan(kanwil, ROOM, three[:1], by=ratna, at=NOW))
    assert (refused.reason, refused.names) == (Reason.NOT_TO_BE_TAKEN_UP, ("Kanim Sambas",))
    assert next_meeting_of(three[0]) == meeting
    assert Meeting.objects.count() == 1  # and nothing is left of the second


def test_what_is_taken_off_stays_in_verification_for_another_meeting(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, ratna: User
) -> None:
    sambas, *_ = three
    verified(meeting, "lapas", ratna)
    refused = refusal(lambda: meetings.take_off_agenda(meeting, "lapas", by=ratna))
    assert (refused.reason, refused.names) == (Reason.DECIDED, ("Lapas Pontianak",))
    meetings.take_off_agenda(meeting, "sambas", by=ratna)
    assert agenda(meeting) == [(1, "lapas"), (2, "bapas")]
    assert (stage_of(sambas), next_meeting_of(sambas)) == (Stage.IN_VERIFICATION, None)
    assert takeable(kanwil, TODAY) == [sambas]
    verified(meeting, "bapas", ratna)
    meetings.end(meeting, by=ratna, at=NOW)
    second = meetings.plan(kanwil, ROOM, [sambas], by=ratna, at=NOW)
    assert (second.number, next_meeting_of(sambas)) == (2, second)
    assert Step.objects.filter(campaign=sambas, deed="take-up").count() == 1


def test_a_meeting_of_which_all_is_postponed_is_called_off(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, ratna: User
) -> None:
    assert refusal(lambda: meetings.call_off(meeting, by=ratna)).reason == Reason.HAS_AGENDA
    for campaign in three:
        meetings.take_off_agenda(meeting, campaign.code, by=ratna)
    assert refusal(lambda: meetings.end(meeting, by=ratna, at=NOW)).reason == Reason.NO_AGENDA
    meetings.call_off(meeting, by=ratna)
    assert not Meeting.objects.exists()
    assert set(takeable(kanwil, TODAY)) == set(three)


def test_the_agenda_is_put_in_order(meeting: Meeting, ratna: User) -> None:
    meetings.put_earlier(meeting, "bapas", 1, by=ratna)
    assert agenda(meeting) == [(1, "sambas"), (2, "bapas"), (3, "lapas")]
    meetings.put_earlier(meeting, "sambas", -1, by=ratna)
    assert agenda(meeting) == [(1, "bapas"), (2, "sambas"), (3, "lapas")]
    meetings.put_earlier(meeting, "bapas", 1, by=ratna)  # it is first already
    assert agenda(meeting) == [(1, "bapas"), (2, "sambas"), (3, "lapas")]


def test_what_has_ended_never_changes(
    meeting: Meeting, three: list[Campaign], ratna: User, budi: User
) -> None:
    for campaign in three:
        verified(meeting, campaign.code, ratna)
    find(meeting, "sambas", "Kotak saran dipasang.", by=ratna, at=NOW)
    meetings.end(meeting, by=ratna, at=NOW)
    attendance = meeting.attendances.get()
    for deed in (
        lambda: decide(meeting, "sambas", Decision.REJECTED, Words("Batal."), by=ratna, at=NOW),
        lambda: find(meeting, "sambas", "Satu lagi.", by=ratna, at=NOW),
        lambda: ask(meeting, "sambas", "Satu lagi?", by=ratna, at=NOW),
        lambda: meetings.put_on_agenda(meeting, three, by=ratna, at=NOW),
        lambda: meetings.take_off_agenda(meeting, "sambas", by=ratna),
        lambda: meetings.put_earlier(meeting, "bapas", 1, by=ratna),
        lambda: meetings.attend(meeting, Attendee(Part.OBSERVER, budi), by=ratna, at=NOW),
        lambda: meetings.leave(meeting, attendance.pk, by=ratna),
        lambda: meetings.open_meeting(meeting, by=ratna, at=NOW),
        lambda: meetings.show(meeting, "sambas", by=ratna, at=NOW),
        lambda: meetings.end(meeting, by=ratna, at=NOW),
    ):
        assert refusal(deed).reason == Reason.ENDED
    assert Finding.objects.count() == 1
    assert {stage_of(campaign) for campaign in three} == {Stage.VERIFIED}


def test_nothing_is_decided_before_it_is_opened(three: list[Campaign], kanwil: Unit, ratna: User) -> None:
    meeting = meetings.plan(kanwil, ROOM, three, by=ratna, at=NOW)
    assert refusal(lambda: verified(meeting, "sambas", ratna)).reason == Reason.NOT_OPEN
    assert refusal(lambda: meetings.end(meeting, by=ratna, at=NOW)).reason == Reason.NOT_OPEN


def test_what_was_returned_can_be_taken_up_when_its_day_has_passed(
    meeting: Meeting, three: list[Campaign], kanwil: Unit, ratna: User
) -> None:
    for campaign in three:
        decide(meeting, campaign.code, Decision.RETURNED, MEND, by=ratna, at=NOW)
    meetings.end(meeting, by=ratna, at=NOW)
    assert MEND.due_on is not None
    assert takeable(kanwil, MEND.due_on) == []
    later = NOW + timedelta(days=16)
    assert set(takeable(kanwil, later.date())) == set(three)
    refused = refusal(lambda: meetings.plan(kanwil, ROOM, three[:1], by=ratna, at=NOW))
    assert (refused.reason, refused.missing) == (Reason.NOT_TO_BE_TAKEN_UP, (Condition.OVERDUE,))
    meetings.plan(kanwil, ROOM, three[:1], by=ratna, at=later)
    assert stage_of(three[0]) == Stage.IN_VERIFICATION
    move(three[1], "resubmit", {Condition.QUESTIONS_ANSWERED}, at=NOW, words=Words("Sudah diperbaiki."))
    assert set(takeable(kanwil, TODAY)) == {three[1]}


def test_the_board_warns_of_what_the_conditions_say(
    three: list[Campaign], kanwil: Unit, lapas: Unit, ratna: User
) -> None:
    unchecked = screened(office("rutan", "Rutan Sambas", "RUTAN", kanwil), "rutan")
    meeting = gather(kanwil, ratna, *three, unchecked)
    ask(meeting, "sambas", "Mengapa?", by=ratna, at=NOW)
    Exclusion.objects.create(campaign=three[1], number=1, proposed_by=ratna, proposed_for=kanwil, count=2)
    warned = warnings_of([*three, unchecked])
    for campaign in (*three, unchecked):
        assert warned[campaign.pk].holds == holds_of(campaign, TODAY)
    assert [bool(warned[one.pk]) for one in (*three, unchecked)] == [True, True, False, True]
