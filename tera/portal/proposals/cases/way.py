"""The way that a proposal came: each step with what it rests upon, what it corrected, and its letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from tera.engine.proposal import Stage
from tera.portal.accounts.models import User
from tera.portal.proposals.cases import wording
from tera.portal.proposals.cases.conflict import Beside, moved
from tera.portal.proposals.cases.minuted import Minuted, minuted
from tera.portal.proposals.models import TO_NATIONAL, Case, Letter, Listed, Step
from tera.portal.proposals.queries import corrections_by

SHORT_NOTE = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """That a step rests upon other results than the one before: their ids and values, then and now."""

    then: Sequence[str]
    now: Sequence[str]
    rows: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the way so far; `corrected` is the ledger's id for what it corrected."""

    step: Step
    words: Promise
    chip: str
    moved: Moved | None
    corrected: str
    minutes: Sequence[Minuted]
    letter: Letter | None

    @property
    def is_long(self) -> bool:
        """Say whether its note is too long to stand in the strip."""
        return len(self.step.note) > SHORT_NOTE


def way_of(case: Case, user: User) -> Iterator[Stop]:
    """Yield the steps of a proposal, the first one first."""
    steps = list(case.steps.select_related("by", "office").order_by("number"))
    names = {name for step in steps for name in step.basis.get("minutes", ())}
    meetings = minuted(case, sorted(names), user) if names else {}
    letters = list(case.listed.select_related("letter")) if _was_sent(steps) else []
    said = corrections_by(steps)
    fixed: Step | None = None
    for step in steps:
        before, fixed = fixed, step if "results" in step.basis else fixed
        verified = fixed.basis["minutes"] if fixed and step.deed == "recommend" else ()
        yield Stop(
            step=step,
            words=wording.DONE[step.deed],
            chip=wording.chip_of(Stage(step.stage)),
            moved=_moved(case, before, step),
            corrected=said.get(step.number, ""),
            minutes=[meetings[name] for name in verified if name in meetings],
            letter=_letter(steps, step, letters),
        )


def _moved(case: Case, before: Step | None, step: Step) -> Moved | None:
    if before is None or "results" not in step.basis or before.basis["results"] == step.basis["results"]:
        return None
    return Moved(before.basis["results"], step.basis["results"], moved(case, before, step))


def _was_sent(steps: Sequence[Step]) -> bool:
    return any(step.deed == "send" for step in steps)


def _letter(steps: Sequence[Step], step: Step, listed: Sequence[Listed]) -> Letter | None:
    """Return the letter to the national team that named a proposal when it was noted as sent."""
    if step.deed != "send":
        return None
    decided = [one.number for one in steps if one.number < step.number and one.stage == Stage.PROPOSED][-1:]
    letters = [one.letter for one in listed if [one.step] == decided and one.letter.kind in TO_NATIONAL]
    held = [one for one in letters if one.at <= step.at and not (one.voided_at and one.voided_at < step.at)]
    return max(held, key=lambda one: one.pk, default=None)
