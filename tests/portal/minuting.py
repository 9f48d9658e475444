"""A meeting of the regional office about two units, held, ended and minuted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from django.conf import settings

from tera.engine.workflow import Condition
from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.review.minutes.actions import draw_up
from tera.portal.review.minutes.statements import minutes_id
from tera.portal.review.models import Attendance, Finding, Item, Meeting, Minutes, Question
from tera.portal.review.models.meeting import Part
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, move
from tera.portal.units.models import Unit
from tests.portal.deciding import OVER
from tests.portal.plans import plan_for
from tests.portal.respondents import let_answer

HELD = date(2100, 12, 7)  # a Tuesday
BEGAN, ENDED = datetime(2100, 12, 7, 2, 4, tzinfo=UTC), datetime(2100, 12, 7, 4, 31, tzinfo=UTC)
DUE = date(2100, 12, 21)
DEEDS = {
    "VERIFIED": "verify",
    "VERIFIED_WITH_NOTES": "verify-with-notes",
    "RETURNED": "return",
    "REJECTED": "reject",
}
HELD_BACK = {"VERIFIED_WITH_NOTES", "RETURNED", "REJECTED"}


def close(*campaigns: Campaign) -> None:
    """Let sixty people answer each survey, in two blocks, and let its window pass."""
    for campaign in campaigns:
        let_answer(campaign, settings.INTAKE, 40)
    actions.seal_due(datetime.now(UTC))
    for campaign in campaigns:
        let_answer(campaign, settings.INTAKE, 20)
    actions.seal_due(OVER)
    actions.tell_of_blocks()


def survey_of(unit: Unit, code: str) -> Campaign:
    """Open a survey of a unit."""
    now = datetime.now(UTC)
    opened = actions.record(unit=unit, plan=plan_for(now.date()), by=None, at=now, code=code)
    actions.publish(opened)
    return opened


def meet(office: Unit, by: User, campaigns: Sequence[Campaign], *attending: User) -> Meeting:
    """Let an office meet about surveys that are closed; what the meeting notes names the survey's code."""
    meeting = Meeting.objects.create(
        by=by,
        office=office,
        at=BEGAN,
        number=Meeting.objects.filter(office=office).count() + 1,
        held_on=HELD,
        begins_at=time(9, 0),
        place="Ruang rapat lantai 2",
        title="Rapat verifikasi semester ini",
        opened_at=BEGAN,
    )
    for place, campaign in enumerate(campaigns, 1):
        item = Item.objects.create(meeting=meeting, campaign=campaign, place=place)
        text = f"Poster {campaign.code} tidak terlihat dari loket."
        Finding.objects.create(item=item, number=1, text=text, by=by, office=office, at=BEGAN)
        asked = {"text": f"Mengapa {campaign.code} sepi di bulan Mei?", "answer": "Loket ditutup seminggu."}
        Question.objects.create(campaign=campaign, number=1, by=by, office=office, at=BEGAN, **asked)
        for deed in ("screen", "take-up"):
            move(campaign, deed, set(Condition), at=BEGAN)
    for user in attending:
        role = user.assignments_on().first()
        part = Part.PRESENTER if role and role.role in {"OPERATOR", "HEAD_OF_UNIT"} else Part.VERIFIER
        there = {"name": user.get_username(), "office": role.acts_for if role else None}
        name = role.acts_for.name if role else "Tamu"
        Attendance.objects.create(meeting=meeting, user=user, part=part, office_name=name, **there)
    return meeting


def end(meeting: Meeting, by: User, *decisions: str) -> Minutes:
    """End a meeting with a decision about each survey of its agenda."""
    role = require(by, "hold-meetings", meeting.office)
    for item, decision in zip(meeting.items.all(), decisions, strict=True):
        item.decision, item.decided_by = decision, by
        item.note = f"Pindahkan poster {item.campaign.code}." if decision in HELD_BACK else ""
        item.due_on = DUE if decision == "RETURNED" else None
        words = Words(item.note, item.due_on, minutes_id(meeting))
        item.step = move(item.campaign, DEEDS[decision], set(Condition), at=ENDED, role=role, words=words)
        item.save()
    meeting.ended_at = ENDED
    meeting.save()
    return draw_up(meeting, role=role, at=ENDED)


def again(campaign: Campaign, by: User) -> Meeting:
    """Let a unit resubmit a survey, and its office meet about it once more."""
    move(campaign, "resubmit", set(Condition), at=ENDED, words=Words("Poster dipindahkan."))
    office = by.assignments.get().unit
    number = Meeting.objects.filter(office=office).count() + 1
    meeting = Meeting.objects.create(
        by=by,
        office=office,
        at=ENDED,
        number=number,
        held_on=DUE,
        begins_at=time(9, 0),
        place="Daring",
        title="Rapat lanjutan",
        opened_at=datetime(2100, 12, 21, 2, tzinfo=UTC),
    )
    Item.objects.create(meeting=meeting, campaign=campaign, place=1)
    move(campaign, "take-up", set(Condition), at=ENDED)
    return meeting
