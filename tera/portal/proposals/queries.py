"""Reads of proposals: scores by layer, what the criteria say of them, and whether results were corrected."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tera.engine.eligibility import Value, Verdict, judge
from tera.engine.number import fraction_of
from tera.engine.proposal import CORRECTING, ENDED, Stage
from tera.engine.rulebook import Given
from tera.portal.ledger.queries import corrections_of
from tera.portal.proposals.basis import Basis, basis_of, results_of, surveys, surveys_of
from tera.portal.proposals.models import TO_NATIONAL, Case, Letter, Opinion, Score, Step
from tera.portal.results.statements import certified_id
from tera.portal.review.models.checks import Layer
from tera.portal.units.models import Unit


def number_of_next(unit: Unit) -> int:
    """Return the number of a unit's next proposal."""
    return Case.objects.filter(unit=unit).count() + 1


def scores_of(case: Case) -> dict[tuple[str, str], Score]:
    """Return the scores that hold, by layer and by what they are of; what was taken back is not there."""
    newest = Window(RowNumber(), partition_by=["layer", "measure"], order_by=F("number").desc())
    found = Score.objects.filter(case=case).annotate(from_last=newest).filter(from_last=1)
    last = found.select_related("by", "office", "evidence").defer("evidence__content")
    # Not `exclude`: the database would leave out what is empty before it looks for what is last.
    return {(score.layer, score.measure): score for score in last if score.value}


def last_score(case: Case, layer: Layer, measure: str) -> Score | None:
    """Return what a layer said last of a measure, also where that took a value back."""
    return Score.objects.filter(case=case, layer=layer, measure=measure).order_by("number").last()


def values_of(case: Case, layer: Layer, scores: Mapping[tuple[str, str], Score]) -> dict[str, Value]:
    """Return what a layer gives for the values of the rulebook that no survey measures."""
    return {
        given.id: _value(given, scores[layer, given.id].value)
        for given in case.rulebook.given
        if (layer, given.id) in scores
    }


def _value(given: Given, text: str) -> Value:
    return text if given.statuses else fraction_of(text)


def verdict_of(case: Case, basis: Basis, layer: Layer, scores: Mapping[tuple[str, str], Score]) -> Verdict:
    """Return what every criterion says of a proposal: certified results, and a layer's own scores."""
    values = {**basis.values, **values_of(case, layer, scores)}
    return judge(case.rulebook, case.target_id, values, basis.n)


def is_met_by(case: Case, layer: Layer) -> bool:
    """Say whether every criterion is met by certified results and a layer's own scores."""
    return verdict_of(case, basis_now(case), layer, scores_of(case)).eligible


def basis_now(case: Case) -> Basis:
    """Return what is certified now."""
    return basis_of(case.unit, case.period, case.rulebook)


FIXES = Q(basis__has_key="results")
"""Of a step: it fixed results. A decision against a unit may keep scores alone, and rests on those before."""


def step_below(case: Case) -> Step | None:
    """Return the step that fixed the results on which a proposal rests; None before it was submitted."""
    return case.steps.filter(FIXES).order_by("number").last()


def fixing_steps(case: Case) -> list[Step]:
    """Return the steps that fixed the results on which a proposal rests, the first one first."""
    return list(case.steps.filter(FIXES).order_by("number"))


def below_at(fixing: Sequence[Step], number: int) -> Step:
    """Return the fixing step on whose results a proposal rested at the step of a number.

    It must have been submitted by then: from there on it rests upon something.
    """
    return [step for step in fixing if step.number <= number][-1]


def results_now(case: Case) -> list[str]:
    """Return the ids of what is certified now; none as long as a survey of the period is not certified."""
    return list(results_of(list(surveys_of(case.unit, case.period))))


def is_in_conflict(case: Case) -> bool:
    """Say whether a result on which a proposal rests was corrected, or a further one of its period certified.

    A further survey that is not certified yet changes nothing: nobody makes a conflict by opening one.
    """
    return bool(conflicts_among([case]))


def know_stages(cases: Collection[Case]) -> None:
    """Let each proposal know how far it is, by one question for all of those that do not."""
    unknown = {case.pk: case for case in cases if "stage" not in vars(case)}
    steps = Step.objects.filter(case__in=unknown).order_by("number")
    for pk, stage in dict(steps.values_list("case", "stage")).items():
        unknown[pk].stage = Stage(stage)


def conflicts_among(cases: Collection[Case]) -> set[int]:
    """Return the keys of those that are in conflict; for lists, which ask few questions for many cases."""
    know_stages(cases)
    fixed = {
        step.case_id: set(step.basis["results"])
        for step in Step.objects.filter(FIXES, case__in=cases).order_by("number")
    }
    asked = [case for case in cases if case.pk in fixed and case.stage not in ENDED]
    found = surveys().filter(unit__in={case.unit_id for case in asked}, period__in={c.period for c in asked})
    of: dict[tuple[int, str], list[str]] = {}
    for unit, period, code, number in found.values_list("unit", "period", "code", "certification__number"):
        of.setdefault((unit, period), []).append(certified_id(code, number) if number else "")
    return {case.pk for case in asked if _moved(fixed[case.pk], of.get((case.unit_id, case.period), []))}


def _moved(fixed: set[str], found: list[str]) -> bool:
    """Say whether results are not those of now; a survey that is not certified yet has an empty id."""
    current = set(found) - {""}
    return not fixed <= current or ("" not in found and fixed != current)


def last_opinion(case: Case, layer: Layer) -> Opinion | None:
    """Return what a layer says of a proposal, if it said something."""
    found = Opinion.objects.filter(case=case, layer=layer).select_related("by", "office")
    return found.order_by("number").last()


def letter_to_send(case: Case) -> Letter | None:
    """Return the letter to the national team that names a proposal as decided last, if there is one."""
    decided = case.steps.filter(stage="PROPOSED").order_by("number").last()
    if decided is None:
        return None
    named = Q(listed__case=case, listed__step=decided.number, voided_at=None)
    return Letter.objects.filter(named, kind__in=TO_NATIONAL).order_by("pk").last()


def corrections_by(steps: Sequence[Step]) -> Mapping[int, str]:
    """Return by the number of a step the id under which the ledger says that it corrected what stood before.

    `steps` are all of a proposal, the first one first.
    """
    subjects: dict[int, str] = {}
    proposed = ""
    for step in steps:
        if step.deed in CORRECTING:
            subjects[step.number] = proposed
        proposed = step.statement or proposed
    found = corrections_of(set(subjects.values()))
    return {number: found[name][0] for number, name in subjects.items() if name in found}


def cases_of(unit: Unit) -> QuerySet[Case]:
    """Return the proposals of a unit, the latest first."""
    return Case.objects.filter(unit=unit).select_related("unit", "office").order_by("-number")
