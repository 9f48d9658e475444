"""Which decisions may be drafted of a survey, and what each of the others lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tera.engine import workflow
from tera.engine.workflow import Condition, Stage
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.stages import Words

DEEDS = {
    Decision.VERIFIED: "verify",
    Decision.VERIFIED_WITH_NOTES: "verify-with-notes",
    Decision.RETURNED: "return",
    Decision.REJECTED: "reject",
}
SAID = (Condition.NOTE_GIVEN, Condition.DUE_ON_GIVEN)  # with the decision itself


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision: what of the survey it lacks, and what must be said with it."""

    decision: Decision
    missing: tuple[Condition, ...]
    asks: tuple[Condition, ...]


def choices(holds: Collection[Condition]) -> list[Choice]:
    """Return every decision, with what it lacks of a survey for which these conditions hold."""
    return [_choice(decision, workflow.DEEDS[deed].conditions, holds) for decision, deed in DEEDS.items()]


def _choice(decision: Decision, needs: Collection[Condition], holds: Collection[Condition]) -> Choice:
    missing = tuple(one for one in needs if one not in holds and one not in SAID)
    return Choice(decision, missing, tuple(one for one in needs if one in SAID))


def draft(decision: Decision, stage: Stage, holds: Collection[Condition], words: Words, today: date) -> None:
    """Say whether a decision may be drafted with these words.

    Raises:
        NotAllowed: the survey is not in verification, or a condition does not hold.
    """
    said = {Condition.NOTE_GIVEN} if words.note.strip() else set()
    said |= {Condition.DUE_ON_GIVEN} if words.due_on and words.due_on > today else set()
    workflow.decide(DEEDS[decision], stage, {*holds, *said})
