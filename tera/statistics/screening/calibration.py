"""How rare the numbers of a unit are among honest units of its own profile: p-values by invented units.

First some invented units teach how the counts of forms go with the unit's coherence (a parabola
through their square roots): what is tested is what the coherence leaves unexplained. Then fresh ones are
invented, one after the other, until 10 of them are as extreme as the real one, or enough are made.

    p = 10 / l               the tenth that is as extreme was the l-th
    p = (1 + g) / (1 + B)    g of all B are as extreme

Both hold at every size of the test whatever the statistic, as long as the honest population is right
(Besag and Clifford 1991). Two-sided is twice the smaller of both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tera.statistics.screening import honest
from tera.statistics.screening.honest import Floats
from tera.statistics.screening.indicators import (
    ALIKE,
    PERFECT,
    TWO_SIDED,
    UNIFORM,
    WEIGHTS,
    Sums,
    coherence,
    joined,
    sums_of_forms,
    sums_of_sample,
    values,
)
from tera.statistics.screening.sample import Sample

LEARNING = 300
ENOUGH = 10
MOST = 9_999
COUNTED = (ALIKE, PERFECT, UNIFORM)
FIRST_BATCH, LARGEST_BATCH = 100, 1_600
MOST_CELLS = 2_000_000  # answers that are invented at once, some 30 MB
ROUNDING = 1e-9
SIDES = tuple(
    (name, sign) for name in WEIGHTS for sign in ((1, -1) if name in TWO_SIDED else (1,))
)  # in the order of the columns of `_columns`


@dataclass(frozen=True, slots=True)
class Found:
    """One number of a unit: as observed, as expected of honest ones of its profile, and its p-value."""

    observed: float
    expected: float
    p: float


def calibrate(sample: Sample, generator: np.random.Generator, most: int = MOST) -> dict[str, Found]:
    """Return every indicator of a sample that can be screened, by its name.

    Args:
        sample: a sample without a `refusal`.
        generator: the source of chance.
        most: invented units before it stops; the smallest p is 1 / (1 + most).
    """
    counts = np.array(
        [
            [sample.tally.counts[item.code].get(score, 0) for score in item.scores]
            for item in sample.instrument.items
        ]
    )

    def invent(units: int) -> Sums:
        forms = honest.draw(counts, units, generator)
        return sums_of_forms(forms, sample.instrument.highest, sample.sizes)

    real = sums_of_sample(sample)
    largest = max(1, min(LARGEST_BATCH, MOST_CELLS // int(counts.sum())))
    parts = [min(largest, LEARNING - made) for made in range(0, LEARNING, largest)]
    curves = _Curves(joined([invent(units) for units in parts]))
    p = _p_values(curves.columns(real)[0], lambda units: curves.columns(invent(units)), largest, most)
    observed, expected = values(real), curves.expected(real)
    return {name: Found(float(observed[name][0]), expected[name], p[name]) for name in WEIGHTS}


class _Curves:
    """What the numbers of honest units of this profile are, and how the counts go with coherence."""

    def __init__(self, invented: Sums) -> None:
        self._values = values(invented)
        design = _design(invented)
        self._curves = {
            name: np.linalg.lstsq(design, np.sqrt(self._values[name]), rcond=None)[0] for name in COUNTED
        }
        self._left = {
            name: np.sqrt(self._values[name]) - design @ curve for name, curve in self._curves.items()
        }

    def columns(self, sums: Sums) -> Floats:
        """Return what is tested of each unit, a column for each of SIDES; more is more extreme."""
        found, design = values(sums), _design(sums)
        tested = {
            name: np.sqrt(found[name]) - design @ self._curves[name] if name in COUNTED else found[name]
            for name in WEIGHTS
        }
        return np.stack([sign * tested[name] for name, sign in SIDES], axis=1)

    def expected(self, real: Sums) -> dict[str, float]:
        """Return the means among honest units, of counts at the coherence of this one."""
        found = {name: float(number.mean()) for name, number in self._values.items()}
        for name, curve in self._curves.items():
            roots = np.maximum((_design(real) @ curve) + self._left[name], 0)
            found[name] = float((roots**2).mean())
        return found


def _design(sums: Sums) -> Floats:
    together = coherence(sums)
    return np.stack([np.ones_like(together), together, together**2], axis=1)


def _p_values(real: Floats, invent: Callable[[int], Floats], largest: int, most: int) -> dict[str, float]:
    """Return the p-value of each indicator; `invent` returns units x SIDES."""
    extreme = np.zeros(len(SIDES), int)
    stopped = np.zeros(len(SIDES), int)  # after how many, 0 where it has not
    made, batch = 0, min(FIRST_BATCH, largest)
    while made < most and not stopped.all():
        batch = min(batch, most - made)
        reached = extreme + np.cumsum(invent(batch) >= real - ROUNDING, axis=0)
        enough = reached >= ENOUGH
        stopped = np.where((stopped == 0) & enough[-1], made + enough.argmax(axis=0) + 1, stopped)
        extreme, made, batch = reached[-1], made + batch, min(2 * batch, largest)
    sides = np.where(stopped > 0, ENOUGH / np.maximum(stopped, 1), (1 + extreme) / (1 + most))
    found: dict[str, float] = {}
    for name in WEIGHTS:
        own = [float(p) for (side, _), p in zip(SIDES, sides, strict=True) if side == name]
        found[name] = min(1.0, len(own) * min(own))
    return found
