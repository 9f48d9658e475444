"""What is noted of a survey while a meeting looks at it: questions, findings, a decision as a draft."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tera.engine.transition import NotAllowed
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.review.asking.actions import add_question
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings.choices import draft
from tera.portal.review.meetings.holding import Reason, Refused, deciding, hold, item_of
from tera.portal.review.meetings.queries import today_at
from tera.portal.review.models import Finding, Item, Meeting, Question
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import NO_WORDS, Words, stage_of


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision with its words, as somebody drafts it; `seen` is the mark of what their page showed."""

    decision: Decision | None
    words: Words
    seen: str

    @property
    def mark(self) -> str:
        """The mark of what is drafted."""
        return mark_of(self.decision or "", self.words)


def mark_of(decision: str, words: Words) -> str:
    """Return a short mark that changes with whatever is decided; nothing where nothing is.

    A note counts without its line ends, which browsers write in their own way; a day where it is returned.
    """
    if not decision:
        return ""
    due_on = words.due_on if decision == Decision.RETURNED else None
    said = repr((str(decision), words.note.strip().splitlines(), due_on))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def decide_as_shown(meeting: Meeting, code: str, drafted: Draft, *, by: User, at: datetime) -> None:
    """Draft a decision, unless somebody else did since the page was shown on which it was made.

    The same again changes nothing. Raises as `decide`, and Refused where the decision is another one now, or
    where nothing is chosen that could be saved.
    """
    item = _item(meeting, code, by)
    deciding(by, item.campaign)
    now = mark_of(item.decision, Words(item.note, item.due_on))
    if drafted.decision is None and not drafted.seen:
        raise Refused(Reason.NO_DECISION)
    if now == drafted.mark:
        return
    if now != drafted.seen:
        raise Refused(Reason.CHANGED, item.campaign.unit.name)
    decide(meeting, code, drafted.decision, drafted.words, by=by, at=at)


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
    """Ask the unit something in the meeting; without an answer at once the question stays open.

    The same again in one meeting, as of a page that is sent twice, asks nothing more.
    """
    item = _item(meeting, code, by)
    campaign, role = item.campaign, deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    here = Question.objects.filter(campaign=campaign, withdrawn_at=None, at__gte=item.meeting.opened_at)
    if asked := here.filter(text=text.strip()).first():
        return asked
    question = add_question(campaign, text.strip(), role=role, at=at)
    done(by, role, "ask-in-meeting", f"{meeting}: {question}", campaign.unit)
    if answer.strip():
        note_answer(meeting, code, question.number, answer, by=by, at=at)
    return question


@transaction.atomic
def note_answer(meeting: Meeting, code: str, number: int, text: str, *, by: User, at: datetime) -> None:
    """Note what the unit said to a question in the meeting: `answered_by` is who noted it, not who said it.

    The same again changes nothing.

    Raises:
        PermissionDenied: as of `decide`.
        Refused: the meeting is not under way, there is no such open question, or nothing was said.
    """
    item = _item(meeting, code, by)
    campaign, role = item.campaign, deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    asked = Question.objects.filter(campaign=campaign, number=number, withdrawn_at=None)
    if asked.filter(answer=text.strip(), answered_by=by).exists():
        return
    if not asked.filter(answered_at=None).update(answer=text.strip(), answered_by=by, answered_at=at):
        raise Refused(Reason.NO_QUESTION)
    done(by, role, "note-answer", f"{meeting}: {campaign.code}/{number}", campaign.unit)


@transaction.atomic
def find(meeting: Meeting, code: str, text: str, *, by: User, at: datetime) -> Finding:
    """Note what the meeting found about a survey; the same again, of a page that is sent twice, is there."""
    item = _item(meeting, code, by)
    role = deciding(by, item.campaign)
    if not text.strip():
        raise Refused(Reason.EMPTY)
    if known := item.findings.filter(text=text.strip()).first():
        return known
    last = item.findings.order_by("number").last()
    number = last.number + 1 if last else 1
    done(by, role, "note-finding", f"{meeting}: {code}/{number}", item.campaign.unit)
    return item.findings.create(by=by, office=role.acts_for, at=at, number=number, text=text.strip())


def _item(meeting: Meeting, code: str, by: User) -> Item:
    """Return a survey on the agenda of a meeting that is under way, which is locked."""
    fresh, _ = hold(meeting, by, is_under_way=True)
    return item_of(fresh, code)
