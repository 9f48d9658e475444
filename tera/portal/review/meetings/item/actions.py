"""What is noted of a survey while a meeting looks at it: questions, findings, a decision as a draft."""

from datetime import datetime

from django.db import transaction

from tera.engine.workflow import NotAllowed
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings.choices import draft
from tera.portal.review.meetings.holding import Reason, Refused, deciding, hold, item_of
from tera.portal.review.meetings.queries import today_at
from tera.portal.review.models import Finding, Item, Meeting, Question
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import NO_WORDS, Words, stage_of


@transaction.atomic
def decide(
    meeting: Meeting, code: str, decision: Decision | None, words: Words = NO_WORDS, *, by: User, at: datetime
) -> None:
    """Draft what is decided of a survey; until the meeting ends it can be changed, and None takes it back.

    A day by which something must be mended is kept of what is returned, and of nothing else.

    Raises:
        PermissionDenied: this person holds no meetings of its office, or may not decide of this unit.
        Refused: the meeting is not under way, or the survey lacks something that the decision needs.
    """
    item = _item(meeting, code, by)
    campaign, role = item.campaign, deciding(by, item.campaign)
    due_on = words.due_on if decision == Decision.RETURNED else None
    if decision is not None:
        today = today_at(meeting.office, at)
        try:
            draft(decision, stage_of(campaign), holds_of(campaign, today), Words(words.note, due_on), today)
        except NotAllowed as error:
            raise Refused(Reason.LACKING, campaign.unit.name, missing=error.missing) from error
    item.decision, item.decided_by = decision or "", by if decision else None
    item.note, item.due_on = words.note.strip() if decision else "", due_on
    item.save(update_fields=["decision", "decided_by", "note", "due_on"])
    done(by, role, "draft-decision", f"{meeting}: {code}, {item.decision}", campaign.unit)


@transaction.atomic
def ask(meeting: Meeting, code: str, text: str, answer: str = "", *, by: User, at: datetime) -> Question:
    """Ask the unit something in the meeting; without an answer at once the question stays open."""
    item = _item(meeting, code, by)
    campaign, role = item.campaign, deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    last = Question.objects.filter(campaign=campaign).order_by("number").last()
    question = Question.objects.create(
        by=by,
        office=role.acts_for,
        at=at,
        campaign=campaign,
        number=last.number + 1 if last else 1,
        text=text.strip(),
    )
    done(by, role, "ask-in-meeting", f"{meeting}: {question}", campaign.unit)
    if answer.strip():
        note_answer(meeting, code, question.number, answer, by=by, at=at)
    return question


@transaction.atomic
def note_answer(meeting: Meeting, code: str, number: int, text: str, *, by: User, at: datetime) -> None:
    """Note what the unit said to a question in the meeting: `answered_by` is who noted it, not who said it.

    Raises:
        PermissionDenied: as of `decide`.
        Refused: the meeting is not under way, there is no such open question, or nothing was said.
    """
    item = _item(meeting, code, by)
    campaign, role = item.campaign, deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    waits = Question.objects.filter(campaign=campaign, number=number, answered_at=None, withdrawn_at=None)
    if not waits.update(answer=text.strip(), answered_by=by, answered_at=at):
        raise Refused(Reason.NO_QUESTION)
    done(by, role, "note-answer", f"{meeting}: {campaign.code}/{number}", campaign.unit)


@transaction.atomic
def find(meeting: Meeting, code: str, text: str, *, by: User, at: datetime) -> Finding:
    """Note what the meeting found about a survey."""
    item = _item(meeting, code, by)
    role = deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    last = item.findings.order_by("number").last()
    number = last.number + 1 if last else 1
    done(by, role, "note-finding", f"{meeting}: {code}/{number}", item.campaign.unit)
    return item.findings.create(by=by, office=role.acts_for, at=at, number=number, text=text.strip())


def _item(meeting: Meeting, code: str, by: User) -> Item:
    """Return a survey on the agenda of a meeting that is under way, which is locked."""
    fresh, _ = hold(meeting, by, is_under_way=True)
    return item_of(fresh, code)
