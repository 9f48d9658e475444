"""Comparison: is a unit better than it was, or than others, or can the answers not tell?

A difference gets two intervals. Welch's assumes that means are nearly normal. The other assumes nothing of
how answers are spread within a group: from bounds (l, u) of each mean

    low  = (a - b) - sqrt((a - l_a)^2 + (u_b - b)^2)
    high = (a - b) + sqrt((u_a - a)^2 + (b - l_b)^2)

and it decides the words. The bounds are Gaffke's, each at half the error, so they are two-sided.

Source: Welch 1947; Zou and Donner 2008 (MOVER); Bonferroni for many units at once.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scipy import stats

from tera.engine.disclosure import K
from tera.statistics.uncertainty.gaffke import lower_bound, upper_bound
from tera.statistics.uncertainty.moments import TooFew, mean, size, variance
from tera.statistics.uncertainty.shares import Interval

BETTER, WORSE, UNCLEAR = "BETTER", "WORSE", "UNCLEAR"
WORDS: Mapping[str, Mapping[str, str]] = {
    BETTER: {"id": "lebih baik", "en": "better"},
    WORSE: {"id": "lebih buruk", "en": "worse"},
    UNCLEAR: {"id": "belum dapat dibedakan", "en": "cannot be told apart"},
}
POWER = 0.8
Means = Mapping[Fraction, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two means, exact, with its intervals; `word` is a code of WORDS.

    `welch` is None where it does not exist: no spread in both groups.
    """

    value: Fraction
    interval: Interval
    welch: Interval | None
    word: str


@dataclass(frozen=True, slots=True)
class Bounded:
    """A mean with how far the true one may lie below and above it, whatever the spread of answers."""

    value: float
    down: float
    up: float


def difference(
    now: Means, before: Means, scale: tuple[Fraction, Fraction], alpha: float = 0.05
) -> Difference:
    """Return how far one group lies above another: this period above the last, or one unit above another.

    Args:
        now: respondents of the one group by their mean; ten or more.
        before: respondents of the other group.
        scale: the lowest and the highest mean that a respondent can have.
        alpha: the error of each interval, both sides together.

    Raises:
        TooFew: a group with fewer than ten respondents.
    """
    one, other = bounded(now, scale, alpha), bounded(before, scale, alpha)
    value = mean(now) - mean(before)
    interval = Interval(
        float(value) - math.hypot(one.down, other.up), float(value) + math.hypot(one.up, other.down)
    )
    return Difference(value, interval, welch(now, before, alpha), word(interval))


def bounded(means: Means, scale: tuple[Fraction, Fraction], alpha: float) -> Bounded:
    """Return a mean with the bounds between which the true one lies with confidence 1 - alpha.

    Raises:
        TooFew: fewer than ten respondents, of whom nothing is shown.
    """
    if size(means) < K:
        raise TooFew(f"groups are compared from {K} respondents on, not {size(means)}")
    value = float(mean(means))
    low, high = lower_bound(means, scale[0], alpha / 2), upper_bound(means, scale[1], alpha / 2)
    return Bounded(value, value - low, high - value)


def word(interval: Interval) -> str:
    """Return what an interval of a difference says: BETTER, WORSE or UNCLEAR."""
    if interval.low > 0:
        return BETTER
    return WORSE if interval.high < 0 else UNCLEAR


def welch(now: Means, before: Means, alpha: float = 0.05) -> Interval | None:
    """Return Welch's two-sided interval of a difference; None where a group has no spread to measure."""
    sizes = size(now), size(before)
    if min(sizes) < 2:
        return None
    squares = [float(variance(means)) / n for means, n in zip((now, before), sizes, strict=True)]
    total = sum(squares)
    if total == 0:
        return None
    freedom = total**2 / sum(square**2 / (n - 1) for square, n in zip(squares, sizes, strict=True))
    value = float(mean(now) - mean(before))
    margin = float(stats.t.ppf(1 - alpha / 2, freedom)) * math.sqrt(total)
    return Interval(value - margin, value + margin)


@dataclass(frozen=True, slots=True)
class Against:
    """How far a unit lies above the mean of all units, with its simultaneous interval; `word` as above."""

    value: float
    interval: Interval
    word: str


def against_their_mean(
    units: Mapping[str, Means], scale: tuple[Fraction, Fraction], alpha: float = 0.05
) -> dict[str, Against]:
    """Return for every unit how far it lies above the mean of the units, each unit counting once.

    The unit is part of that mean. Each interval is made for alpha divided by the number of units
    (Bonferroni), so that all together hold: with many units only large differences are called by a word, and
    nobody is singled out by chance.

    Args:
        units: respondents by their mean, for each unit; two units or more.
        scale: the lowest and the highest mean that a respondent can have.
        alpha: the error of all intervals together.

    Raises:
        TooFew: fewer than two units, or a unit with fewer than ten respondents.
    """
    if len(units) < 2:
        raise TooFew(f"units are compared from two on, not {len(units)}")
    found = {name: bounded(means, scale, alpha / len(units)) for name, means in units.items()}
    share = 1 / len(found)
    centre = sum(unit.value for unit in found.values()) * share
    # (1 - 1/m) a_i - sum over the others of a_j / m: the squares of all shares once, for all units.
    downs = sum((share * unit.down) ** 2 for unit in found.values())
    ups = sum((share * unit.up) ** 2 for unit in found.values())
    return {
        name: _against(
            unit.value - centre,
            _margin(unit.down, unit.up, share, ups),
            _margin(unit.up, unit.down, share, downs),
        )
        for name, unit in found.items()
    }


def _against(value: float, down: float, up: float) -> Against:
    interval = Interval(value - down, value + up)
    return Against(value, interval, word(interval))


def _margin(own: float, opposite: float, share: float, opposites: float) -> float:
    """Return the margin of a unit less the mean: its own one, and the opposite ones of all the others."""
    others = max(opposites - (share * opposite) ** 2, 0.0)
    return math.sqrt(((1 - share) * own) ** 2 + others)


def detectable_difference(
    n: int, other: int, spread: float, alpha: float = 0.05, power: float = POWER
) -> float:
    """Return the smallest true difference that two groups would show as significant with this power.

        (z(1 - alpha / 2) + z(power)) s sqrt(1 / n + 1 / m)

    Args:
        n: respondents of the one group, one or more.
        other: m, respondents of the other group.
        spread: s, the standard deviation of respondents' means, in points.
        alpha: the error of the two-sided test.
        power: the chance to see it.

    A normal approximation; Gaffke's bounds see a little less. Source: Cohen 1988.
    """
    z = float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power))
    return z * spread * math.sqrt(1 / n + 1 / other)
