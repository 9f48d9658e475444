"""Two periods and many units: better, worse, or not to be told apart."""

import random
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from tera.engine.catalogue import get_instrument
from tera.statistics import simulation
from tera.statistics.uncertainty.comparison import (
    BETTER,
    UNCLEAR,
    WORDS,
    WORSE,
    against_their_mean,
    detectable_difference,
    difference,
    welch,
)
from tera.statistics.uncertainty.gaffke import lower_bound, upper_bound
from tera.statistics.uncertainty.moments import TooFew
from tera.statistics.uncertainty.shares import Interval

SCALE = (Fraction(1), Fraction(4))
SKM = get_instrument("skm-9")


def office(level: float, count: int, seed: int) -> Counter[Fraction]:
    rows = simulation.rows(SKM, level, count, random.Random(seed))
    return Counter(Fraction(sum(row), len(row)) for row in rows)


BEFORE, NOW = office(3.1, 80, 1), office(3.5, 120, 2)


def test_welchs_interval_is_that_of_statsmodels() -> None:
    for alpha in (0.01, 0.05, 0.3):
        groups = [DescrStatsW([float(mean) for mean in group.elements()]) for group in (NOW, BEFORE)]
        expected = CompareMeans(*groups).tconfint_diff(alpha, usevar="unequal")
        assert welch(NOW, BEFORE, alpha) == pytest.approx(expected, abs=1e-12)


def test_a_period_that_became_better() -> None:
    found = difference(NOW, BEFORE, SCALE)
    assert found.word == BETTER
    assert found.interval.low < found.value < found.interval.high
    assert found.welch is not None
    assert found.interval.low < found.welch.low < found.welch.high < found.interval.high


def test_the_difference_is_exact() -> None:
    found = difference({Fraction(11, 3): 30}, {Fraction(10, 3): 20, Fraction(3): 10}, SCALE)
    assert found.value == Fraction(11, 3) - Fraction(29, 9)


def test_the_other_way_round_is_worse_by_the_same() -> None:
    there, back = difference(NOW, BEFORE, SCALE), difference(BEFORE, NOW, SCALE)
    assert back.word == WORSE
    assert (back.value, back.interval) == (-there.value, (-there.interval.high, -there.interval.low))


def test_the_interval_comes_from_the_bounds_of_both_means() -> None:
    found = difference(NOW, BEFORE, SCALE)
    means = [
        float(sum(mean * times for mean, times in group.items()) / group.total()) for group in (NOW, BEFORE)
    ]
    down, up = means[0] - lower_bound(NOW, SCALE[0], 0.025), upper_bound(BEFORE, SCALE[1], 0.025) - means[1]
    assert (means[0] - means[1] - found.interval.low) ** 2 == pytest.approx(down**2 + up**2)


def test_small_groups_cannot_be_told_apart() -> None:
    found = difference(office(3.5, 12, 3), office(3.3, 12, 4), SCALE)
    assert found.word == UNCLEAR


def test_two_unanimous_groups_have_no_spread_but_an_honest_interval() -> None:
    found = difference({Fraction(4): 10}, {Fraction(4): 10}, SCALE)
    assert found.value == 0
    assert found.word == UNCLEAR
    assert found.welch is None
    assert found.interval.high > 0.5


def test_a_group_of_one_has_no_welch() -> None:
    assert welch({Fraction(4): 1}, BEFORE) is None


@pytest.mark.parametrize("count", [0, 9])
def test_a_group_of_which_nothing_is_shown_is_not_compared(count: int) -> None:
    with pytest.raises(TooFew, match=f"from 10 respondents on, not {count}"):
        difference({Fraction(4): count}, BEFORE, SCALE)
    with pytest.raises(TooFew, match=f"from 10 respondents on, not {count}"):
        against_their_mean({"Sambas": NOW, "Sintang": {Fraction(4): count}}, SCALE)


def test_nobody_is_singled_out_among_units_that_are_alike() -> None:
    for seed in range(5):
        units = {f"unit {place}": office(3.2, 60, 100 * seed + place) for place in range(6)}
        assert {found.word for found in against_their_mean(units, SCALE).values()} == {UNCLEAR}


def test_a_unit_that_stands_out_is_named() -> None:
    units = {f"unit {place}": office(3.2, 100, place) for place in range(8)}
    units |= {"Sambas": office(3.8, 100, 20), "Sintang": office(2.5, 100, 21)}
    words = {name: found.word for name, found in against_their_mean(units, SCALE).items()}
    assert words == {**dict.fromkeys(units, UNCLEAR), "Sambas": BETTER, "Sintang": WORSE}


def test_of_two_units_each_lies_half_their_difference_from_the_mean() -> None:
    found = against_their_mean({"now": NOW, "before": BEFORE}, SCALE)
    whole = difference(NOW, BEFORE, SCALE, alpha=0.025)
    assert found["now"].value == pytest.approx(float(whole.value) / 2)
    assert found["now"].interval == pytest.approx([bound / 2 for bound in whole.interval])
    assert found["before"].interval == pytest.approx([-bound / 2 for bound in reversed(whole.interval)])


def test_the_deviations_of_all_units_add_up_to_nothing() -> None:
    units: Mapping[str, Counter[Fraction]] = {str(n): office(3.0 + n / 100, n, n) for n in (20, 40, 60)}
    assert sum(found.value for found in against_their_mean(units, SCALE).values()) == pytest.approx(
        0, abs=1e-12
    )


def test_one_unit_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(TooFew, match="from two on, not 1"):
        against_their_mean({"Sambas": NOW}, SCALE)


def test_what_can_be_seen_is_what_statsmodels_says() -> None:
    effect = NormalIndPower().solve_power(nobs1=60, ratio=2, alpha=0.05, power=0.8, alternative="two-sided")
    assert detectable_difference(60, 120, spread=0.45) == pytest.approx(0.45 * effect, abs=1e-5)


def test_four_times_the_respondents_see_half_the_difference() -> None:
    assert detectable_difference(400, 400, 0.45) == pytest.approx(detectable_difference(100, 100, 0.45) / 2)


def test_every_word_is_said_in_both_languages() -> None:
    assert {*WORDS} == {BETTER, WORSE, UNCLEAR}
    assert all({*text} == {"id", "en"} for text in WORDS.values())
    assert Interval(-1, 1) == (-1, 1)
