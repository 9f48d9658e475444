"""Invented answers come from a seed, stay on their scale and lie where they were told to lie."""

import random

import pytest

from tera.engine.catalogue import get_instrument
from tera.engine.tally import Tally
from tera.statistics import simulation

SKM = get_instrument("skm-9")


def test_the_same_seed_gives_the_same_answers() -> None:
    one, other, third = (simulation.rows(SKM, 3.3, 50, random.Random(seed)) for seed in (1, 1, 2))
    assert one == other
    assert one != third


@pytest.mark.parametrize("instrument", ["skm-9", "spak-5-6", "ikm-21"])
def test_answers_stay_on_the_scale_of_the_instrument(instrument: str) -> None:
    found = get_instrument(instrument)
    scores = {score for row in simulation.rows(found, 4.4, 300, random.Random(3)) for score in row}
    assert scores <= set(range(1, found.highest + 1))


def test_a_weak_element_comes_out_weaker() -> None:
    rows = simulation.rows(SKM, 3.0, 500, random.Random(4), ["WAKTU"])
    tally = Tally.of(SKM.codes, rows)
    assert tally.of_items(["WAKTU"])[1] < tally.of_items(["BIAYA"])[1] - 100
