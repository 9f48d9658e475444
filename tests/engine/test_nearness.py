"""How near a unit is, and the fewest that are still missing; the verdict of the law stays what it is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.catalogue import get_rulebook
from tera.engine.eligibility import Value, Verdict, judge
from tera.engine.nearness import (
    Nearness,
    best_answers_needed,
    is_near,
    more_respondents,
    nearness_of,
    threshold_points,
)

OLD, CIRCULAR = get_rulebook("permenpanrb-10-2019"), get_rulebook("se-menpanrb-4-2025")
HIGHEST = Fraction(4)
BEST: dict[str, Value] = {
    given.id: given.maximum.value if given.maximum else given.statuses[-1] for given in CIRCULAR.given
} | {measure.id: measure.maximum.value for measure in CIRCULAR.measures}


def old(ipk: str, respondents: int | None = 30, **more: Fraction) -> Verdict:
    values: dict[str, Value] = {"ipk": Fraction(ipk), "ikm": Fraction(20), **more}
    return judge(OLD, "wbk", values, respondents, survey_only=not more)


def circular(target: str = "wbk", /, **changed: Value) -> Verdict:
    held: dict[str, Value] = {"prior_status": "wbk", **changed}
    return judge(CIRCULAR, target, {**BEST, **held}, 30)


@pytest.mark.parametrize(
    ("verdict", "nearness"),
    [
        (old("13.50"), Nearness.ELIGIBLE),
        (old("13.49"), Nearness.NEARLY),
        (old("12.825"), Nearness.NEARLY),  # 95 % of 13,50 exactly
        (old("12.8249"), Nearness.NOT),
        (old("15", 29), Nearness.NEARLY),
        (old("15", 28), Nearness.NOT),
        (old("15", None), Nearness.NOT_ASSESSABLE),
        (old("13.49", None), Nearness.NOT_ASSESSABLE),  # near, and who knows how many answered
        (old("12", None), Nearness.NOT),  # too far, however many answered
        (old("15", total=Fraction(74)), Nearness.NEARLY),
        (old("15", total=Fraction(71)), Nearness.NOT),
        (judge(OLD, "wbk", {}, None), Nearness.NOT_ASSESSABLE),
        (circular(), Nearness.ELIGIBLE),
        (circular(sakip="CC"), Nearness.NOT),  # one below B, and yet no number says how near
        (circular(opinion="WDP"), Nearness.NOT),
        (circular(ipak=Fraction("15.74")), Nearness.NEARLY),
        (circular(ipak=Fraction("15.74"), rb_index="CC"), Nearness.NOT),
        (circular("wbbm", sakip="BB", rb_index="A"), Nearness.ELIGIBLE),
    ],
)
def test_four_states_sort_a_list(verdict: Verdict, nearness: Nearness) -> None:
    assert nearness_of(verdict) is nearness


def test_only_what_is_missed_is_near() -> None:
    found = {finding.criterion.id: finding for finding in old("13.49", 29).findings}
    assert [name for name, finding in found.items() if is_near(finding)] == ["ipk", "respondents"]


def test_respondents_still_missing() -> None:
    def missing(respondents: int | None) -> dict[str, int | None]:
        return {found.criterion.id: more_respondents(found) for found in old("13.49", respondents).findings}

    assert missing(21) == {"ipk": None, "ikm": None, "respondents": 9}
    assert missing(31)["respondents"] == 0
    assert missing(None)["respondents"] is None


@pytest.mark.parametrize(
    ("points", "n", "threshold", "needed"),
    [
        ("3.60", 30, "3.60", 0),
        (
            "3.595",
            30,
            "3.60",
            1,
        ),  # 30 x 0,005 = 0,15 points are missing, and each perfect form has 0,40 to spare
        ("3.50", 30, "3.60", 8),  # 30 x 0,10 / 0,40 = 7,5
        ("3.20", 40, "3.60", 40),
        ("1", 30, "3.999", 89_970),
        ("3.99", 30, "4", None),
        ("4", 30, "4", 0),
        ("1", 0, "3.60", 1),  # nobody has answered yet
    ],
)
def test_best_answers_needed(points: str, n: int, threshold: str, needed: int | None) -> None:
    assert best_answers_needed(Fraction(points), n, Fraction(threshold), HIGHEST) == needed


@given(
    points=st.fractions(1, 4, max_denominator=10_000),
    n=st.integers(1, 100_000),
    threshold=st.fractions(1, 4, max_denominator=1_000),
)
def test_it_is_the_fewest(points: Fraction, n: int, threshold: Fraction) -> None:
    def mean(more: int) -> Fraction:
        return (n * points + more * HIGHEST) / (n + more)

    needed = best_answers_needed(points, n, threshold, HIGHEST)
    if needed is None:
        assert points < threshold == HIGHEST
    else:
        assert mean(needed) >= threshold
        assert needed == 0 or mean(needed - 1) < threshold


def test_a_threshold_in_points_of_the_law_is_an_index_of_four() -> None:
    found = {
        (target.id, measure.id): threshold_points(criterion, measure, CIRCULAR)
        for target in CIRCULAR.targets
        for criterion in target.criteria
        for measure in CIRCULAR.measures
        if criterion.measure == measure.id
    }
    low, high = Fraction("3.20"), Fraction("3.60")
    assert found == {
        ("wbk", "ipak"): high,
        ("wbk", "ipkp"): low,
        ("wbbm", "ipak"): high,
        ("wbbm", "ipkp"): high,
    }
    opinion = next(entry for entry in CIRCULAR.target("wbk").criteria if entry.id == "opinion")
    with pytest.raises(TypeError, match="opinion: a status has no points"):
        threshold_points(opinion, CIRCULAR.measures[0], CIRCULAR)
