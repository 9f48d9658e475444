"""Reliability: how far the items of a questionnaire rise and fall together over respondents.

    alpha = k / (k - 1) (1 - sum of s_j^2 / s_T^2)
    omega = (sum of l_j)^2 / ((sum of l_j)^2 + sum of p_j)

with k items, s_j^2 the variance of an item, s_T^2 that of the sum of items, l_j the loadings and p_j the
unique variances of a model with one factor, fitted by maximum likelihood. A high figure is no prize:
respondents who tick down one column give the highest.

Everything follows from sums over the forms on which every item is answered, so it adds up over blocks.

Source: Cronbach 1951; McDonald 1999 (omega total).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tera.engine.tally import Tally
from tera.statistics.uncertainty.factor import Numbers, one_factor

HALO, LOW_VARIANCE, TOO_FEW, AGAINST_EACH_OTHER = "HALO", "LOW_VARIANCE", "TOO_FEW", "AGAINST_EACH_OTHER"
WARNINGS: Mapping[str, Mapping[str, str]] = {
    HALO: {
        "id": "Alfa di atas 0,95: jawaban hampir sama di semua butir. Ini peringatan, bukan prestasi.",
        "en": "Alpha above 0.95: answers hardly differ from item to item. This is a warning, not a prize.",
    },
    LOW_VARIANCE: {
        "id": "Responden hampir sepakat; keandalan tidak bermakna bila hampir tidak ada perbedaan.",
        "en": "Respondents nearly agree; reliability means little where there is hardly a difference.",
    },
    TOO_FEW: {
        "id": "Kurang dari 30 formulir lengkap: angka ini belum dapat dipegang.",
        "en": "Fewer than 30 complete forms: this figure cannot be relied on yet.",
    },
    AGAINST_EACH_OTHER: {
        "id": "Ada butir yang bergerak berlawanan dengan butir lain; periksa apakah skornya terbalik.",
        "en": "Some item moves against the others; check whether its scores are upside down.",
    },
}
HALO_ABOVE = 0.95
LOW_SPREAD = 0.2
"""Standard deviation of respondents' means below which they hardly differ, in points; our choice."""
UNLIKELY = 3  # standard errors; an item without any tie to the others falls so low once in 700 times
FEW = 30
ITEMS_OF_A_FACTOR = 3
Products = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Reliability of so many items over n complete forms; None where it cannot be computed.

    `warnings` are codes of WARNINGS.
    """

    n: int
    items: int
    alpha: float | None
    omega: float | None
    warnings: tuple[str, ...]


def item_sums(tally: Tally) -> dict[str, int] | None:
    """Return the sum of each item's scores over complete forms, as far as a tally tells it.

    A tally adds up all answers. Only where every form is complete are these the sums over complete forms;
    otherwise nothing is returned, because sums and products must come from the same forms.
    """
    if tally.respondents != tally.complete:
        return None
    return {code: tally.of_items([code])[1] for code in tally.counts}


def reliability(products: Products, sums: Mapping[str, int], n: int) -> Reliability:
    """Return alpha and omega with what to beware of.

    Args:
        products: sums over complete forms of the product of two items' scores, each item with itself too.
        sums: sums over the same forms of each item's scores, in the order of the items.
        n: how many forms these are.
    """
    if n < 2 or len(sums) < 2:
        return Reliability(n, len(sums), None, None, (TOO_FEW,))
    matrix = covariance(products, sums, n)
    alpha = cronbach_alpha(matrix)
    return Reliability(n, len(sums), alpha, omega_total(matrix), _warnings(matrix, alpha, n))


def _warnings(matrix: Numbers, alpha: float | None, n: int) -> tuple[str, ...]:
    found = {
        HALO: alpha is not None and alpha > HALO_ABOVE,
        LOW_VARIANCE: float(matrix.sum()) < (LOW_SPREAD * len(matrix)) ** 2,
        TOO_FEW: n < FEW,
        AGAINST_EACH_OTHER: bool((_with_the_rest(matrix) < -UNLIKELY / np.sqrt(n)).any()),
    }
    return tuple(code for code, is_so in found.items() if is_so)


def _with_the_rest(matrix: Numbers) -> Numbers:
    """Return the correlation of each item with the sum of the others, 0 where one of them does not vary."""
    own = matrix.diagonal()
    shared = matrix.sum(axis=1) - own
    rest = matrix.sum() - own - 2 * shared
    varied = (own > 0) & (rest > 0)
    scale = np.sqrt(np.where(varied, own * rest, 1))
    found: Numbers = np.where(varied, shared / scale, 0)
    return found


def covariance(products: Products, sums: Mapping[str, int], n: int) -> Numbers:
    """Return the covariance matrix of the items, with n - 1 in the divisor; n is two or more.

        (n sum(x y) - sum(x) sum(y)) / (n (n - 1))

    computed exactly before it becomes a float.

    Raises:
        ValueError: the product of two items is missing, or the figures come from different forms.
    """
    rows = [[_cell(products, sums, n, one, other) for other in sums] for one in sums]
    if any(rows[place][place] < 0 for place in range(len(rows))):
        raise ValueError("sums and products come from different forms: a variance would be negative")
    return np.array([[float(cell) for cell in row] for row in rows])


def _cell(products: Products, sums: Mapping[str, int], n: int, one: str, other: str) -> Fraction:
    product = products.get((one, other), products.get((other, one)))
    if product is None:
        raise ValueError(f"the sum of products of {one} and {other} is missing")
    return Fraction(n * product - sums[one] * sums[other], n * (n - 1))


def cronbach_alpha(matrix: Numbers) -> float | None:
    """Return Cronbach's alpha of a covariance matrix; None where all respondents have the same sum."""
    items, total = len(matrix), float(matrix.sum())
    if total <= 0:
        return None
    return items / (items - 1) * (1 - float(matrix.trace()) / total)


def omega_total(matrix: Numbers) -> float | None:
    """Return McDonald's omega of a covariance matrix under one factor; None with fewer than three items.

    Items that everybody answers alike neither load nor err, so they drop out.
    """
    spreads = np.sqrt(matrix.diagonal())
    varied = np.flatnonzero(spreads > 0)
    if len(varied) < ITEMS_OF_A_FACTOR:
        return None
    spreads = spreads[varied]
    loadings, unique = one_factor(matrix[np.ix_(varied, varied)] / np.outer(spreads, spreads))
    common = float(loadings @ spreads) ** 2
    return common / (common + float(unique @ spreads**2))
