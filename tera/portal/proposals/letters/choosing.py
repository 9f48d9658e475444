"""Which proposals a letter may name: at its stage, decided by this office, and in no other letter."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tera.engine.proposal import CORRECTING, Stage
from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.letters.refusing import CannotWrite, Reason
from tera.portal.proposals.models import Case, Letter, LetterKind, Listed, Step
from tera.portal.proposals.queries import basis_now, is_in_conflict
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


def cases_for(office: Unit, kind: LetterKind) -> QuerySet[Case]:
    """Return the proposals that fit a kind of letter of an office, by unit; `at_step` is where they are."""
    last = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    sent = Step.objects.filter(case=OuterRef("pk"), stage=Stage.SENT)
    named = Listed.objects.filter(case=OuterRef("pk"), letter__voided_at=None, step__lt=OuterRef("at_step"))
    found = Case.objects.annotate(
        at_step=Subquery(last.values("number")[:1]),
        at_stage=Subquery(last.values("stage")[:1]),
        by_deed=Subquery(last.values("deed")[:1]),
        by_office=Subquery(last.values("office")[:1]),
    ).filter(by_office=office.pk)
    went_out = Exists(sent) | Exists(named.filter(letter__kind__in=TO_NATIONAL))
    fitting = {
        LetterKind.RECOMMENDATION: Q(at_stage=Stage.RECOMMENDED),
        LetterKind.PROPOSAL: Q(at_stage=Stage.PROPOSED) & ~Q(went_out),
        LetterKind.CORRECTION: Q(by_deed__in=CORRECTING) & Q(went_out),
    }
    return found.filter(fitting[kind]).select_related("unit").order_by("unit__name", "number")


TO_NATIONAL = (LetterKind.PROPOSAL, LetterKind.CORRECTION)


def candidates(office: Unit, kind: LetterKind) -> list[Candidate]:
    """Return what a letter of an office may name, and what it may not name with the reason."""
    return [_candidate(case, kind) for case in cases_for(office, kind)]


def _candidate(case: Case, kind: LetterKind) -> Candidate:
    step = case.last
    below = list(case.steps.exclude(basis={}).order_by("number"))
    named = Listed.objects.filter(case=case, letter__voided_at=None)
    if named.filter(step=step.number, letter__kind=kind).exists():
        refusal = CannotWrite(Reason.LISTED, case.unit.short_name)
    elif step.stage != Stage.REVOKED and is_in_conflict(case, basis_now(case)):
        refusal = CannotWrite(Reason.CONFLICT, case.unit.short_name)
    else:
        refusal = None
    earlier = before = None
    if kind == LetterKind.CORRECTION:
        went = named.filter(letter__kind__in=TO_NATIONAL, step__lt=step.number)
        last = went.select_related("letter").order_by(F("letter__dated_on"), "letter__pk").last()
        earlier, before = last.letter if last else None, _kept(below[-2]) if len(below) > 1 else None
    return Candidate(case, step, _kept(below[-1]), refusal, before, earlier)


def _kept(step: Step) -> Basis:
    """Return the results on which a proposal rests from a step on."""
    kept = step.basis
    values = {name: Fraction(value) for name, value in kept["values"].items()}
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
