"""What the criteria of a title say in a letter: thresholds, values, who gave them, and what fails."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from tera.engine.eligibility import Finding, Verdict
from tera.engine.explain import (
    DECIMALS,
    SIGNS,
    beside,
    beside_text,
    decimal_text,
    explain_finding,
    value_text,
)
from tera.engine.rulebook import RESPONDENTS, Criterion, Rulebook, Target
from tera.portal.proposals.basis import Basis, survey_verdict
from tera.portal.proposals.models import Case, Score, Step
from tera.portal.proposals.queries import scores_of, verdict_of
from tera.portal.results.present import thresholds
from tera.portal.review.models.checks import Layer

Json = dict[str, Any]
Scores = Mapping[tuple[str, str], Score]
PRINTED = "id"  # the language of the document
NOTHING = "–"
BY_MINISTRY, BY_REGION = "kementerian", "kantor wilayah"
BY_UNIT = "unit; kantor wilayah tidak memberi nilai sendiri"
BY_BOTH = "kantor wilayah, dan unit untuk yang tidak dinilai kantor wilayah"


def judged(case: Case, step: Step, basis: Basis) -> Json:
    """Return how many criteria hold, and the values that no survey gives, with who gave them.

    A recommendation rests upon the region's own values, or the unit's where it gave none; whatever the
    ministry decides, upon the ministry's.
    """
    scores = scores_of(case)
    if step.deed == "recommend":
        verdict = verdict_of(case, basis, Layer.REGION, _of_region(case, scores))
        counted, by = survey_verdict(basis, case.rulebook, case.target_id), _by_whom(case, scores)
    else:
        counted = verdict = verdict_of(case, basis, Layer.MINISTRY, scores)
        by = BY_MINISTRY
    met = sum(finding.met is True for finding in counted.findings)
    return {
        "criteria": {"scope": counted.scope, "met": met, "all": len(counted.findings)},
        "others": list(others_of(verdict)),
        "others_by": by,
    }


def _of_region(case: Case, scores: Scores) -> Scores:
    """Return the region's values, the unit's in place of those that it did not give."""
    both = {
        given.id: scores.get((Layer.REGION, given.id)) or scores.get((Layer.UNIT, given.id))
        for given in case.rulebook.given
    }
    return {(Layer.REGION, name): score for name, score in both.items() if score}


def _by_whom(case: Case, scores: Scores) -> str:
    own = [(Layer.REGION, given.id) in scores for given in case.rulebook.given]
    return BY_REGION if all(own) else BY_BOTH if any(own) else BY_UNIT


def others_of(verdict: Verdict) -> Iterator[Json]:
    """Yield the criteria that no survey answers, each with its value beside its threshold."""
    rulebook = verdict.rulebook
    measured = {RESPONDENTS, *(measure.id for measure in rulebook.measures)}
    for finding in verdict.findings:
        if finding.criterion.measure not in measured:
            yield {
                "name": explain_finding(finding, rulebook).title[PRINTED],
                "shown": _value(finding),
                "limit": _limit(finding.criterion),
                "met": _met(finding),
            }


def _value(finding: Finding) -> str:
    if finding.value is None:
        return ""
    return _status(finding.value) if isinstance(finding.value, str) else beside_text(finding, PRINTED)


def _status(text: str) -> str:
    return {"none": "belum ada"}.get(text, text.upper())


def _met(finding: Finding) -> str:
    return {True: "yes", False: "no", None: ""}[finding.met]


def limit_of(target: Target, measure: str) -> str:
    """Return what a title asks of a measure; nothing where it asks for nothing."""
    asked = [one for one in target.criteria if one.measure == measure]
    return _limit(asked[0]) if asked else ""


def _limit(criterion: Criterion) -> str:
    asked = criterion.threshold
    text = _status(asked) if isinstance(asked, str) else value_text(asked, criterion.measure, PRINTED)
    return f"{SIGNS[criterion.op]} {text}"


def shown(value: Fraction | None, rulebook: Rulebook, measure: str) -> str:
    """Return a value as it is printed, never so rounded that a missed threshold looks reached."""
    if value is None:
        return NOTHING
    sides = [beside(value, limit, DECIMALS) for _, limit in thresholds(rulebook, measure)]
    return decimal_text(min(sides, default=value), DECIMALS, PRINTED)
