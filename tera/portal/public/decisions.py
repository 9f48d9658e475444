"""The last decision of an announced proposal, whatever became of it since, and the steps that are public."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from tera.engine.proposal import PUBLIC
from tera.portal.proposals.cases.freezing import FREEZING
from tera.portal.proposals.cases.notes import NATIONAL, PUBLIC_NOTES
from tera.portal.proposals.cases.wording import DONE
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import below_at, fixing_steps


@dataclass(frozen=True, slots=True)
class Decision:
    """The step at which a proposal was decided last, and the one that fixed the results on which that rests.

    `again` is the step with which it is examined anew since then, None as long as the decision stands.
    """

    step: Step
    below: Step
    again: Step | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A decision, or that one was taken up again; `note` is the reason of those whose notes are public."""

    day: date
    says: Promise
    office: str
    note: str
    is_national: bool


def decision_of(case: Case) -> Decision:
    """Return the last decision of a proposal; Step.DoesNotExist where nothing was decided yet."""
    decided = case.steps.filter(stage__in=PUBLIC).select_related("office").latest("number")
    after = case.steps.filter(number__gt=decided.number)
    return Decision(decided, below_at(fixing_steps(case), decided.number), after.order_by("number").first())


def formers_of(case: Case, decision: Decision) -> list[tuple[Step, Step]]:
    """Return the decisions before the last one that rested upon other results, the newest first.

    Each stands with the step that fixed those results.
    """
    steps = case.steps.filter(deed__in=FREEZING, number__lt=decision.step.number).order_by("-number")
    fixing = fixing_steps(case)
    found: dict[tuple[str, ...], tuple[Step, Step]] = {}
    for step in steps:
        below = below_at(fixing, step.number)
        if below.basis["results"] != decision.below.basis["results"]:
            found.setdefault(tuple(below.basis["results"]), (step, below))
    return list(found.values())


def day_of(case: Case, step: Step) -> date:
    """Return the day of a step where the unit is."""
    return step.at.astimezone(ZoneInfo(case.unit.zone)).date()


def happened(case: Case) -> Iterator[Happened]:
    """Yield the decisions, and the steps that took one up again; all else is not published."""
    steps = list(case.steps.select_related("office").order_by("number"))
    for before, step in pairwise(steps):
        if step.stage in PUBLIC or before.stage in PUBLIC:
            note = step.note if step.deed in PUBLIC_NOTES else ""
            yield Happened(day_of(case, step), DONE[step.deed], step.office.name, note, step.deed in NATIONAL)
