"""How answers arrive: tickets that are used on the day of issue, and how many devices there really are.

Both are counts of a campaign, not of a response, beside the same counts of all campaigns.

    share at once       p = P(X >= k),  X binomial of n and the national share
    effective number    1 / sum of p_k^2 (Simpson 1949, Hill 1971), p_k the share of the k-th device class;
                        p = share of samples of n from the national mix with as low a number
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.stats import binomtest

from tera.statistics.screening import wording
from tera.statistics.screening.calibration import MOST, ROUNDING
from tera.statistics.screening.evidence import LEVEL, e_value
from tera.statistics.screening.sample import FEWEST_FORMS
from tera.statistics.screening.wording import Words


@dataclass(frozen=True, slots=True)
class Arrival:
    """One number of a campaign beside the nation's; all None where there are too few."""

    n: int
    observed: float | None
    expected: float | None
    p: float | None
    e: float | None
    sentence: Words
    next_step: Words


def effective_number(counts: Counter[str]) -> Fraction:
    """Return how many equally frequent classes would be as diverse; 0 where nothing was counted."""
    n = counts.total()
    return Fraction(n * n, sum(times * times for times in counts.values())) if n else Fraction(0)


def judge_redemption(delays: Counter[str], national: Counter[str], at_once: str = "0") -> Arrival:
    """Return whether more tickets than elsewhere were used on the day of issue.

    Args:
        delays: of a campaign, how many tickets were used after how many days or in which band of days.
        national: the same of all campaigns.
        at_once: the key for the day of issue.
    """
    n = delays.total()
    if n < FEWEST_FORMS or not national.total():
        return _few(n)
    share = national[at_once] / national.total()
    p = float(binomtest(delays[at_once], n, share, "greater").pvalue)
    return _arrival(n, delays[at_once] / n, share, p, "redemption")


def judge_devices(
    devices: Counter[str], national: Counter[str], generator: np.random.Generator, most: int = MOST
) -> Arrival:
    """Return whether answers come from fewer kinds of devices than elsewhere.

    Args:
        devices: of a campaign, how many responses came from which class of device.
        national: the same of all campaigns.
        generator: the source of chance.
        most: how many samples are drawn from the national mix.
    """
    n = devices.total()
    if n < FEWEST_FORMS or not national.total():
        return _few(n)
    shares = np.array(list(national.values())) / national.total()
    drawn = generator.multinomial(n, shares, size=most)
    numbers = n**2 / (drawn.astype(float) ** 2).sum(axis=1)
    found = float(effective_number(devices))
    p = float((1 + (numbers <= found + ROUNDING).sum()) / (1 + most))
    return _arrival(n, found, float(numbers.mean()), p, "devices")


def _few(n: int) -> Arrival:
    return Arrival(n, None, None, None, None, wording.FEW_ARRIVALS, wording.NOTHING_TO_DO)


def _arrival(n: int, observed: float, expected: float, p: float, kind: str) -> Arrival:
    is_notable = p <= LEVEL
    sentence = wording.arrival(kind, observed, expected, is_notable=is_notable)
    next_step = wording.LADDER if is_notable else wording.NOTHING_TO_DO
    return Arrival(n, observed, expected, p, e_value(p), sentence, next_step)
