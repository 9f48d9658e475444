"""Reliability from sums alone, as textbooks have it, with a warning where a high figure is no good news."""

import csv
import pathlib
import random
from collections.abc import Sequence

import numpy as np
import pytest
from statsmodels.multivariate.factor import Factor

import tera.instruments
from tera.engine.breakdown import Spread
from tera.engine.catalogue import get_instrument
from tera.engine.tally import Tally
from tera.statistics import simulation
from tera.statistics.uncertainty.reliability import (
    AGAINST_EACH_OTHER,
    HALO,
    LOW_VARIANCE,
    TOO_FEW,
    WARNINGS,
    Reliability,
    covariance,
    item_sums,
    omega_total,
    reliability,
)

SKM = get_instrument("skm-9")
Rows = Sequence[tuple[int, ...]]


def sums_of(rows: Rows) -> tuple[dict[tuple[str, str], int], dict[str, int], int]:
    """Return products, sums and number of rows, the items being called a, b, c and so on."""
    columns = {chr(97 + place): column for place, column in enumerate(zip(*rows, strict=True))}
    products = {
        (one, other): sum(x * y for x, y in zip(mine, theirs, strict=True))
        for one, mine in columns.items()
        for other, theirs in columns.items()
        if one <= other
    }
    return products, {code: sum(column) for code, column in columns.items()}, len(rows)


def of_rows(rows: Rows) -> Reliability:
    return reliability(*sums_of(rows))


def honest(count: int, seed: int) -> Rows:
    return simulation.rows(SKM, 3.2, count, random.Random(seed), ["WAKTU", "BIAYA"])


def test_alpha_of_the_small_example() -> None:
    rows = [(4, 4, 3), (3, 3, 3), (2, 3, 2), (4, 3, 4), (1, 2, 1), (3, 4, 3)]
    found = of_rows(rows)
    assert found.alpha == pytest.approx(0.8973, abs=5e-5)
    assert found.warnings == (TOO_FEW,)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_omega_is_that_of_statsmodels(seed: int) -> None:
    rows = honest(250, seed)
    matrix = np.cov(np.array(rows).T)
    spreads = np.sqrt(matrix.diagonal())
    fit = Factor(corr=np.corrcoef(np.array(rows).T), n_factor=1, method="ml", nobs=len(rows)).fit()
    common = float(fit.loadings[:, 0] @ spreads) ** 2
    expected = common / (common + float(fit.uniqueness @ spreads**2))
    assert of_rows(rows).omega == pytest.approx(expected, abs=1e-4)


def test_alpha_and_omega_agree_where_items_are_alike() -> None:
    matrix = np.full((9, 9), 0.36) + np.diag(np.full(9, 0.64))
    expected = 9 * 9 * 0.36 / matrix.sum()
    assert omega_total(matrix) == pytest.approx(expected, abs=1e-6)


def test_the_sums_of_blocks_are_enough() -> None:
    rows = honest(90, 4)
    blocks = [rows[:30], rows[30:55], rows[55:]]
    spread, tally = Spread(), Tally.of(SKM.codes, [])
    for block in blocks:
        spread += Spread.of(SKM, [bytes(row) for row in block])
        tally += Tally.of(SKM.codes, block)
    sums = item_sums(tally)
    assert sums is not None
    added = reliability(spread.products, sums, tally.complete)
    assert added == of_rows(rows)
    assert np.allclose(covariance(spread.products, sums, tally.complete), np.cov(np.array(rows).T))


def test_where_blanks_are_a_tally_does_not_tell_the_sums_of_complete_forms() -> None:
    row = (4,) * 9
    assert item_sums(Tally.of(SKM.codes, [row, (*row[:8], None)])) is None


def test_figures_of_different_forms_are_noticed() -> None:
    products, sums, n = sums_of(honest(40, 5))
    with pytest.raises(ValueError, match="different forms"):
        reliability(products, {code: total * 2 for code, total in sums.items()}, n)
    del products["a", "b"]
    with pytest.raises(ValueError, match="products of a and b is missing"):
        reliability(products, sums, n)


def test_respondents_who_tick_down_one_column_are_a_warning_and_no_prize() -> None:
    rows = [(score,) * 9 for score in (4, 3, 2, 4, 3, 1) * 10] + [(4, 4, 3, 4, 4, 4, 4, 4, 4)]
    found = of_rows(rows)
    assert found.alpha is not None
    assert found.alpha > 0.99
    assert found.omega is not None
    assert found.omega > 0.95
    assert found.warnings == (HALO,)


def test_copies_of_one_column_do_not_break_the_fit() -> None:
    found = of_rows([(score,) * 5 for score in (4, 3, 2, 4, 3, 1) * 10])
    assert found.alpha == pytest.approx(1)
    assert found.warnings == (HALO,)
    assert found.omega == pytest.approx(1, abs=0.01)


def test_where_nearly_all_agree_reliability_means_little() -> None:
    rows = [(4,) * 9] * 95 + [(4,) * 8 + (3,)] * 5
    assert LOW_VARIANCE in of_rows(rows).warnings
    assert LOW_VARIANCE not in of_rows(honest(100, 6)).warnings


def test_where_all_agree_there_is_no_reliability() -> None:
    assert of_rows([(4, 4, 4)] * 40) == Reliability(40, 3, None, None, (LOW_VARIANCE,))


def test_an_item_that_is_upside_down_is_noticed() -> None:
    rows = [(*row[:8], 5 - row[8]) for row in honest(120, 7)]
    assert AGAINST_EACH_OTHER in of_rows(rows).warnings
    assert of_rows(honest(120, 7)).warnings == ()


def test_published_answers_of_an_office() -> None:
    path = pathlib.Path(tera.instruments.__file__).with_name("skm-9") / "sekadau-2019-s1.csv"
    with path.open(encoding="utf-8") as file:
        rows = [tuple(int(row[f"u{place}"]) for place in range(1, 10)) for row in csv.DictReader(file)]
    found = of_rows(rows)
    matrix = np.cov(np.array(rows).T)
    assert found.alpha == pytest.approx(9 / 8 * (1 - np.trace(matrix) / matrix.sum()))
    assert (found.n, found.items, found.warnings) == (49, 9, ())


@pytest.mark.parametrize("rows", [[(4, 3, 4)], [(4,), (3,), (2,)]])
def test_one_form_or_one_item_has_none(rows: Rows) -> None:
    found = of_rows(rows)
    assert (found.alpha, found.omega, found.warnings) == (None, None, (TOO_FEW,))


def test_two_items_have_no_factor() -> None:
    found = of_rows([(4, 3), (3, 3), (2, 1), (4, 4)] * 10)
    assert found.alpha is not None
    assert found.omega is None


def test_every_warning_is_said_in_both_languages() -> None:
    assert {*WARNINGS} == {HALO, LOW_VARIANCE, TOO_FEW, AGAINST_EACH_OTHER}
    assert all(text["id"] and text["en"] and text["id"] != text["en"] for text in WARNINGS.values())
