"""How near a unit is to a title, and what is still missing.

The four states and the 95 % are our own reading, not the law's: for the law a criterion holds or does not.
They are for sorting a list and for planning, never for a verdict. See docs/method.md, section 7.
"""

import math
from enum import StrEnum
from fractions import Fraction

from tera.engine.eligibility import Finding, Verdict
from tera.engine.number import Points
from tera.engine.rulebook import RESPONDENTS, Criterion, Measure, Rulebook

NEAR = Fraction(95, 100)
"""The share of a threshold from which a number that misses it is called near."""
_NEAR, _WHOLE = NEAR.as_integer_ratio()


class Nearness(StrEnum):
    """How near a unit is to a title; the stored code never changes."""

    ELIGIBLE = "ELIGIBLE"  # every criterion holds
    NEARLY = "NEARLY"  # all are known, and each that does not hold is a number near its threshold
    NOT = "NOT"  # one at least is far away, or is a status that is not reached
    NOT_ASSESSABLE = "NOT_ASSESSABLE"  # something is unknown, and nothing that is known is far away


def nearness_of(verdict: Verdict) -> Nearness:
    """Return the state of a unit; what is certainly far away decides before what is unknown.

    A unit that misses one criterion by more than 5 % is NOT, whatever else may still come in. Where all that
    is known holds or is near, and something is unknown, nobody can tell yet: it is NOT_ASSESSABLE.
    """
    if verdict.eligible:
        return Nearness.ELIGIBLE
    if any(finding.met is False and not is_near(finding) for finding in verdict.findings):
        return Nearness.NOT
    is_known = bool(verdict.findings) and all(finding.met is not None for finding in verdict.findings)
    return Nearness.NEARLY if is_known else Nearness.NOT_ASSESSABLE


def is_near(finding: Finding) -> bool:
    """Say whether a number reaches 95 % of a threshold that it misses; a status is never near."""
    value, threshold = finding.value, finding.criterion.threshold
    if finding.met is not False or not isinstance(value, Fraction) or not isinstance(threshold, Fraction):
        return False
    (top, bottom), (most, share) = value.as_integer_ratio(), threshold.as_integer_ratio()
    return most * bottom * _NEAR <= top * share * _WHOLE


def more_respondents(finding: Finding) -> int | None:
    """Return how many respondents are still missing; None where none are asked for, or nobody knows."""
    if finding.criterion.measure != RESPONDENTS or finding.met is None:
        return None
    if finding.met or finding.short_by is None:
        return 0
    is_beyond = finding.criterion.op == ">"
    return math.floor(finding.short_by) + 1 if is_beyond else math.ceil(finding.short_by)


def best_answers_needed(points: Fraction, n: int, threshold: Fraction, highest: Fraction) -> int | None:
    """Return how many further respondents are needed at least if each gives the highest score throughout.

    It is the smallest m >= 0 with (n points + m highest) / (n + m) >= threshold, on the scale of the index:

        m = ceil(n (threshold - points) / (highest - threshold))

    None where no number of them would do. Where questions were left blank it may be more than the fewest, and
    is always enough: an element with fewer answers than n rises faster.
    """
    if n == 0:
        return 1 if threshold <= highest else None
    if points >= threshold:
        return 0
    if highest <= threshold:
        return None
    return math.ceil(n * (threshold - points) / (highest - threshold))


def threshold_points(criterion: Criterion, measure: Measure, rulebook: Rulebook) -> Points:
    """Return a threshold of a measure, which is in converted points, on the scale of the index.

    points = threshold / maximum x highest: 15,75 of 17,50 is 3,60 of 4.
    """
    if isinstance(criterion.threshold, str):
        raise TypeError(f"{criterion.id}: a status has no points")
    return Points(criterion.threshold * rulebook.highest.value / measure.maximum.value)
