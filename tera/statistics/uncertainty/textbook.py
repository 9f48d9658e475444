"""The two usual lower bounds of a mean, shown beside the one that decides; they decide nothing.

Both assume that no angry minority hides behind the answers found. Where nearly all give the top score and a
few the lowest, both lie above the true mean more often than they say; docs/method.md has the measured shares.
"""

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from scipy import stats

from tera.statistics.uncertainty.moments import mean, size, variance

DRAWS = 9999


def t_lower_bound(
    means: Mapping[Fraction, int],
    alpha: float = 0.05,
    *,
    population: int | None = None,
    is_random: bool = False,
) -> float:
    """Return Student's one-sided lower bound of the mean.

        mean - t(1 - alpha; n - 1) s / sqrt(n) x sqrt(1 - n / N)

    The last factor, the correction for a small population, is applied only where respondents were drawn at
    random: of people who chose to answer, even a large share says nothing about the rest.

    Args:
        means: respondents by their mean; two or more.
        alpha: the share of samples in which the bound may lie above the true mean.
        population: people served in the period, N.
        is_random: whether respondents were drawn at random from these people.

    Raises:
        TooFew: fewer than two respondents.
        ValueError: more respondents than people served.
    """
    n = size(means)
    error = math.sqrt(variance(means) / n)
    if is_random and population is not None:
        error *= math.sqrt(1 - _share_asked(n, population))
    return float(mean(means)) - float(stats.t.ppf(1 - alpha, n - 1)) * error


def _share_asked(n: int, population: int) -> float:
    if n > population:
        raise ValueError(f"{n} respondents out of {population} people served: there cannot be more than all")
    return n / population


def bootstrap_lower_bound(
    means: Mapping[Fraction, int], generator: np.random.Generator, alpha: float = 0.05, draws: int = DRAWS
) -> float:
    """Return the percentile bootstrap's one-sided lower bound: the alpha-quantile of resampled means.

    Args:
        means: respondents by their mean; one or more.
        generator: the source of chance; the same seed gives the same bound.
        alpha: the share of samples in which the bound may lie above the true mean.
        draws: how many samples are drawn from the respondents, each as large as the first.

    Raises:
        TooFew: nobody answered.

    Source: Efron 1979; Efron and Tibshirani 1993, chapter 13.
    """
    centre, n = float(mean(means)), size(means)
    values = np.array([float(value) for value in means])
    counts = np.array([*means.values()])
    samples = generator.multinomial(n, counts / n, size=draws)
    # Added to the centre, so that respondents who all agree get exactly their mean.
    return centre + float(np.quantile(samples @ (values - centre) / n, alpha))
