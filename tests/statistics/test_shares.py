"""Shares: published intervals, call-backs that rule out fakes, and the certificate that joins both doubts."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from statsmodels.stats.proportion import proportion_confint

from tera.statistics.uncertainty.gaffke import lower_bound
from tera.statistics.uncertainty.proof import calls_needed
from tera.statistics.uncertainty.shares import (
    bad_share_bound,
    certify,
    clopper_pearson,
    wilson,
)

SCALE = (Fraction(1), Fraction(4))
OFFICE = {Fraction(4): 60, Fraction(35, 9): 50, Fraction(10, 3): 90}


@pytest.mark.parametrize(
    ("found", "low", "high"), [(0, 0, 0.1135), (5, 0.0734, 0.3356), (29, 0.8333, 0.9941)]
)
def test_wilson_at_thirty(found: int, low: float, high: float) -> None:
    assert wilson(found, 30) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("found", "low", "high"), [(0, 0, 0.1157), (5, 0.0564, 0.3472)])
def test_clopper_and_pearson_at_thirty(found: int, low: float, high: float) -> None:
    assert clopper_pearson(found, 30) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(some.integers(1, 400).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_both_are_those_of_statsmodels(share: tuple[int, int]) -> None:
    assert wilson(*share) == pytest.approx(proportion_confint(*share, method="wilson"), abs=1e-9)
    assert clopper_pearson(*share) == pytest.approx(proportion_confint(*share, method="beta"), abs=1e-9)


@pytest.mark.parametrize(("found", "of"), [(-1, 30), (31, 30), (0, 0)])
def test_what_is_no_share_is_refused(found: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{found} of {of} is no share"):
        wilson(found, of)


@pytest.mark.parametrize("calls", [1, 11, 59, 1000])
def test_calls_without_a_failure(calls: int) -> None:
    assert bad_share_bound(calls) == pytest.approx(1 - 0.05 ** (1 / calls))


def test_every_failure_raises_the_bound() -> None:
    bounds = [bad_share_bound(40, failures) for failures in range(41)]
    assert bounds == sorted(set(bounds))
    assert bounds[3] == pytest.approx(proportion_confint(3, 40, alpha=0.1, method="beta")[1])
    assert bounds[40] == 1


@pytest.mark.parametrize(("percent", "calls"), [(25, 11), (10, 29), (5, 59), (2, 149)])
def test_how_many_calls_rule_out_a_share(percent: int, calls: int) -> None:
    share = percent / 100
    assert calls_needed(share) == calls
    assert bad_share_bound(calls) <= share < bad_share_bound(calls - 1)


@pytest.mark.parametrize("share", [0, 1, 1.5])
def test_no_number_of_calls_rules_out_any_fake_at_all(share: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        calls_needed(share)


def test_the_certificate_needs_both_people_and_calls() -> None:
    threshold = Fraction("3.6")
    few, many = (certify(OFFICE, SCALE, threshold, calls) for calls in (20, 200))
    assert not few.holds
    assert many.holds
    assert few.lower_bound == many.lower_bound == lower_bound(OFFICE, Fraction(1), 0.04) > threshold
    assert many.bad_share == pytest.approx(1 - 0.01 ** (1 / 200))


def test_the_certificate_breaks_exactly_where_the_bad_share_explains_the_pass() -> None:
    found = certify(OFFICE, SCALE, Fraction("3.6"), calls=60)
    edge = Fraction(found.honest_bound)
    explained = (found.lower_bound - float(edge)) / (4 - float(edge))
    assert found.bad_share == pytest.approx(explained)
    assert certify(OFFICE, SCALE, edge, calls=60).holds
    assert not certify(OFFICE, SCALE, edge + Fraction(1, 10**9), calls=60).holds


def test_a_certificate_without_any_honest_call_knows_nothing() -> None:
    found = certify(OFFICE, SCALE, Fraction("3.6"), calls=5, failures=5)
    assert (found.bad_share, found.honest_bound, found.holds) == (1, 1, False)
