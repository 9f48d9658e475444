"""Bounds that may be looked at after every answer agree with the authors' program, and hold at every look."""

import json
import pathlib
import random
from typing import Any

import pytest

from tera.statistics.uncertainty.betting import lower_sequence, upper_sequence

VECTORS = json.loads(
    (pathlib.Path(__file__).parents[1] / "vectors" / "confseq.json").read_text(encoding="utf-8")
)
CASES = {case["name"]: case for case in VECTORS["cases"]}
STEP = 1 / VECTORS["breaks"]


def ours(case: dict[str, Any]) -> tuple[list[float], list[float]]:
    answers = [(total - 9) / 27 for total in case["sums"]]
    lower, upper = (
        bounds(answers, 0, 1, case["alpha"], population=case["population"], steps=VECTORS["breaks"])
        for bounds in (lower_sequence, upper_sequence)
    )
    return lower, upper


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["population"] is None])
def test_a_flow_of_people_is_bounded_as_by_confseq(name: str) -> None:
    case = CASES[name]
    lower, upper = ours(case)
    assert lower == pytest.approx(case["lower"], abs=1e-9)
    assert upper == pytest.approx(case["upper"], abs=1e-9)
    assert max(lower) > 0.2


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["population"]])
def test_a_population_is_bounded_as_by_confseq_and_at_most_one_step_wider(name: str) -> None:
    case = CASES[name]
    lower, upper = ours(case)
    assert all(-1e-9 <= other - own <= STEP + 1e-9 for own, other in zip(lower, case["lower"], strict=True))
    assert all(-1e-9 <= own - other <= STEP + 1e-9 for own, other in zip(upper, case["upper"], strict=True))
    assert max(lower) > 0.2


def test_bounds_lie_on_the_scale_and_only_tighten() -> None:
    answers = [3.0, 4.0, 3.5, 4.0, 4.0, 1.0, 4.0, 4.0] * 10
    lower, upper = lower_sequence(answers, 1, 4), upper_sequence(answers, 1, 4)
    assert lower == sorted(lower)
    assert upper == sorted(upper, reverse=True)
    assert 1 <= lower[0] < lower[-1] < sum(answers) / len(answers) < upper[-1] < upper[0] <= 4


def test_looking_after_every_answer_hardly_ever_rules_out_the_truth() -> None:
    generator = random.Random(11)
    missed = 0
    for _ in range(200):
        answers = [4.0 if generator.random() < 0.92 else 1.0 for _ in range(150)]
        missed += lower_sequence(answers, 1, 4, steps=300)[-1] > 3.76
    # Of 200 with a chance of 5 % each, more than 19 happen once in 100; most of the 5 % lie beyond 150.
    assert 0 < missed <= 19


def test_who_asked_everybody_knows_the_mean() -> None:
    answers = [4.0, 4.0, 1.0, 3.0, 4.0, 2.0]
    lower = lower_sequence(answers, 1, 4, population=6)[-1]
    assert 3.0 - 2 * 3 / 3000 <= lower <= 3.0


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="off the scale of 1 to 4"):
        lower_sequence([4.5], 1, 4)
    with pytest.raises(ValueError, match="3 answers of 2 people"):
        lower_sequence([4, 4, 4], 1, 4, population=2)


def test_before_the_first_answer_there_is_no_bound() -> None:
    assert lower_sequence([], 1, 4) == []
