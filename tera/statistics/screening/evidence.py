"""From p-values to evidence: e-values, the false discovery rate among many units, and which are reviewed.

    e = (1 - p + p ln p) / (p (ln p)^2)         a calibrator: E[e] <= 1 where p is a p-value
    e-BH: the k largest, k the greatest with e_(k) >= m / (q k)

Sources: Vovk and Wang 2021 (Ann. Statist. 49; the mixture of k p^(k-1) over k), Wang and Ramdas 2022 (JRSS B
84, arXiv 2009.02824). The mean of e-values is one too, whatever hangs together. Benjamini-Hochberg and
Benjamini-Yekutieli are scipy's.
"""

import math
from collections.abc import Mapping, Sequence

from scipy.stats import false_discovery_control

from tera.statistics.screening.indicators import WEIGHTS

LEVEL = 0.01
"""The nominal share of honest units with a combined p-value so small."""
DISCOVERY = 0.05
"""The share of false ones among the units that are named."""
NEAR_ONE = 1e-3


def e_value(p: float) -> float:
    """Return the e-value of a p-value above 0: 1/2 at p = 1, 118 at p = 1/10000."""
    log = math.log(p)
    if -log < NEAR_ONE:
        return 0.5 - log / 6  # the series at 1, where the quotient is 0 / 0
    return (1 - p + p * log) / (p * log**2)


def combined_p(p: Mapping[str, float]) -> float:
    """Return one p-value of a unit: Bonferroni, each indicator with its share of the error."""
    return min(1.0, *(p[name] / weight for name, weight in WEIGHTS.items()))


def combined_e(p: Mapping[str, float]) -> float:
    """Return one e-value of a unit: the mean over the indicators, weighted by their shares."""
    return sum(weight * e_value(p[name]) for name, weight in WEIGHTS.items())


def adjusted(p: Sequence[float], *, is_dependent: bool = False) -> list[float]:
    """Return p-values adjusted for the false discovery rate; `is_dependent` under any dependence."""
    if not p:
        return []
    return [float(q) for q in false_discovery_control(p, method="by" if is_dependent else "bh")]


def discovered(e: Sequence[float], rate: float = DISCOVERY) -> list[bool]:
    """Return which units e-BH names; the false discovery rate holds under any dependence."""
    ranked = sorted(e, reverse=True)
    fitting = [k for k, value in enumerate(ranked, 1) if value >= len(e) / (rate * k)]
    least = ranked[fitting[-1] - 1] if fitting else math.inf
    return [value >= least for value in e]
