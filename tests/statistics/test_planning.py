"""How many respondents a mean needs."""

from fractions import Fraction

import pytest

from tera.statistics.planning import size_for_margin


@pytest.mark.parametrize(("population", "size"), [(50, 27), (100, 36), (300, 47), (1000, 52), (10**9, 55)])
def test_a_tenth_of_a_point(population: int, size: int) -> None:
    assert size_for_margin(population, Fraction("0.1")) == size


def test_a_sample_never_exceeds_the_population() -> None:
    assert size_for_margin(7, Fraction("0.001")) == 7
