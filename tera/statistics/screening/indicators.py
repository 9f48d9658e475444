"""What is looked at in a unit: five numbers, fixed before anybody looks, each with a share of the error.

    alike       pairs of equal forms, not counting straight ones (one score throughout)
    perfect     forms with the highest score throughout
    uniform     other straight forms
    spread      standard deviation of respondents' means
    first_last  mean correlation among the last third of the items minus that among the first third

All follow from the sums of a sample. With the tally given, the variance within persons is what the spread of
their means leaves over (total = within + between), so that `spread` watches both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tera.statistics.screening.honest import Floats, Forms
from tera.statistics.screening.sample import Sample

ALIKE, PERFECT, UNIFORM, SPREAD, FIRST_LAST = "alike", "perfect", "uniform", "spread", "first_last"
WEIGHTS: Mapping[str, float] = {ALIKE: 0.35, PERFECT: 0.35, UNIFORM: 0.1, SPREAD: 0.1, FIRST_LAST: 0.1}
"""The share of the error that each may spend; together 1."""
TWO_SIDED = (SPREAD, FIRST_LAST)
LEAST_VARIANCE = 1e-9
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of many units of n forms each.

    Attributes:
        n: complete forms in each unit.
        highest: the highest score.
        alike: per unit, equal pairs that are not straight.
        perfect: per unit, forms with the highest score throughout.
        uniform: per unit, other straight forms.
        scores: units x items, sums of scores.
        products: units x items x items, sums of score x score.
    """

    n: int
    highest: int
    alike: Floats
    perfect: Floats
    uniform: Floats
    scores: Floats
    products: Floats


def sums_of_sample(sample: Sample) -> Sums:
    """Return the sums of one real unit."""
    codes, highest = sample.instrument.codes, sample.instrument.highest
    perfect = sample.spread.means[Fraction(highest)]
    products = np.zeros((len(codes), len(codes)))
    for (one, other), product in sample.spread.products.items():
        places = codes.index(one), codes.index(other)
        products[places] = products[places[::-1]] = product
    return Sums(
        n=sample.n,
        highest=highest,
        alike=np.array([sample.spread.alike], float),
        perfect=np.array([perfect], float),
        uniform=np.array([sample.spread.straight - perfect], float),
        scores=np.array([[sample.tally.of_items([code])[1] for code in codes]], float),
        products=products[None],
    )


def sums_of_forms(forms: Forms, highest: int, sizes: tuple[int, ...]) -> Sums:
    """Return the sums of invented units; the first so many respondents are the first block, and so on."""
    straight = (forms == forms[:, :1]).all(axis=1)
    perfect = (straight & (forms[:, 0] == highest)).sum(axis=1)
    scores = forms.astype(np.float32)  # exact up to 2^24, which takes 460,000 respondents
    return Sums(
        n=forms.shape[2],
        highest=highest,
        alike=_alike(forms, highest, straight, sizes),
        perfect=perfect.astype(float),
        uniform=(straight.sum(axis=1) - perfect).astype(float),
        scores=scores.sum(axis=2).astype(float),
        products=(scores @ scores.transpose(0, 2, 1)).astype(float),
    )


def joined(parts: Sequence[Sums]) -> Sums:
    """Return the sums of all units of the parts, which have the same n and the same highest score."""
    return Sums(
        n=parts[0].n,
        highest=parts[0].highest,
        alike=np.concatenate([part.alike for part in parts]),
        perfect=np.concatenate([part.perfect for part in parts]),
        uniform=np.concatenate([part.uniform for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        products=np.concatenate([part.products for part in parts]),
    )


def _alike(forms: Forms, highest: int, straight: npt.NDArray[np.bool_], sizes: tuple[int, ...]) -> Floats:
    units, items, n = forms.shape
    is_short = highest**items * len(sizes) < np.iinfo(np.int32).max
    kind = np.dtype(np.int32 if is_short else np.int64)  # longer codes wrap, and all but never meet
    codes: Ints = np.tile(np.repeat(np.arange(len(sizes)), sizes), (units, 1)).astype(kind)
    for item in range(items):
        codes *= highest
        codes += forms[:, item] - 1
    codes = np.where(straight, -1 - np.arange(n).astype(kind), codes)
    codes.sort(axis=1)
    is_first = np.ones((units, n), bool)
    is_first[:, 1:] = codes[:, 1:] != codes[:, :-1]
    starts = np.flatnonzero(is_first)
    times = np.diff(starts, append=units * n)
    return np.bincount(starts // n, weights=times * (times - 1) / 2, minlength=units).astype(float)


def coherence(sums: Sums) -> Floats:
    """Return the mean correlation of two items among forms that are not straight."""
    correlations = _correlations(sums)
    items = correlations.shape[1]
    mean: Floats = (correlations.sum(axis=(1, 2)) - items) / (items * (items - 1))
    return mean


def values(sums: Sums) -> dict[str, Floats]:
    """Return the five numbers of each unit; those that count forms and pairs as they are."""
    items = sums.scores.shape[1]
    mean = sums.scores.sum(axis=1) / (items * sums.n)
    between = sums.products.sum(axis=(1, 2)) / (items**2 * sums.n) - mean**2
    third = max(2, items // 3)
    correlations = _correlations(sums)
    last, first = correlations[:, -third:, -third:], correlations[:, :third, :third]
    return {
        ALIKE: sums.alike,
        PERFECT: sums.perfect,
        UNIFORM: sums.uniform,
        SPREAD: np.sqrt(np.maximum(between, 0)),
        FIRST_LAST: (last.sum(axis=(1, 2)) - first.sum(axis=(1, 2))) / (third * (third - 1)),
    }


def _correlations(sums: Sums) -> Floats:
    """Return the correlations of items among forms that are not straight.

    Sums do not tell which score the other straight forms have; the one below the highest is assumed, as the
    usual one, here and in the invented units alike.
    """
    highest, next_ = sums.highest, sums.highest - 1
    left = np.maximum(sums.n - sums.perfect - sums.uniform, 1)[:, None, None]
    scores = sums.scores - (highest * sums.perfect + next_ * sums.uniform)[:, None]
    squares = (highest**2 * sums.perfect + next_**2 * sums.uniform)[:, None, None]
    means = scores[:, :, None] / left
    covariances = (sums.products - squares) / left - means * means.transpose(0, 2, 1)
    variances = np.maximum(np.diagonal(covariances, axis1=1, axis2=2), 0)
    is_flat = variances < LEAST_VARIANCE
    deviations = np.sqrt(np.where(is_flat, 1, variances))
    correlations: Floats = covariances / (deviations[:, :, None] * deviations[:, None, :])
    correlations = np.where(is_flat[:, :, None] | is_flat[:, None, :], 0, correlations)
    places = np.arange(correlations.shape[1])
    correlations[:, places, places] = 1
    return correlations
