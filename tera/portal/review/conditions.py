"""What is true of a survey, of the conditions that the workflow asks for."""

from collections.abc import Iterator
from datetime import date

from tera.engine.workflow import Condition
from tera.portal.results.models import Exclusion
from tera.portal.review.checks.queries import answered_by_region
from tera.portal.review.models import Item, Question
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import latest_step


def holds_of(campaign: Campaign, today: date) -> set[Condition]:
    """Return the conditions that hold on a day, apart from those of what is said with a deed."""
    return set(_holds(campaign, today))


def _holds(campaign: Campaign, today: date) -> Iterator[Condition]:
    if Item.objects.filter(campaign=campaign, meeting__ended_at=None).exists():
        yield Condition.ON_AGENDA
    if (step := latest_step(campaign)) and step.due_on and step.due_on < today:
        yield Condition.OVERDUE
    if are_checks_answered(campaign):
        yield Condition.CHECKS_ANSWERED
    if not Question.objects.filter(campaign=campaign, answered_at=None, withdrawn_at=None).exists():
        yield Condition.QUESTIONS_ANSWERED
    if not Exclusion.objects.filter(campaign=campaign, confirmed_by=None, declined_by=None).exists():
        yield Condition.NO_EXCLUSION_WAITS


def are_checks_answered(campaign: Campaign) -> bool:
    """Say whether the regional office answered every item of its checklist."""
    return bool(answered_by_region([campaign]))
