"""Number, mean and variance of respondents' means, exactly, from how many respondents have each."""

from collections.abc import Mapping
from fractions import Fraction


class TooFew(ValueError):
    """Fewer respondents than the figure needs; the message says how many it needs."""


def size(means: Mapping[Fraction, int]) -> int:
    """Return how many respondents there are."""
    return sum(means.values())


def mean(means: Mapping[Fraction, int]) -> Fraction:
    """Return the mean of the respondents' means, each respondent counting once.

    Raises:
        TooFew: nobody answered.
    """
    n = size(means)
    if n < 1:
        raise TooFew("a mean needs at least one respondent")
    return sum((value * times for value, times in means.items()), Fraction(0)) / n


def variance(means: Mapping[Fraction, int]) -> Fraction:
    """Return the variance of a sample, with n - 1 in the divisor.

    Raises:
        TooFew: fewer than two respondents.
    """
    n = size(means)
    if n < 2:
        raise TooFew(f"a spread needs at least two respondents, not {n}")
    centre = mean(means)
    return sum((times * (value - centre) ** 2 for value, times in means.items()), Fraction(0)) / (n - 1)
