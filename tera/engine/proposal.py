"""How a unit is put forward for a title: from its own wish to what the national team decided.

A proposal rests upon certified results. When one of them is corrected, what was decided on it stands in
conflict with it until somebody decides again, and says so: nothing changes by itself.

docs/proposals.md shows this table as a picture and is made from it.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum

from tera.engine import transition
from tera.engine.transition import Transition


class Stage(StrEnum):
    """How far a proposal is; the stored code never changes."""

    DRAFT = "DRAFT"  # the unit fills it in
    INVITED = "INVITED"  # by the office above
    SUBMITTED = "SUBMITTED"
    RECOMMENDED = "RECOMMENDED"
    NOT_RECOMMENDED = "NOT_RECOMMENDED"
    PROPOSED = "PROPOSED"
    NOT_PROPOSED = "NOT_PROPOSED"
    SENT = "SENT"  # to the national team
    GRANTED = "GRANTED"
    NOT_GRANTED = "NOT_GRANTED"
    WITHDRAWN = "WITHDRAWN"  # by the unit
    REVOKED = "REVOKED"  # because a result that it rests upon was corrected


class Condition(StrEnum):
    """What must be true of a proposal, beyond its stage and who acts; the shell finds out whether it is."""

    SURVEY_MET = "SURVEY_MET"  # every criterion of the title that a survey answers, by certified results
    SCORES_GIVEN = "SCORES_GIVEN"  # by the unit, for whatever no survey answers, each with evidence
    IN_MINUTES = "IN_MINUTES"  # the results were verified by a meeting
    REGION_CONSENTS = "REGION_CONSENTS"  # no criterion fails by the regional office's own scores
    INSPECTORATE_FOR = "INSPECTORATE_FOR"  # its last opinion, on the results as they are now
    INSPECTORATE_MET = "INSPECTORATE_MET"  # every criterion, by the inspectorate's own scores
    MINISTRY_MET = "MINISTRY_MET"  # every criterion, by the ministry's own scores
    ONE_LAYER = "ONE_LAYER"  # nobody acts for two of unit, region, inspectorate and ministry
    LETTER_WRITTEN = "LETTER_WRITTEN"  # to the national team, with this unit in it
    NOTE_GIVEN = "NOTE_GIVEN"
    ALL_CERTIFIED = "ALL_CERTIFIED"  # every survey of the period, but those that a meeting rejected
    IN_AGREEMENT = "IN_AGREEMENT"  # the results are those on which it rests
    IN_CONFLICT = "IN_CONFLICT"  # they are not


Row = Transition[Stage, Condition]
_MET = (Condition.INSPECTORATE_FOR, Condition.INSPECTORATE_MET, Condition.MINISTRY_MET)
_SAID = (Condition.ONE_LAYER, Condition.NOTE_GIVEN)
_RESOLVED = (Condition.IN_CONFLICT, Condition.ALL_CERTIFIED, *_SAID)


def _row(deed: str, sources: tuple[Stage, ...], target: Stage, by: str, *conditions: Condition) -> Row:
    return Transition(deed, sources, target, by, conditions)


TABLE: tuple[Row, ...] = (
    _row("begin", (), Stage.DRAFT, "begin-proposal"),
    _row("invite", (), Stage.INVITED, "invite-unit", Condition.SURVEY_MET),
    _row(
        "submit",
        (Stage.DRAFT, Stage.INVITED),
        Stage.SUBMITTED,
        "submit-proposal",
        *(Condition.SURVEY_MET, Condition.SCORES_GIVEN, Condition.ONE_LAYER),
    ),
    _row("return", (Stage.SUBMITTED,), Stage.DRAFT, "recommend-unit", *_SAID),
    _row(
        "recommend",
        (Stage.SUBMITTED,),
        Stage.RECOMMENDED,
        "recommend-unit",
        *(Condition.ALL_CERTIFIED, Condition.IN_AGREEMENT, Condition.SURVEY_MET, Condition.IN_MINUTES),
        *(Condition.REGION_CONSENTS, *_SAID),
    ),
    _row("not-recommend", (Stage.SUBMITTED,), Stage.NOT_RECOMMENDED, "recommend-unit", *_SAID),
    _row(
        "propose",
        (Stage.RECOMMENDED,),
        Stage.PROPOSED,
        "decide-proposal",
        *(Condition.ALL_CERTIFIED, Condition.IN_AGREEMENT, *_MET, *_SAID),
    ),
    _row("not-propose", (Stage.RECOMMENDED,), Stage.NOT_PROPOSED, "decide-proposal", *_SAID),
    _row(
        "send",
        (Stage.PROPOSED,),
        Stage.SENT,
        "decide-proposal",
        *(Condition.IN_AGREEMENT, Condition.LETTER_WRITTEN, Condition.ONE_LAYER),
    ),
    _row(
        "grant",
        (Stage.SENT,),
        Stage.GRANTED,
        "decide-proposal",
        *(Condition.IN_AGREEMENT, Condition.LETTER_WRITTEN, *_SAID),
    ),
    _row("deny", (Stage.SENT,), Stage.NOT_GRANTED, "decide-proposal", *_SAID),
    _row(
        "withdraw",
        (Stage.DRAFT, Stage.INVITED, Stage.SUBMITTED, Stage.RECOMMENDED),
        Stage.WITHDRAWN,
        "submit-proposal",
        *_SAID,
    ),
    # After a correction: before the decision the region begins again, after it the ministry decides again.
    _row(
        "begin-again",
        (Stage.SUBMITTED, Stage.RECOMMENDED, Stage.NOT_RECOMMENDED, Stage.NOT_PROPOSED),
        Stage.SUBMITTED,
        "recommend-unit",
        *_RESOLVED,
    ),
    _row(
        "uphold",
        (Stage.PROPOSED, Stage.SENT),
        Stage.PROPOSED,
        "decide-proposal",
        *(*_RESOLVED, *_MET),
    ),
    _row("uphold-title", (Stage.GRANTED,), Stage.GRANTED, "decide-proposal", *_RESOLVED, *_MET),
    _row(
        "revoke",
        (Stage.PROPOSED, Stage.SENT, Stage.GRANTED),
        Stage.REVOKED,
        "decide-proposal",
        *(Condition.IN_CONFLICT, *_SAID),
    ),
)
DEEDS = {row.deed: row for row in TABLE}
FIXING = ("submit", "begin-again", "propose", "not-propose", "uphold", "uphold-title", "revoke")
"""The deeds with which a proposal rests upon the results as they are at that moment."""
PROPOSING = ("propose", "uphold", "uphold-title")
"""The deeds with which the ledger says that the unit is put forward, and upon which results."""
CORRECTING = ("uphold", "uphold-title", "revoke")
"""The deeds that the ledger tells as the correction of what was proposed."""
PUBLIC = (*(Stage.PROPOSED, Stage.NOT_PROPOSED, Stage.SENT, Stage.GRANTED, Stage.NOT_GRANTED, Stage.REVOKED),)
"""The stages at which a decision may be published."""
ENDED = (Stage.NOT_GRANTED, Stage.WITHDRAWN, Stage.REVOKED)
"""The stages that nothing follows."""
UNDONE = (Stage.WITHDRAWN, Stage.REVOKED)
"""The stages at which nothing is decided that holds: the unit may be put forward anew on the same surveys."""


def decide(deed: str, stage: Stage | None, holds: Collection[Condition]) -> Row:
    """Return the row by which a deed may happen; `transition.NotAllowed` and KeyError as of `transition`."""
    return transition.decide(DEEDS, deed, stage, holds)


def deeds_at(stage: Stage) -> tuple[Row, ...]:
    """Return what may happen to a proposal at a stage, whoever does it and whatever else it needs."""
    return tuple(row for row in TABLE if stage in row.sources)


def diagram() -> Iterator[str]:
    """Yield the lines of the table as a state diagram in the language of Mermaid."""
    yield "stateDiagram-v2"
    for row in TABLE:
        for source in row.sources or ("[*]",):
            yield f"    {source} --> {row.target}: {row.deed}"
    yield from (f"    {stage} --> [*]" for stage in Stage if not deeds_at(stage))
