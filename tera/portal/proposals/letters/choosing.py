"""Which proposals a letter may name: decided by this office, as it still holds, and in no other letter."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from tera.engine.number import fraction_of
from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.letters.fitting import alike, cases_for, decided
from tera.portal.proposals.letters.refusing import CannotWrite, Reason
from tera.portal.proposals.models import TO_NATIONAL, Case, Letter, LetterKind, Listed, Step
from tera.portal.proposals.queries import below_at, fixing_steps, is_in_conflict
from tera.portal.units.models import Unit

PERMISSION = "write-letters"
DECIDING = {  # who writes a letter also decides of what it says
    LetterKind.RECOMMENDATION: "recommend-unit",
    LetterKind.PROPOSAL: "decide-proposal",
    LetterKind.CORRECTION: "decide-proposal",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal at a step, with the results on which it rests; `refusal` says why no letter may name it.

    `before` is what it rested upon when a letter named it last, where that changed; `earlier` is that letter.
    """

    case: Case
    step: Step
    basis: Basis
    refusal: CannotWrite | None = None
    before: Basis | None = None
    earlier: Letter | None = None


def kinds_for(user: User, office: Unit) -> list[LetterKind]:
    """Return the letters that somebody writes in the name of an office."""
    writing = rules().permissions[PERMISSION].roles
    roles = {one.role for one in user.assignments_on() if one.acts_for == office and one.role in writing}
    kinds = {kind: rules().permissions[permission].roles for kind, permission in DECIDING.items()}
    return [kind for kind, deciding in kinds.items() if roles & {*deciding}]


def kind_to_write(case: Case, office: Unit) -> LetterKind | None:
    """Return the letter that an office may write of a proposal now, if it lacks one."""
    for kind in LetterKind:
        found = cases_for(office, kind).filter(pk=case.pk).first()
        if found is not None and _candidate(found, kind).refusal is None:
            return kind
    return None


def candidates(office: Unit, kind: LetterKind) -> list[Candidate]:
    """Return what a letter of an office may name, and what it may not name with the reason."""
    return [_candidate(case, kind) for case in cases_for(office, kind)]


def _candidate(case: Case, kind: LetterKind) -> Candidate:
    step, name = decided(case, kind), case.unit.short_name
    fixing = fixing_steps(case)
    below = below_at(fixing, step.number)
    named = Listed.objects.filter(case=case, letter__voided_at=None, letter__kind__in=alike(kind))
    refusal = None
    if named.filter(step=step.number).exists():
        refusal = CannotWrite(Reason.LISTED, name)
    elif is_in_conflict(case):
        refusal = CannotWrite(Reason.CONFLICT, name)
    elif below.basis["results"] != fixing[-1].basis["results"]:
        refusal = CannotWrite(Reason.OUTDATED, name)
    earlier = before = None
    if kind == LetterKind.CORRECTION:
        went = named.filter(letter__kind__in=TO_NATIONAL, step__lt=step.number).select_related("letter")
        last = went.order_by(F("letter__dated_on"), "letter__pk").last()
        earlier = last.letter if last else None
        before = _before(fixing, below, last.step if last else None)
    return Candidate(case, step, _kept(below), refusal, before, earlier)


def _before(fixing: Sequence[Step], now: Step, told: int | None) -> Basis | None:
    """Return other results on which a proposal rested: those of the letter before, or the last ones."""
    earlier = fixing if told is None else [below_at(fixing, told)]
    others = [
        step
        for step in earlier
        if step.number < now.number and step.basis["results"] not in ([], now.basis["results"])
    ]
    return _kept(others[-1]) if others else None


def _kept(step: Step) -> Basis:
    """Return the results on which a proposal rests from a step on."""
    kept = step.basis
    values = {name: fraction_of(value) for name, value in kept["values"].items()}
    return Basis(None, tuple(kept["results"]), tuple(kept["minutes"]), values, kept["n"])


def chosen_of(found: list[Candidate], cases: set[int]) -> list[Candidate]:
    """Return the candidates that are chosen by the pk of their cases.

    Raises:
        CannotWrite: none is, one of them does not fit any more, or may not be named.
    """
    by_case = {one.case.pk: one for one in found}
    if not cases:
        raise CannotWrite(Reason.NOTHING_CHOSEN)
    if lost := cases - by_case.keys():
        names = Case.objects.filter(pk__in=lost).values_list("unit__short_name", flat=True)
        raise CannotWrite(Reason.NOT_FITTING, ", ".join(names) or "?")
    chosen = [one for one in found if one.case.pk in cases]
    for one in chosen:
        if one.refusal is not None:
            raise one.refusal
    return chosen
