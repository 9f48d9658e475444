"""Bounds for the mean of bounded scores that assume nothing of how scores are spread: Gaffke's bound.

    L = the alpha-quantile of  D_0 a + D_1 y_1 + … + D_n y_n,   (D_0, …, D_n) ~ Dirichlet(1, …, 1)

for n scores y of at least a. Where scores take two values it is the bound of Clopper and Pearson. That it
covers the true mean in 1 - alpha of all samples is a conjecture which no example contradicts.

Source: Gaffke 2005; Learned-Miller and Thomas 2019 (arXiv 1905.06208); Phan, Thomas and Learned-Miller 2021
(arXiv 2106.03163).

The quantile is computed, not simulated, so that everybody finds the same number. With independent exponential
E_i in place of the D_i, P(sum D_i y_i <= c) = P(Q <= 0) for Q = sum E_i (y_i - c), and with its moment
generating function M(s) = prod 1 / (1 - s (y_i - c))

    P(Q <= 0) = - 1 / (2 pi i) ∫ M(s) / s ds    upwards through any s between 1 / (a - c) and 0,

which the trapezoidal rule integrates to the precision of a float on the line through the saddle point.
"""

import cmath
import math
from collections.abc import Mapping
from fractions import Fraction

Means = Mapping[Fraction, int] | Mapping[Fraction, float]
"""How many respondents have each mean; in parts, where one thinks of a larger sample of the same shape."""

Steps = list[tuple[float, float]]
STEPS_TO_A_POLE = 5  # the rule's error is about exp(-2 pi x this), 2e-14
STEP = 0.7  # of the integrand's width; exp(-2 pi^2 / this^2) is less than a float holds
NEGLIGIBLE = 1e-15
FEWEST = 5  # with fewer the integrand hardly falls, and the bound says next to nothing
SMALLEST = -700.0  # of which the exponential is still a float
PRECISE = 1e-10


def lower_bound(means: Means, lowest: Fraction, alpha: float = 0.05) -> float:
    """Return the score above which the true mean lies with confidence 1 - alpha, one-sided.

    Args:
        means: respondents by their mean, all at least `lowest`; five respondents or more.
        lowest: the lowest mean that a respondent can have.
        alpha: the share of samples in which the bound may lie above the true mean.

    Raises:
        ValueError: fewer than five respondents, or a mean lies below the lowest.
    """
    points, low = _points(means, lowest), float(lowest)
    n = sum(times for _, times in points) - 1
    mean = sum(score * times for score, times in points if times) / (n + 1)
    spread = math.sqrt(sum(times * (score - mean) ** 2 for score, times in points) / (n + 1))
    if spread == 0:
        return low
    below = mean - 3 * spread / math.sqrt(n + 1)
    start = below if below > low and _below(points, below) < alpha else low
    return _root(points, alpha, start, max(score for score, _ in points))


def upper_bound(means: Means, highest: Fraction, alpha: float = 0.05) -> float:
    """Return the score below which the true mean lies with confidence 1 - alpha: that of below, mirrored."""
    mirrored = {highest - mean: times for mean, times in means.items()}
    return float(highest) - lower_bound(mirrored, Fraction(0), alpha)


def cdf(means: Means, lowest: Fraction, at: float) -> float:
    """Return P(sum D_i y_i <= at); the lower bound lies at or below `at` where this is alpha or more."""
    points = _points(means, lowest)
    if at <= lowest:
        return 0.0
    return 1.0 if at >= max(score for score, _ in points) else _below(points, at)


def _points(means: Means, lowest: Fraction) -> Steps:
    """Return scores with their number, the extra one at the lowest among them."""
    if sum(means.values()) < FEWEST:
        raise ValueError(f"a bound of a mean needs at least {FEWEST} respondents")
    if min(means) < lowest:
        raise ValueError(f"a mean of {min(means)} lies below the lowest possible, {lowest}")
    together = {**means, lowest: means.get(lowest, 0) + 1}
    return [(float(score), float(times)) for score, times in sorted(together.items())]


def _below(points: Steps, at: float) -> float:
    """Return P(Q <= 0) for a point strictly between the lowest and the highest score."""
    gaps = [(score - at, times) for score, times in points]
    pole = 1 / gaps[0][0]
    saddle = _saddle(gaps, pole)
    peak = _exponent(gaps, complex(saddle))
    if (
        peak.real + math.log(-saddle) < SMALLEST
    ):  # log M(s), and P(Q <= 0) <= M(s) for every such s (Chernoff)
        return 0.0
    step = min(-saddle, saddle - pole) / STEPS_TO_A_POLE
    step = min(step, STEP / math.sqrt(_curvature(gaps, saddle)))
    total, height = 0.5, 0  # in units of the peak, which may be too small for a float
    while True:
        height += 1
        term = cmath.exp(_exponent(gaps, complex(saddle, height * step)) - peak).real
        total += term
        if abs(term) * height < NEGLIGIBLE * total:
            return min(math.exp(peak.real) * total * step / math.pi, 1.0)


def _exponent(gaps: Steps, s: complex) -> complex:
    """Return log(M(s) / -s)."""
    return -sum(times * cmath.log(1 - s * gap) for gap, times in gaps) - cmath.log(-s)


def _curvature(gaps: Steps, s: float) -> float:
    """Return the second derivative of the exponent; the integrand is about as wide as 1 / its root."""
    return sum(times * (gap / (1 - s * gap)) ** 2 for gap, times in gaps) + 1 / s**2


def _saddle(gaps: Steps, pole: float) -> float:
    """Return where log M(s) - log |s| is least between the pole and 0; it is convex."""
    low, high = pole, 0.0
    while high - low > -PRECISE * low:
        middle = (low + high) / 2
        slope = sum(times * gap / (1 - middle * gap) for gap, times in gaps) - 1 / middle
        low, high = (low, middle) if slope > 0 else (middle, high)
    return (low + high) / 2


def _root(points: Steps, alpha: float, low: float, high: float) -> float:
    """Return where the distribution reaches alpha, by the false position of Illinois."""
    at_low, at_high = -alpha, 1 - alpha
    if low > points[0][0]:
        at_low = _below(points, low) - alpha
    side = 0
    while high - low > PRECISE:
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            break
        found = _below(points, middle) - alpha
        if abs(found) < PRECISE * alpha:
            return middle
        if found < 0:
            low, at_low = middle, found
            at_high, side = (at_high / 2 if side < 0 else at_high), -1
        else:
            high, at_high = middle, found
            at_low, side = (at_low / 2 if side > 0 else at_low), 1
    return low
