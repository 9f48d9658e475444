"""How far surveys are on their way to a published result, and the one way to take them further."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from tera.engine import workflow
from tera.engine.workflow import Condition, Stage
from tera.portal.accounts.models import Assignment
from tera.portal.surveys.models import Campaign, Step


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a step, by when something must be mended, and the ledger's id for it."""

    note: str = ""
    due_on: date | None = None
    statement: str = ""


NO_WORDS = Words()


def latest_step(campaign: Campaign) -> Step | None:
    """Return the step that a survey took last; None while its answers come in."""
    return Step.objects.filter(campaign=campaign).order_by("number").last()


def stage_of(campaign: Campaign) -> Stage:
    """Return how far a survey is."""
    step = latest_step(campaign)
    return Stage(step.stage) if step else Stage.COLLECTED


def latest_steps(campaigns: Iterable[Campaign]) -> dict[str, Step]:
    """Return the step that each survey took last, by code; those without one are not in it."""
    newest = Window(RowNumber(), partition_by="campaign", order_by=F("number").desc())
    steps = Step.objects.filter(campaign__in=campaigns).annotate(from_last=newest).filter(from_last=1)
    return {step.campaign.code: step for step in steps.select_related("campaign")}


def stages_of(campaigns: Iterable[Campaign]) -> dict[str, Stage]:
    """Return how far each survey is, by code."""
    campaigns = list(campaigns)
    steps = latest_steps(campaigns)
    return {
        entry.code: Stage(steps[entry.code].stage) if entry.code in steps else Stage.COLLECTED
        for entry in campaigns
    }


def move(
    campaign: Campaign,
    deed: str,
    holds: Collection[Condition],
    *,
    at: datetime,
    role: Assignment | None = None,
    words: Words = NO_WORDS,
) -> Step:
    """Take a survey one step further, in the transaction of the deed; nobody else moves it meanwhile.

    Args:
        campaign: whose survey.
        deed: its name in the table of `tera.engine.workflow`.
        holds: the conditions of the table that are true of it; those of `words` are added here.
        at: when.
        role: by which somebody does it; whoever calls has asked for it. None where the program does it.
        words: what is said with it.

    Raises:
        NotAllowed: it may not happen now.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    last = latest_step(campaign)
    stage = Stage(last.stage) if last else Stage.COLLECTED
    row = workflow.decide(deed, stage, {*holds, *_said(words, campaign.form.local_day(at))})
    return Step.objects.create(
        campaign=campaign,
        number=last.number + 1 if last else 1,
        deed=deed,
        stage=row.target,
        by=role.user if role else None,
        role=role.role if role else "",
        office=role.acts_for if role else None,
        note=words.note,
        due_on=words.due_on,
        statement=words.statement,
        at=at,
    )


def advance(
    campaign: Campaign, deed: str, holds: Collection[Condition], *, at: datetime, words: Words = NO_WORDS
) -> None:
    """Let the program take a survey further, unless it or somebody else did already."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if stage_of(campaign) in workflow.DEEDS[deed].sources:
        move(campaign, deed, holds, at=at, words=words)


def _said(words: Words, today: date) -> set[Condition]:
    found = {Condition.NOTE_GIVEN} if words.note.strip() else set()
    return found | ({Condition.DUE_ON_GIVEN} if words.due_on and words.due_on > today else set())
