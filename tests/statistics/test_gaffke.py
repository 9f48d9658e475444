"""The bound that decides: right where it is known in closed form, and the same for everybody."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tera.statistics.uncertainty.gaffke import cdf, lower_bound, upper_bound

LOWEST, HIGHEST = Fraction(1), Fraction(4)
means = st.dictionaries(
    st.integers(9, 36).map(lambda total: Fraction(total, 9)), st.integers(1, 40), min_size=1, max_size=12
).filter(lambda found: sum(found.values()) >= 10)


@pytest.mark.parametrize(("n", "high"), [(30, 29), (30, 15), (10, 10), (5, 4), (1000, 990), (60, 1)])
def test_of_two_scores_it_is_the_bound_of_clopper_and_pearson(n: int, high: int) -> None:
    found = {HIGHEST: high, LOWEST: n - high}
    assert lower_bound(found, LOWEST) == pytest.approx(1 + 3 * stats.beta.ppf(0.05, high, n - high + 1))


@pytest.mark.parametrize("n", [5, 30, 500])
def test_when_all_give_the_top_score_the_bound_is_a_power(n: int) -> None:
    assert lower_bound({HIGHEST: n}, LOWEST) == pytest.approx(4 - 3 * (1 - 0.05 ** (1 / n)))


def test_it_is_the_quantile_that_drawing_weights_finds() -> None:
    found = Counter({Fraction(20, 9): 4, Fraction(27, 9): 11, Fraction(32, 9): 9, HIGHEST: 6})
    scores = np.array([1.0, *(float(mean) for mean, times in found.items() for _ in range(times))])
    weights = np.random.default_rng(7).dirichlet(np.ones(len(scores)), 200_000)
    assert lower_bound(found, LOWEST) == pytest.approx(np.quantile(weights @ scores, 0.05), abs=0.004)
    drawn = float(np.mean(weights @ scores <= 3.1))
    assert cdf(found, LOWEST, 3.1) == pytest.approx(drawn, abs=0.004)


@settings(deadline=None, max_examples=60)
@given(means)
def test_the_bound_lies_between_the_lowest_score_and_the_mean(found: dict[Fraction, int]) -> None:
    n = sum(found.values())
    mean = sum(score * times for score, times in found.items()) / n
    bound = lower_bound(found, LOWEST)
    assert 1 <= bound <= mean <= upper_bound(found, HIGHEST) <= 4
    assert cdf(found, LOWEST, bound) == pytest.approx(0.05, abs=1e-6) or bound == 1


@settings(deadline=None, max_examples=60)
@given(means)
def test_more_respondents_of_the_same_answers_raise_it(found: dict[Fraction, int]) -> None:
    doubled = {mean: 2 * times for mean, times in found.items()}
    assert lower_bound(doubled, LOWEST) >= lower_bound(found, LOWEST)


@settings(deadline=None, max_examples=60)
@given(means)
def test_one_more_top_score_never_lowers_it(found: dict[Fraction, int]) -> None:
    better = Counter(found) + Counter({HIGHEST: 1})
    assert lower_bound(better, LOWEST) >= lower_bound(found, LOWEST) - 1e-9


def test_a_bound_needs_five_people_and_a_lowest_score_is_the_lowest() -> None:
    for found in ({}, {HIGHEST: 4}):
        with pytest.raises(ValueError, match="at least 5 respondents"):
            lower_bound(found, LOWEST)
    with pytest.raises(ValueError, match="below the lowest possible"):
        lower_bound({Fraction(1, 2): 30}, LOWEST)
