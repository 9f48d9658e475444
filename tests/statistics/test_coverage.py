"""A bound that says 95 % holds in 95 of 100 samples: in a few here, in ten thousand by tools/coverage.py."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from tera.engine.catalogue import get_instrument
from tera.statistics import simulation
from tera.statistics.uncertainty.gaffke import lower_bound
from tera.statistics.uncertainty.textbook import t_lower_bound
from tools.coverage import (
    LOWEST,
    MEANS,
    MUST_COVER,
    SIZES,
    SUMS,
    Covered,
    at_mean,
    honest,
    is_sound,
    measure,
    true_mean,
    worlds,
)

RUNS, BOUNDS = 100, 20
# Were the true coverage 95 % in all twelve worlds, fewer than this would be seen in one run of a thousand.
LEAST = stats.binom.ppf(0.001 / 12, RUNS, 0.95) / RUNS


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("world", ["smooth", "ceiling", "angry"])
def test_the_bound_that_decides_covers_in_every_world(world: str, n: int) -> None:
    found = measure(world, n, RUNS, BOUNDS, seed=2)
    assert found.gaffke >= LEAST
    assert found.odd == 0
    assert found.gaffke_slack > 0


def test_students_bound_is_caught_where_a_few_are_angry() -> None:
    found = measure("angry", 30, 250, 1, seed=3)
    assert found.t < stats.binom.ppf(0.001, 250, MUST_COVER) / 250 < found.gaffke


def test_a_world_that_is_not_covered_is_said_to_be_unsound() -> None:
    figures = (0.27, 0.9, 0.1, 0.9, 0.1)
    assert is_sound(Covered("smooth", 30, 3.2, 100, 10, 0, MUST_COVER, *figures))
    assert not is_sound(Covered("smooth", 30, 3.2, 100, 10, 0, 0.944, *figures))
    assert not is_sound(Covered("smooth", 30, 3.2, 100, 10, 1, 0.99, *figures))


def test_the_worlds_lie_where_they_say() -> None:
    means = {name: true_mean(shares) for name, shares in worlds().items()}
    assert means == pytest.approx({"smooth": 3.2, "ceiling": 3.8, "angry": 0.95 * 3.8 + 0.05}, abs=1e-9)


def test_the_computed_world_is_the_one_that_simulation_draws() -> None:
    rows = simulation.rows(get_instrument("skm-9"), 3.3, 20_000, random.Random(4))
    drawn = np.bincount([sum(row) for row in rows], minlength=SUMS[-1] + 1)[SUMS[0] :]
    expected = honest(3.3) * len(rows)
    often = expected >= 5
    assert (
        stats.chisquare(drawn[often], expected[often] * drawn[often].sum() / expected[often].sum()).pvalue
        > 0.01
    )


def test_eight_percent_angry_among_a_hundred_by_adding_up_every_case() -> None:
    """Of two scores every sample can be listed; simulated before: .897 (.13) for t, .963 (.18) for Gaffke."""
    truth = 0.92 * 4 + 0.08
    chances = stats.binom.pmf(np.arange(101), 100, 0.08)
    angry = [k for k, chance in enumerate(chances) if chance > 1e-9]
    samples = [{Fraction(4): 100 - k, LOWEST: k} for k in angry]
    covered = {}
    for name, bound in (("t", t_lower_bound), ("Gaffke", lambda means: lower_bound(means, LOWEST))):
        bounds = [bound(means) for means in samples]
        hit = math.fsum(chances[k] for k, low in zip(angry, bounds, strict=True) if low <= truth)
        slack = math.fsum(chances[k] * (truth - low) for k, low in zip(angry, bounds, strict=True))
        covered[name] = (hit, slack)
    assert covered["t"] == pytest.approx((0.897, 0.13), abs=0.015)
    assert covered["Gaffke"] == pytest.approx((0.963, 0.18), abs=0.015)
    assert covered["Gaffke"][0] >= 0.95


@pytest.mark.parametrize(
    ("threshold", "n", "t_needs", "gaffke_needs"),
    [
        (3.2, 30, 3.36, 3.48),
        (3.2, 100, 3.28, 3.32),
        (3.2, 400, 3.24, 3.25),
        (3.6, 30, 3.72, 3.87),
        (3.6, 100, 3.66, 3.70),
        (3.6, 400, 3.63, 3.65),
    ],
)
def test_what_a_proof_costs(threshold: float, n: int, t_needs: float, gaffke_needs: float) -> None:
    """At the mean that an earlier simulation found necessary the bounds come out near the threshold."""
    shares = {need: at_mean(need) for need in (t_needs, gaffke_needs)}
    spread = math.sqrt(shares[t_needs] @ (SUMS / 9 - t_needs) ** 2)
    t = t_needs - stats.t.ppf(0.95, n - 1) * spread / math.sqrt(n)
    expected = dict(zip(MEANS, (float(share) * n for share in shares[gaffke_needs]), strict=True))
    assert t == pytest.approx(threshold, abs=0.045)
    assert lower_bound(expected, LOWEST) == pytest.approx(threshold, abs=0.025)
