"""Those who did not answer could change much, and the bounds say how much."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tera.statistics.uncertainty.missing import manski_bounds

ONE, FOUR = Fraction(1), Fraction(4)


def test_three_in_ten_answered() -> None:
    bounds = manski_bounds(Fraction("3.7"), Fraction("0.3"), ONE, FOUR)
    assert bounds == (Fraction("1.81"), Fraction("3.91"))


def test_when_all_answered_nothing_is_open() -> None:
    assert manski_bounds(Fraction("3.7"), ONE, ONE, FOUR) == (Fraction("3.7"), Fraction("3.7"))


@given(some.lists(some.integers(1, 4), min_size=1, max_size=30), some.lists(some.integers(1, 4), max_size=30))
def test_whatever_the_others_think_the_truth_lies_within(spoke: list[int], silent: list[int]) -> None:
    people = spoke + silent
    low, high = manski_bounds(Fraction(sum(spoke), len(spoke)), Fraction(len(spoke), len(people)), ONE, FOUR)
    assert low <= Fraction(sum(people), len(people)) <= high


@pytest.mark.parametrize("rate", ["0", "-0.1", "1.01"])
def test_a_rate_that_is_none(rate: str) -> None:
    with pytest.raises(ValueError, match="more than 0 and at most 1"):
        manski_bounds(Fraction("3.7"), Fraction(rate), ONE, FOUR)


def test_a_mean_off_the_scale() -> None:
    with pytest.raises(ValueError, match="off the scale of 1 to 4"):
        manski_bounds(Fraction("4.1"), ONE, ONE, FOUR)
