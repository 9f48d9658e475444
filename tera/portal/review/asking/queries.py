"""Reads of questions, and of what a unit must mend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from tera.engine.workflow import Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.results.methods.fields import Field
from tera.portal.results.methods.sheet import empty_fields
from tera.portal.review.models import Question
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import latest_step
from tera.portal.units.queries import line_above


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as somebody sees it, who may take it back or not."""

    question: Question
    may_withdraw: bool
    is_noted: bool  # by the office, in a meeting

    @property
    def is_open(self) -> bool:
        """Say whether the unit still has to answer it."""
        return not (self.question.answered_at or self.question.withdrawn_at)


@dataclass(frozen=True, slots=True)
class ToMend:
    """What a unit must mend that got its survey back, by when, and what it must answer or fill in before.

    `days_left` is 0 on the last day, and negative afterwards.
    """

    step: Step
    due_on: date
    days_left: int
    open_questions: int
    empty_fields: Sequence[Field]

    @property
    def days_over(self) -> int:
        """How many days ago the last day was."""
        return max(0, -self.days_left)


def list_questions(campaign: Campaign, user: User) -> list[Asked]:
    """Return what was asked of a unit about a survey, the latest first."""
    asked = Question.objects.filter(campaign=campaign).select_related("office", "campaign__unit")
    found = asked.order_by("-number")
    mine = {
        office: gate.acting(user, "ask-unit", campaign, office) for office in {one.office for one in found}
    }
    return [Asked(one, mine[one.office] is not None, noted_by_office(one)) for one in found]


def open_questions(campaign: Campaign) -> QuerySet[Question]:
    """Return what a unit still has to answer."""
    return Question.objects.filter(campaign=campaign, answered_at=None, withdrawn_at=None)


def noted_by_office(question: Question) -> bool:
    """Say whether an office noted the answer in a meeting: who wrote it did not run the surveys then."""
    if question.answered_at is None:
        return False
    unit, roles = question.campaign.unit, rules().permissions["answer-questions"].roles
    day = timezone.localdate(question.answered_at)
    begun = Assignment.objects.filter(user=question.answered_by_id, role__in=roles, valid_from__lte=day)
    held = begun.filter(Q(valid_until__gt=day) | Q(valid_until=day, is_ended=True))
    days = {question.campaign.starts_on, day}
    line = {unit.pk, *(office for each in days for office in line_above(unit, each))}
    return not held.filter(unit__in=line).exists()


def to_mend(campaign: Campaign, at: datetime) -> ToMend | None:
    """Return what a unit must mend; None where its survey is not returned."""
    step = latest_step(campaign)
    if step is None or step.stage != Stage.RETURNED or step.due_on is None:
        return None
    today = timezone.localdate(at, ZoneInfo(campaign.unit.zone))
    return ToMend(
        step=step,
        due_on=step.due_on,
        days_left=(step.due_on - today).days,
        open_questions=open_questions(campaign).count(),
        empty_fields=empty_fields(campaign),
    )
