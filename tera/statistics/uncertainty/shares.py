"""Shares: intervals of a share, and what call-backs say about forms that nobody honest filled in.

Intervals of Wilson and of Clopper and Pearson are scipy's. Source of the certificate: docs/method.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from scipy import stats

from tera.statistics.uncertainty.gaffke import lower_bound

ALPHA_OF_MEAN, ALPHA_OF_SHARE = 0.04, 0.01
"""How the 5 % of the certificate are split over its two doubts."""

Side = Literal["two-sided", "less"]


class Interval(NamedTuple):
    """From where to where a value may lie."""

    low: float
    high: float


def wilson(found: int, of: int, confidence: float = 0.95) -> Interval:
    """Return Wilson's two-sided interval of a share; ValueError where there is no such count.

    Source: Wilson 1927.
    """
    return _interval(found, of, confidence, "wilson")


def clopper_pearson(found: int, of: int, confidence: float = 0.95) -> Interval:
    """Return Clopper and Pearson's two-sided interval, which never covers less than it says.

    Source: Clopper and Pearson 1934.
    """
    return _interval(found, of, confidence, "exact")


def _interval(
    found: int, of: int, confidence: float, method: Literal["wilson", "exact"], side: Side = "two-sided"
) -> Interval:
    if not 0 <= found <= of or of < 1:
        raise ValueError(f"{found} of {of} is no share; it takes 0 to n out of n, with n at least 1")
    interval = stats.binomtest(found, of, alternative=side).proportion_ci(confidence, method)
    return Interval(float(interval.low), float(interval.high))


def bad_share_bound(calls: int, failures: int = 0, alpha: float = 0.05) -> float:
    """Return what share of forms may be bad at most, after calling back randomly chosen respondents.

    Clopper and Pearson's one-sided upper bound; without a failure it is 1 - alpha^(1/calls).

    Args:
        calls: respondents who were reached, drawn at random.
        failures: how many of them did not answer themselves, or not freely.
        alpha: the share of such samples in which the bound may be too low.

    Raises:
        ValueError: no call, or more failures than calls.
    """
    return _interval(failures, calls, 1 - alpha, "exact", "less").high


@dataclass(frozen=True, slots=True)
class Certificate:
    """Both doubts together: who was asked, and who filled in the forms.

    `lower_bound` is that of the mean at 96 %, `bad_share` the upper bound of bad forms at 99 %, and
    `honest_bound` what is left of the first if so many forms are bad and all of them perfect.
    """

    lower_bound: float
    bad_share: float
    honest_bound: float
    holds: bool


def certify(
    means: Mapping[Fraction, int],
    scale: tuple[Fraction, Fraction],
    threshold: Fraction,
    calls: int,
    failures: int = 0,
) -> Certificate:
    """Return whether the mean of honest forms reaches a threshold at 95 %, sampling and fakes both counted.

        (L - highest x e) / (1 - e) >= threshold

    with L the lower bound of the mean at 96 % and e the upper bound of the bad share at 99 %: by Bonferroni
    both hold together in 95 of 100 cases. It bounds fakes, not bad answers that were kept back.

    Args:
        means: respondents by their mean, on the scale of the threshold.
        scale: the lowest and the highest mean that a respondent can have.
        threshold: what the mean must reach.
        calls: respondents who were reached, drawn at random from those whose forms count.
        failures: how many of them did not answer themselves, or not freely.

    Raises:
        ValueError: nobody answered, no call, or more failures than calls.
    """
    lowest, highest = float(scale[0]), float(scale[1])
    bound = lower_bound(means, scale[0], ALPHA_OF_MEAN)
    bad = bad_share_bound(calls, failures, ALPHA_OF_SHARE)
    honest = max((bound - highest * bad) / (1 - bad), lowest) if bad < 1 else lowest
    return Certificate(bound, bad, honest, honest >= threshold)
