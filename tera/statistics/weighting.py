"""Weighting: the mean as if services, months and channels had answered in their true proportions.

Information only: the law's index is unweighted, whatever is found here. Weights repair who answered, as far
as it shows in these margins; they cannot repair who chose to answer within them.

Raking (iterative proportional fitting): every stratum begins with weight 1; for each margin in turn the
weights of each category are multiplied so that it has its known share, until all margins fit. Then weights
below a fifth and above five times their mean are cut to that, so that no respondent speaks for a crowd.

Source: Deming and Stephan 1940; Kish 1965 for the design effect 1 + cv^2 of the weights; the cut at five is
that of the American National Election Studies (DeBell and Krosnick 2009), the one at a fifth mirrors it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.breakdown import Stratum

MARGINS = ("service", "month", "channel")
LEAST, MOST = 0.2, 5.0
PRECISE = 1e-9
ROUNDS = 500
Shares = list[tuple[int, Mapping[str, float]]]


class CannotWeight(ValueError):
    """The known totals and the respondents do not fit together; the message says where."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mean with and without weights, and what the weights cost.

    `effective_n` is how many unweighted respondents would tell as much; `trimmed` how many respondents had
    their weight cut; `converged` whether all margins fitted before the cut; `off_by` by how much the share of
    some category differs from the known one after it. `weights` have a mean of about 1.
    """

    unweighted: Fraction
    weighted: float
    n: int
    design_effect: float
    effective_n: float
    trimmed: int
    converged: bool
    off_by: float
    weights: Mapping[Stratum, float]


def weighted_mean(
    strata: Mapping[Stratum, Mapping[Fraction, int]], totals: Mapping[str, Mapping[str, int]]
) -> Weighted:
    """Return the mean of all respondents, unweighted and raked to known totals.

    Args:
        strata: respondents by their mean, for each service, month and channel.
        totals: people served by category, for those of "service", "month" and "channel" for which they are
            known, one or more. Each counts as shares, so their sums need not agree.

    Raises:
        CannotWeight: nobody answered, no total is known, a category with people has no respondents or one
            with respondents no people.
    """
    sizes = {stratum: n for stratum, means in strata.items() if (n := sum(means.values()))}
    shares = _shares(sizes, totals)
    raked, converged = _rake(sizes, shares)
    weights = {stratum: min(max(weight, LEAST), MOST) for stratum, weight in raked.items()}
    n = sum(sizes.values())
    weight = sum(weights[stratum] * size for stratum, size in sizes.items())
    squares = sum(weights[stratum] ** 2 * size for stratum, size in sizes.items())
    scores = {stratum: _sum(strata[stratum]) for stratum in sizes}
    return Weighted(
        unweighted=sum(scores.values(), Fraction(0)) / n,
        weighted=sum(weights[stratum] * float(score) for stratum, score in scores.items()) / weight,
        n=n,
        design_effect=n * squares / weight**2,
        effective_n=weight**2 / squares,
        trimmed=sum(size for stratum, size in sizes.items() if weights[stratum] != raked[stratum]),
        converged=converged,
        off_by=_off_by(sizes, weights, shares),
        weights=weights,
    )


def _sum(means: Mapping[Fraction, int]) -> Fraction:
    return sum((mean * times for mean, times in means.items()), Fraction(0))


def _shares(sizes: Mapping[Stratum, int], totals: Mapping[str, Mapping[str, int]]) -> Shares:
    """Return the share of each category of each known margin, having checked that it can be met."""
    if not sizes:
        raise CannotWeight("nobody answered, so there is nothing to weight")
    if not totals or not set(totals) <= set(MARGINS):
        raise CannotWeight(f"totals are known of one or more of {', '.join(MARGINS)}, not of {[*totals]}")
    shares: Shares = []
    for place, margin in enumerate(MARGINS):
        if margin in totals:
            answered = _by_category(sizes, dict.fromkeys(sizes, 1.0), place)
            _require_match(margin, totals[margin], answered)
            people = sum(totals[margin].values())
            shares.append((place, {category: totals[margin][category] / people for category in answered}))
    return shares


def _require_match(margin: str, people: Mapping[str, int], answered: Mapping[str, float]) -> None:
    silent = [
        f"{category} ({total})" for category, total in people.items() if total and not answered.get(category)
    ]
    if silent:
        raise CannotWeight(
            f"people were served, but nobody answered, in {margin} {', '.join(silent)}; "
            "put them together with a category that is like them"
        )
    strange = [category or "(none)" for category in answered if people.get(category, 0) < 1]
    if strange:
        raise CannotWeight(f"there are answers, but no people served, in {margin} {', '.join(strange)}")


def _by_category(
    sizes: Mapping[Stratum, int], weights: Mapping[Stratum, float], place: int
) -> dict[str, float]:
    """Return the weight of all respondents together in each category of a margin."""
    found: dict[str, float] = defaultdict(float)
    for stratum, size in sizes.items():
        found[stratum[place]] += weights[stratum] * size
    return found


def _rake(sizes: Mapping[Stratum, int], shares: Shares) -> tuple[dict[Stratum, float], bool]:
    """Return the weight of a respondent in each stratum, and whether all margins fit."""
    weights = dict.fromkeys(sizes, 1.0)
    n = sum(sizes.values())
    for _ in range(ROUNDS):
        for place, known in shares:
            found = _by_category(sizes, weights, place)
            weights = {
                stratum: weight * known[stratum[place]] * n / found[stratum[place]]
                for stratum, weight in weights.items()
            }
        if _off_by(sizes, weights, shares) < PRECISE:
            return weights, True
    return weights, False


def _off_by(sizes: Mapping[Stratum, int], weights: Mapping[Stratum, float], shares: Shares) -> float:
    """Return the largest difference between a category's weighted share and its known one."""
    weight = sum(weights[stratum] * size for stratum, size in sizes.items())
    return max(
        abs(found / weight - known[category])
        for place, known in shares
        for category, found in _by_category(sizes, weights, place).items()
    )
