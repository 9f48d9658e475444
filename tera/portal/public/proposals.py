"""Decisions on proposals that were published: what was decided, on which numbers, and where the proof is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from tera.engine.eligibility import Finding, judge, upper_bounds
from tera.engine.explain import Step as Explained
from tera.engine.explain import explain_finding
from tera.engine.number import fraction_of
from tera.engine.proposal import Stage
from tera.engine.rulebook import RESPONDENTS
from tera.portal.ledger.files import Files
from tera.portal.ledger.publishing import checkpoint_of
from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.cases.freezing import relied_on
from tera.portal.proposals.cases.gates import Scores
from tera.portal.proposals.cases.overlapping import overlapping
from tera.portal.proposals.cases.recorded import Recorded, recorded_of
from tera.portal.proposals.cases.wording import DONE, STAGES
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import basis_now, is_in_conflict, values_of
from tera.portal.public.announced import chip_told
from tera.portal.public.decisions import Happened, day_of, decision_of, formers_of, happened
from tera.portal.public.proofs import Proof, proofs_of
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the title, what was found of it and of how much, and whether a survey answers it."""

    finding: Finding
    step: Explained
    is_of_survey: bool
    maximum: Fraction | None

    @property
    def state(self) -> str:
        """The class of its row."""
        return {True: "is-met", False: "is-unmet", None: "is-unknown"}[self.finding.met]


@dataclass(frozen=True, slots=True)
class Former:
    """A decision that rested upon other results than the last one: what it was, and what it found."""

    day: date
    says: Promise
    rows: tuple[Criterion, ...]
    results: Sequence[str]


@dataclass(frozen=True, slots=True)
class Published:
    """The last decision of a proposal of which one was published.

    `again` is the step since which it is examined anew, `stage_now` how far that is. `rows` are the criteria
    by the results and the ministry's values on which the decision relied, `now` those that a corrected result
    changes, `formers` what earlier decisions relied on; `recorded` are values of the ministry that the
    rulebook does not judge. `others` counts the unit's surveys of other periods in the same days.
    """

    case: Case
    decided: Step
    day: date
    stage: Promise
    chip: str
    again: Step | None
    stage_now: Promise
    steps: tuple[Happened, ...]
    rows: tuple[Criterion, ...]
    rests_upon: Sequence[str]
    is_in_conflict: bool
    now: tuple[Criterion, ...]
    results_now: Sequence[str]
    formers: tuple[Former, ...]
    recorded: tuple[Recorded, ...]
    results: Sequence[Campaign]
    others: int
    proofs: tuple[Proof, ...]
    log_size: int

    @property
    def is_revoked(self) -> bool:
        """Say whether the proposal was revoked because a result was corrected."""
        return self.decided.stage == Stage.REVOKED

    @property
    def has_moved(self) -> bool:
        """Say whether criteria stand here by more than one result, so that each must say by which."""
        return bool(self.now or self.formers)


def published(case: Case) -> Published:
    """Return what everybody may know of a published decision."""
    basis, decision = basis_now(case), decision_of(case)
    kept: Mapping[str, Any] = decision.below.basis
    before: Sequence[str] = kept["results"]
    scores = relied_on(case, decision.step)
    has_moved = basis.is_certified and set(before) != set(basis.results)
    now = tuple(_rows(case, basis.values, basis.n, scores)) if has_moved else ()
    formers = tuple(_former(case, step, below) for step, below in formers_of(case, decision))
    checkpoint = checkpoint_of(Files(settings.LOG))
    size = checkpoint.size if checkpoint else 0
    decided = Stage(decision.step.stage)
    in_conflict = decision.again is None and is_in_conflict(case)
    proposed = case.steps.exclude(statement="").order_by("number").values_list("statement", flat=True)
    older = [name for former in reversed(formers) for name in former.results]
    return Published(
        case=case,
        decided=decision.step,
        day=day_of(case, decision.step),
        stage=STAGES[decided],
        chip=chip_told(decided, is_moved=in_conflict),
        again=decision.again,
        stage_now=STAGES[case.stage],
        steps=tuple(happened(case)),
        rows=tuple(_rows_kept(case, kept, scores)),
        rests_upon=before,
        is_in_conflict=in_conflict,
        now=tuple(row for row in now if row.is_of_survey),
        results_now=basis.results,
        formers=formers,
        recorded=tuple(recorded_of(case, scores)),
        results=list(surveys_of(case.unit, case.period).select_related("certification")),
        others=overlapping(case).count(),
        proofs=tuple(proofs_of((*proposed, *older, *before, *basis.results), size)),
        log_size=size,
    )


def _former(case: Case, step: Step, below: Step) -> Former:
    rows = tuple(_rows_kept(case, below.basis, relied_on(case, step)))
    return Former(day_of(case, step), DONE[step.deed], rows, below.basis["results"])


def _rows_kept(case: Case, kept: Mapping[str, Any], scores: Scores) -> Iterator[Criterion]:
    values = {name: fraction_of(text) for name, text in kept["values"].items()}
    return _rows(case, values, kept["n"], scores)


def _rows(case: Case, values: Mapping[str, Fraction], n: int | None, scores: Scores) -> Iterator[Criterion]:
    measured = {RESPONDENTS, *(measure.id for measure in case.rulebook.measures)}
    given, bounds = values_of(case, Layer.MINISTRY, scores), upper_bounds(case.rulebook)
    for finding in judge(case.rulebook, case.target_id, {**values, **given}, n).findings:
        step, measure = explain_finding(finding, case.rulebook), finding.criterion.measure
        yield Criterion(finding, step, measure in measured, bounds.get(measure))
