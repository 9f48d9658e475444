"""How many respondents a mean needs, before a survey: a statistical aim beside the law's own numbers."""

import math
from fractions import Fraction

ONE_SIDED_95 = Fraction("1.645")
USUAL_SPREAD = Fraction("0.45")
"""Standard deviation of respondents' means, 1 to 4, in simulated honest answers; see docs/method.md."""


def size_for_margin(population: int, margin: Fraction, spread: Fraction = USUAL_SPREAD) -> int:
    """Return how many random respondents bound a mean from below within a margin, at 95 % one-sided.

        n0 = (1,645 s / d)^2,  n = n0 / (1 + n0 / N), rounded up

    Args:
        population: people served in the period, 1 or more.
        margin: how far the true mean may lie below the found one, in points of the scale.
        spread: standard deviation of respondents' means, in points of the scale.

    The correction for a small population is right for random samples only, not for people who chose to
    answer.
    """
    infinite = (ONE_SIDED_95 * spread / margin) ** 2
    return math.ceil(infinite / (1 + infinite / population))
