"""How a survey gets from its last answer to a published result: one table of what may follow what.

A survey is at one stage. A deed takes it to another where the table has a row for it, somebody has the row's
permission (whose reach says for which units, and that nobody decides of a unit whose surveys they ran), and
all conditions of the row hold. What needs no permission the program does by itself.

docs/workflow.md shows this table as a picture and is made from it.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum

from tera.engine import transition
from tera.engine.transition import Transition


class Stage(StrEnum):
    """How far a survey is; the stored code never changes."""

    COLLECTED = "COLLECTED"  # answers come in, or wait for the last block
    CLOSED = "CLOSED"
    SCREENED = "SCREENED"
    IN_VERIFICATION = "IN_VERIFICATION"
    RETURNED = "RETURNED"
    RESUBMITTED = "RESUBMITTED"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    CERTIFIED = "CERTIFIED"
    PUBLISHED = "PUBLISHED"


class Condition(StrEnum):
    """What must be true of a survey, beyond its stage and who acts; the shell finds out whether it is."""

    LAST_BLOCK_SEALED = "LAST_BLOCK_SEALED"
    IMPORTED = "IMPORTED"  # answers that were collected elsewhere
    ON_AGENDA = "ON_AGENDA"  # of a meeting that has not ended
    OVERDUE = "OVERDUE"  # the day by which something had to be mended has passed
    CHECKS_ANSWERED = "CHECKS_ANSWERED"  # the office's checklist, every item
    QUESTIONS_ANSWERED = "QUESTIONS_ANSWERED"  # whatever the unit was asked
    NO_EXCLUSION_WAITS = "NO_EXCLUSION_WAITS"  # for a second office
    NOTE_GIVEN = "NOTE_GIVEN"
    DUE_ON_GIVEN = "DUE_ON_GIVEN"  # a day to come, by which something must be mended
    NO_OFFICE_ABOVE = "NO_OFFICE_ABOVE"  # so that nobody can verify
    SHEET_COMPLETE = "SHEET_COMPLETE"  # the methods sheet
    IN_LEDGER = "IN_LEDGER"  # as published
    LATE_EXCLUSION = "LATE_EXCLUSION"  # that two offices decided since the result was certified


PROGRAM = ""


Row = Transition[Stage, Condition]
"""A row of the table; PROGRAM is its permission where the program does it by itself."""
_DECIDED = (Condition.ON_AGENDA, Condition.CHECKS_ANSWERED, Condition.QUESTIONS_ANSWERED)
TABLE: tuple[Row, ...] = (
    Transition("close", (Stage.COLLECTED,), Stage.CLOSED, PROGRAM, (Condition.LAST_BLOCK_SEALED,)),
    Transition("screen", (Stage.CLOSED,), Stage.SCREENED, PROGRAM),
    Transition(
        "take-up",
        (Stage.SCREENED, Stage.RESUBMITTED),
        Stage.IN_VERIFICATION,
        "verify",
        (Condition.ON_AGENDA,),
    ),
    Transition(
        "take-up-overdue",
        (Stage.RETURNED,),
        Stage.IN_VERIFICATION,
        "verify",
        (Condition.ON_AGENDA, Condition.OVERDUE),
    ),
    Transition(
        "verify",
        (Stage.IN_VERIFICATION,),
        Stage.VERIFIED,
        "verify",
        (*_DECIDED, Condition.NO_EXCLUSION_WAITS),
    ),
    Transition(
        "verify-with-notes",
        (Stage.IN_VERIFICATION,),
        Stage.VERIFIED,
        "verify",
        (*_DECIDED, Condition.NO_EXCLUSION_WAITS, Condition.NOTE_GIVEN),
    ),
    Transition(
        "return",
        (Stage.IN_VERIFICATION,),
        Stage.RETURNED,
        "verify",
        (Condition.ON_AGENDA, Condition.NOTE_GIVEN, Condition.DUE_ON_GIVEN),
    ),
    Transition(
        "reject",
        (Stage.IN_VERIFICATION,),
        Stage.REJECTED,
        "verify",
        (Condition.ON_AGENDA, Condition.CHECKS_ANSWERED, Condition.NOTE_GIVEN),
    ),
    Transition(
        "resubmit",
        (Stage.RETURNED,),
        Stage.RESUBMITTED,
        "resubmit",
        (Condition.QUESTIONS_ANSWERED, Condition.NOTE_GIVEN),
    ),
    Transition(
        "certify",
        (Stage.VERIFIED,),
        Stage.CERTIFIED,
        "certify",
        (Condition.SHEET_COMPLETE,),
    ),
    Transition(
        "certify-alone",
        (Stage.CLOSED, Stage.SCREENED),
        Stage.CERTIFIED,
        "certify",
        (Condition.NO_OFFICE_ABOVE, Condition.SHEET_COMPLETE),
    ),
    Transition(
        "certify-imported",
        (Stage.CLOSED, Stage.SCREENED),
        Stage.CERTIFIED,
        PROGRAM,
        (Condition.IMPORTED,),
    ),
    Transition("publish", (Stage.CERTIFIED,), Stage.PUBLISHED, PROGRAM, (Condition.IN_LEDGER,)),
    Transition(
        "correct",
        (Stage.CERTIFIED, Stage.PUBLISHED),
        Stage.CERTIFIED,
        "certify",
        (Condition.LATE_EXCLUSION, Condition.NOTE_GIVEN),
    ),
)
ENDS = (Stage.REJECTED, Stage.PUBLISHED)
"""Where nothing is to come any more; what is published may still be corrected."""
DEEDS = {row.deed: row for row in TABLE}


def decide(deed: str, stage: Stage, holds: Collection[Condition]) -> Row:
    """Return the row by which a deed may happen; `transition.NotAllowed` and KeyError as of `transition`."""
    return transition.decide(DEEDS, deed, stage, holds)


def deeds_at(stage: Stage) -> tuple[Row, ...]:
    """Return what may happen to a survey at a stage, whoever does it and whatever else it needs."""
    return tuple(row for row in TABLE if stage in row.sources)


def diagram() -> Iterator[str]:
    """Yield the lines of the table as a state diagram in the language of Mermaid."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {Stage.COLLECTED}"
    for row in TABLE:
        for source in row.sources:
            yield f"    {source} --> {row.target}: {row.deed}"
    yield from (f"    {stage} --> [*]" for stage in ENDS)
