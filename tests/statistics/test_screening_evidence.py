"""From p-values to e-values and to units that are named."""

import math

import pytest
from scipy.integrate import quad

from tera.statistics.screening.evidence import (
    adjusted,
    combined_e,
    combined_p,
    discovered,
    e_value,
)
from tera.statistics.screening.indicators import WEIGHTS

BENJAMINI_HOCHBERG_1995 = [
    *(0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205),
    *(0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34),
]


@pytest.mark.parametrize(("rate", "named"), [(0.05, 1), (0.10, 2)])
def test_fifteen_known_p_values(rate: float, named: int) -> None:
    assert sum(q <= rate for q in adjusted(BENJAMINI_HOCHBERG_1995)) == named


def test_under_any_dependence_p_values_are_adjusted_by_the_harmonic_sum() -> None:
    harmonic = sum(1 / k for k in range(1, 16))
    plain, dependent = adjusted(BENJAMINI_HOCHBERG_1995), adjusted(BENJAMINI_HOCHBERG_1995, is_dependent=True)
    assert dependent[0] == pytest.approx(plain[0] * harmonic)
    assert adjusted([]) == []


def test_an_e_value_is_fair() -> None:
    """Its mean over uniform p is 1: integrate from e^-50 on in the logarithm, the rest is 1 / 50."""
    area, _ = quad(lambda x: e_value(math.exp(-x)) * math.exp(-x), 0, 50)
    assert area + 1 / 50 == pytest.approx(1, abs=1e-3)


def test_e_values_of_known_p_values() -> None:
    assert e_value(1.0) == 0.5
    assert e_value(0.9999) == pytest.approx(0.5 + 0.0001 / 6)
    assert e_value(0.99) == pytest.approx((1 - 0.99 + 0.99 * math.log(0.99)) / (0.99 * math.log(0.99) ** 2))
    assert e_value(0.0001) == pytest.approx(117.76, abs=0.01)


def test_indicators_share_the_error_of_a_unit() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    p = dict.fromkeys(WEIGHTS, 0.5)
    assert combined_p(p) == 1
    assert combined_p({**p, "alike": 0.0035}) == pytest.approx(0.01)
    assert combined_p({**p, "spread": 0.0035}) == pytest.approx(0.035)
    assert combined_e(dict.fromkeys(WEIGHTS, 1.0)) == pytest.approx(0.5)


def test_e_bh_names_the_k_largest_that_reach_m_over_q_k() -> None:
    assert discovered([50, 50, 1, 1]) == [True, True, False, False]  # 4 / (0.05 * 2) = 40
    assert discovered([50, 39, 1, 1]) == [False, False, False, False]
    assert discovered([]) == []
