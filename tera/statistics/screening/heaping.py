"""Scores just above a threshold that are missing just below it: seen across many units, never in one.

    above = units with T <= score < T + w,  below = units with T - w <= score < T
    p     = P(X >= above),  X binomial of above + below and 1/2

Where scores are as frequent on both sides of T, half of those within w lie above. Where the upper half is by
itself a tenth more frequent, 52 % do (1.1 / 2.1); so keep w small beside the spread of scores, and read a
small p beside the same test at points that are no thresholds. The idea is McCrary's 2008
(J. Econometrics 142); the exact test in a window is that of Cattaneo, Titiunik and Vazquez-Bare 2017 (J.
Policy Anal. Manage. 36).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from scipy.stats import binomtest

from tera.statistics.screening import wording
from tera.statistics.screening.evidence import e_value
from tera.statistics.screening.wording import Words

FEWEST_SCORES = 20
"""Fewer scores within the windows of a threshold are not tested."""


@dataclass(frozen=True, slots=True)
class Heap:
    """How many units lie just above and just below one threshold; p and e are None where they are too few."""

    threshold: Fraction
    window: Fraction
    above: int
    below: int
    p: float | None
    e: float | None
    sentence: Words
    next_step: Words


def find_heaps(
    scores: Sequence[Fraction], thresholds: Sequence[Fraction], window: Fraction, level: float = 0.01
) -> list[Heap]:
    """Return a heap for each threshold.

    Args:
        scores: one score per unit, in the unit of the thresholds.
        thresholds: what a score has to reach.
        window: how far from a threshold is near, more than 0; windows must not meet.
        level: the nominal error for all thresholds together; each gets its share.

    Raises:
        ValueError: the window is not more than 0, or two windows meet.
    """
    ranked = sorted(thresholds)
    if window <= 0 or any(two - one < 2 * window for one, two in pairwise(ranked)):
        raise ValueError("the window must be more than 0 and at most half the way between two thresholds")
    return [_heap(scores, threshold, window, level / len(thresholds)) for threshold in thresholds]


def _heap(scores: Sequence[Fraction], threshold: Fraction, window: Fraction, level: float) -> Heap:
    above = sum(threshold <= score < threshold + window for score in scores)
    below = sum(threshold - window <= score < threshold for score in scores)
    near = above + below
    p = float(binomtest(above, near, 0.5, "greater").pvalue) if near >= FEWEST_SCORES else None
    is_notable = p is not None and p <= level
    return Heap(
        threshold,
        window,
        above,
        below,
        p,
        None if p is None else e_value(p),
        wording.heap(above, below, is_tested=p is not None, is_notable=is_notable),
        wording.HEAP_NEXT if is_notable else wording.NOTHING_TO_DO,
    )
