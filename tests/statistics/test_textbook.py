"""The usual lower bounds say what textbooks and other programs say, and correct only where they may."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from tera.statistics.uncertainty.moments import TooFew
from tera.statistics.uncertainty.textbook import bootstrap_lower_bound, t_lower_bound

OFFICE = Counter({Fraction(score, 9): times for score, times in {36: 21, 34: 9, 31: 6, 27: 3, 9: 1}.items()})
N = sum(OFFICE.values())
ROWS = [float(mean) for mean in OFFICE.elements()]


def test_students_bound_is_that_of_statsmodels() -> None:
    for alpha in (0.01, 0.05, 0.2):
        other, _ = DescrStatsW(ROWS).tconfint_mean(alpha, alternative="larger")
        assert t_lower_bound(OFFICE, alpha) == pytest.approx(other, abs=1e-12)


def test_a_small_population_helps_only_those_who_drew_at_random() -> None:
    plain = t_lower_bound(OFFICE)
    mean = math.fsum(ROWS) / N
    assert t_lower_bound(OFFICE, population=50) == plain
    assert t_lower_bound(OFFICE, is_random=True) == plain
    corrected = t_lower_bound(OFFICE, population=50, is_random=True)
    assert mean - corrected == pytest.approx((mean - plain) * math.sqrt(1 - N / 50))


def test_who_asked_everybody_at_random_knows_the_mean() -> None:
    assert t_lower_bound(OFFICE, population=N, is_random=True) == pytest.approx(math.fsum(ROWS) / N)


def test_more_respondents_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="40 respondents out of 39"):
        t_lower_bound(OFFICE, population=39, is_random=True)


def test_one_respondent_shows_no_spread() -> None:
    with pytest.raises(TooFew, match="at least two respondents, not 1"):
        t_lower_bound({Fraction(3): 1})


def test_the_bootstrap_is_that_of_scipy_up_to_chance() -> None:
    ours = bootstrap_lower_bound(OFFICE, np.random.default_rng(1), draws=20_000)
    other = stats.bootstrap(
        (ROWS,),
        np.mean,
        n_resamples=20_000,
        confidence_level=0.95,
        alternative="greater",
        method="percentile",
        rng=np.random.default_rng(2),
    )
    assert ours == pytest.approx(other.confidence_interval.low, abs=0.01)


def test_the_bootstrap_repeats_itself_from_a_seed() -> None:
    one, other, third = (bootstrap_lower_bound(OFFICE, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one == other
    assert one != third


def test_the_bootstrap_believes_a_unanimous_office_blindly() -> None:
    assert bootstrap_lower_bound({Fraction(11, 3): 30}, np.random.default_rng(5)) == float(Fraction(11, 3))


def test_nobody_answered() -> None:
    with pytest.raises(TooFew, match="at least one respondent"):
        bootstrap_lower_bound({}, np.random.default_rng(6))
