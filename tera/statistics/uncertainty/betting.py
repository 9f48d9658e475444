"""Bounds that hold at every moment, for a central office that looks again and again: betting.

Somebody bets against "the true mean is m" with fair bets that never see the next answer. If m is true, their
capital grows twentyfold with probability 1/20 at most, however often one looks (Ville). So every m against
which it ever did is ruled out at 95 %.

    K_t(m) = product over i <= t of  1 + min(l_i, c / m_i) (x_i - m_i)
    l_i    = sqrt(2 log(1 / alpha) / (v_(i-1) i log(1 + i)))                    predictable plug-in
    v_i    = (1/4 + sum over j <= i of (x_j - u_j)^2) / (i + 1)
    u_i    = (1/2 + sum over j <= i of x_j) / (i + 1)
    m_i    = m, or without replacement (N m - sum over j < i of x_j) / (N - i + 1)

with x the answers as 0 to 1 in the order in which they came, and c = 1/2. K falls as m rises, so that what is
ruled out lies below one bound.

Source: Waudby-Smith and Ramdas 2024 (J. R. Stat. Soc. B 86), and their program confseq, to which ours is
compared.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STEPS = 3000  # a thousandth of a point on a scale of 1 to 4
CAUTION = 0.5
PRECISE = 1e-9
Numbers = npt.NDArray[np.float64]


def lower_sequence(
    answers: Sequence[float],
    lowest: float,
    highest: float,
    alpha: float = 0.05,
    *,
    population: int | None = None,
    steps: int = STEPS,
) -> list[float]:
    """Return after each answer the mean above which the true one lies, all of them together at 1 - alpha.

    Args:
        answers: respondents' means in the order in which they came.
        lowest: the lowest mean that a respondent can have.
        highest: the highest.
        alpha: the chance that any of the bounds ever lies above the true mean.
        population: how many people there are, if respondents are drawn from them at random, each once; then
            the bound is for the mean of these people. None for a flow of people without an end.
        steps: into how many parts the scale is cut; a bound may lie lower by one part than it could.

    Raises:
        ValueError: an answer lies off the scale, or there are more answers than people.
    """
    if any(not lowest <= answer <= highest for answer in answers):
        raise ValueError(f"an answer lies off the scale of {lowest} to {highest}")
    if population is not None and len(answers) > population:
        raise ValueError(f"{len(answers)} answers of {population} people: each answers once")
    scores = (np.asarray(answers, dtype=np.float64) - lowest) / (highest - lowest)
    shares = _lower(scores, alpha, population, steps)
    return [lowest + share * (highest - lowest) for share in shares]


def upper_sequence(
    answers: Sequence[float],
    lowest: float,
    highest: float,
    alpha: float = 0.05,
    *,
    population: int | None = None,
    steps: int = STEPS,
) -> list[float]:
    """Return after each answer the mean below which the true one lies: the lower bounds, mirrored."""
    mirrored = [lowest + highest - answer for answer in answers]
    bounds = lower_sequence(mirrored, lowest, highest, alpha, population=population, steps=steps)
    return [lowest + highest - bound for bound in bounds]


def _lower(scores: Numbers, alpha: float, population: int | None, steps: int) -> list[float]:
    candidates = np.arange(steps + 1) / steps
    capital = np.zeros(steps + 1)  # as a logarithm
    ruled_out, bounds, total = 0, [], 0.0
    for place, (score, bet) in enumerate(zip(scores, _bets(scores, alpha), strict=True)):
        left = candidates
        if population is not None:
            left = np.maximum((population * candidates - total) / (population - place), 0)
        with np.errstate(divide="ignore"):  # nothing left: then the whole bet may be laid
            capital += np.log1p(np.minimum(bet, CAUTION / left) * (score - left))
        total += score
        if population is not None:  # all others together cannot have less than nothing
            capital[population * candidates < total - PRECISE] = np.inf
        ruled_out = max(ruled_out, int(np.searchsorted(-capital, np.log(alpha), side="right")))
        bounds.append(float(candidates[max(ruled_out - 1, 0)]))
    return bounds


def _bets(scores: Numbers, alpha: float) -> Numbers:
    """Return how much is bet on each answer, from the answers before it."""
    places = np.arange(1, len(scores) + 1)
    centres = (0.5 + np.cumsum(scores)) / (places + 1)
    spreads = (0.25 + np.cumsum((scores - centres) ** 2)) / (places + 1)
    known = np.concatenate([[0.25], spreads[:-1]])
    bets: Numbers = np.sqrt(2 * np.log(1 / alpha) / (places * np.log1p(places) * known))
    return bets
