"""What is asked of a unit about its survey, what it answers, and its survey sent in again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from tera.engine.workflow import Stage
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.review.conditions import holds_of
from tera.portal.review.models import Question
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import Words, move, stage_of

ASK, ANSWER, RESUBMIT = "ask-unit", "answer-questions", "resubmit"
DECIDED = (Stage.VERIFIED, Stage.REJECTED, Stage.CERTIFIED, Stage.PUBLISHED)
LONGEST = 4000


class CannotAsk(ValueError):
    """This cannot be asked, taken back or answered, or not any more; the message says why."""


@transaction.atomic
def ask(campaign: Campaign, text: str, *, by: User, at: datetime) -> Question:
    """Ask a unit something about its survey; until it answers, the survey is not verified.

    Raises:
        PermissionDenied: this person asks this unit nothing.
        CannotAsk: it is decided of the survey already, or the text is empty or too long.
    """
    role = gate.require(by, ASK, campaign)
    text = _sound(text)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if stage_of(campaign) in DECIDED:
        raise CannotAsk(f"{campaign.code} is decided; nothing is asked any more")
    question = add_question(campaign, text, role=role, at=at)
    done(by, role, ASK, f"{campaign.code}/{question.number}", campaign.unit)
    return question


def add_question(campaign: Campaign, text: str, *, role: Assignment, at: datetime) -> Question:
    """Add a question under the next number, in the transaction of whoever holds the campaign's lock."""
    last = Question.objects.filter(campaign=campaign).order_by("number").last()
    number = last.number + 1 if last else 1
    return Question.objects.create(
        campaign=campaign, number=number, text=text, by=role.user, office=role.acts_for, at=at
    )


@transaction.atomic
def withdraw(question: Question, *, by: User, at: datetime) -> None:
    """Take a question back that the unit has not answered; whoever acts for the office that asked may.

    Raises:
        PermissionDenied: this person does not ask this unit for that office.
        CannotAsk: it is answered or taken back already.
    """
    role = gate.require(by, ASK, question.campaign, question.office)
    _close(question, withdrawn_at=at)
    done(by, role, "withdraw-question", str(question), question.campaign.unit)


@transaction.atomic
def answer(question: Question, text: str, *, by: User, at: datetime) -> None:
    """Answer a question for the unit; an answer is not changed any more.

    Raises:
        PermissionDenied: this person does not run the unit's surveys.
        CannotAsk: it is answered or taken back already, or the text is empty or too long.
    """
    role = gate.require(by, ANSWER, question.campaign)
    _close(question, answer=_sound(text), answered_by=by, answered_at=at)
    done(by, role, ANSWER, str(question), question.campaign.unit)


@transaction.atomic
def resubmit(campaign: Campaign, mended: str, *, by: User, at: datetime) -> Step:
    """Send a returned survey to the office again, with what was mended.

    Raises:
        PermissionDenied: this person does not run the unit's surveys.
        CannotAsk: the text is too long.
        NotAllowed: it was not returned, questions are open, or nothing is said of what was mended.
    """
    role = gate.require(by, RESUBMIT, campaign)
    words = Words(note=_sound(mended) if mended.strip() else "")
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # before what holds is looked up
    holds = holds_of(campaign, timezone.localdate(at, ZoneInfo(campaign.unit.zone)))
    step = move(campaign, RESUBMIT, holds, at=at, role=role, words=words)
    done(by, role, RESUBMIT, campaign.code, campaign.unit)
    return step


def _sound(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise CannotAsk(f"a text has 1 to {LONGEST} characters, not {len(text)}")
    return text


def _close(question: Question, **change: str | User | datetime) -> None:
    """Answer a question or take it back; whoever comes second is refused."""
    still_open = Question.objects.filter(pk=question.pk, answered_at=None, withdrawn_at=None)
    if not still_open.update(**change):
        raise CannotAsk(f"question {question} is answered or taken back already")
    question.refresh_from_db()
