"""Kiosk against home: do those who answer under the eyes of the office say better things?

    D = sum over strata of w_s (mean_s of the one - mean_s of the other) / sum of w_s,
    w_s = n1 n2 / (n1 + n2)

Strata are what both must have in common to be compared, such as service and month. Under the null channels
are as good as dealt out by chance within each stratum, so they are dealt out anew; two-sided, by Besag and
Clifford's stopping rule as in `calibration`. Weights: Cochran's, as in a stratified comparison of two means.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tera.statistics.screening import wording
from tera.statistics.screening.calibration import ENOUGH, MOST, ROUNDING
from tera.statistics.screening.evidence import LEVEL, e_value
from tera.statistics.screening.wording import Words

KIOSK, HOME = "kiosk", "home"
FEWEST_EACH = 10
"""Fewer of either channel in the strata that have both are not compared."""
BATCH = 200
Means = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """How much higher the one channel's means are; difference, p and e are None where they are too few."""

    first: int
    second: int
    difference: float | None
    p: float | None
    e: float | None
    sentence: Words
    next_step: Words


def compare_channels(
    strata: Mapping[str, Mapping[str, Counter[Fraction]]],
    generator: np.random.Generator,
    channels: tuple[str, str] = (KIOSK, HOME),
    most: int = MOST,
) -> Gap:
    """Return how much higher respondents' means are by the first channel than by the second.

    Args:
        strata: how many respondents have which mean, by stratum and channel.
        generator: the source of chance.
        channels: the two to compare; others are left out.
        most: how often channels are dealt out anew at most.
    """
    pairs = [
        (_spelt(by_channel[channels[0]]), _spelt(by_channel[channels[1]]))
        for by_channel in strata.values()
        if all(by_channel.get(channel) for channel in channels)
    ]
    first, second = sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs)
    if min(first, second) < FEWEST_EACH:
        return Gap(first, second, None, None, None, wording.FEW_BY_CHANNEL, wording.NOTHING_TO_DO)
    difference, p = _test(pairs, generator, most)
    is_notable = p <= LEVEL
    return Gap(
        first,
        second,
        difference,
        p,
        e_value(p),
        wording.gap(difference, is_notable=is_notable),
        wording.LADDER if is_notable else wording.NOTHING_TO_DO,
    )


def _spelt(means: Counter[Fraction]) -> Means:
    return np.repeat([float(mean) for mean in means], list(means.values()))


def _test(pairs: list[tuple[Means, Means]], generator: np.random.Generator, most: int) -> tuple[float, float]:
    """Return the difference and how rare it is."""
    weights = np.array([len(one) * len(other) / (len(one) + len(other)) for one, other in pairs])
    weights /= weights.sum()
    found = np.array([one.mean() - other.mean() for one, other in pairs]) @ weights
    extreme = made = 0
    while made < most:
        batch = min(BATCH, most - made)
        dealt = sum(
            weight * _dealt(np.concatenate(pair), len(pair[0]), batch, generator)
            for weight, pair in zip(weights, pairs, strict=True)
        )
        reached = extreme + np.cumsum(np.abs(dealt) >= abs(found) - ROUNDING)
        if reached[-1] >= ENOUGH:
            return float(found), ENOUGH / (made + int(np.argmax(reached >= ENOUGH)) + 1)
        extreme, made = int(reached[-1]), made + batch
    return float(found), (1 + extreme) / (1 + most)


def _dealt(means: Means, first: int, times: int, generator: np.random.Generator) -> Means:
    """Return the differences when the first channel's places go to others by chance, so many times."""
    order = generator.permuted(np.tile(means, (times, 1)), axis=1)
    sums = order[:, :first].sum(axis=1)
    difference: Means = sums / first - (means.sum() - sums) / (len(means) - first)
    return difference
