"""Weighting gives each service, month and channel its true share, and says what that costs."""

import random
from collections import Counter
from fractions import Fraction

import pytest
from statsmodels.stats.weightstats import DescrStatsW

from tera.engine.breakdown import Stratum
from tera.statistics.weighting import CannotWeight, Weighted, weighted_mean

Strata = dict[Stratum, Counter[Fraction]]
THREE, FOUR = Fraction(3), Fraction(4)


def stratum(service: str, month: str = "2026-01", channel: str = "link") -> Stratum:
    return service, month, channel


def people(mean: Fraction, count: int) -> Counter[Fraction]:
    return Counter({mean: count})


OFFICE: Strata = {
    (service, month, channel): Counter({Fraction(score, 9): times for score, times in scores.items()})
    for (service, month, channel), scores in {
        ("PASPOR", "2026-01", "link"): {36: 20, 33: 10},
        ("PASPOR", "2026-01", "kiosk"): {34: 12, 30: 5},
        ("PASPOR", "2026-02", "link"): {36: 8, 27: 4},
        ("IZIN", "2026-01", "link"): {29: 9, 18: 3},
        ("IZIN", "2026-02", "link"): {31: 6},
        ("IZIN", "2026-02", "kiosk"): {35: 15, 33: 15},
    }.items()
}
TOTALS = {
    "service": {"PASPOR": 600, "IZIN": 400},
    "month": {"2026-01": 450, "2026-02": 550},
    "channel": {"link": 700, "kiosk": 300},
}


def shares(found: Weighted, place: int) -> dict[str, float]:
    weight = dict.fromkeys((where[place] for where in OFFICE), 0.0)
    for where, means in OFFICE.items():
        weight[where[place]] += found.weights[where] * means.total()
    return {category: share / sum(weight.values()) for category, share in weight.items()}


def test_half_the_people_but_a_quarter_of_the_respondents_count_half() -> None:
    strata = {stratum("PASPOR"): people(FOUR, 75), stratum("IZIN"): people(THREE, 25)}
    found = weighted_mean(strata, {"service": {"PASPOR": 500, "IZIN": 500}})
    assert found.unweighted == Fraction("3.75")
    assert found.weighted == pytest.approx(3.5)
    assert found.weights == pytest.approx({stratum("PASPOR"): 2 / 3, stratum("IZIN"): 2})
    assert found.design_effect == pytest.approx((75 * (2 / 3) ** 2 + 25 * 2**2) / 100)
    assert found.effective_n == pytest.approx(75)
    assert (found.n, found.trimmed, found.converged) == (100, 0, True)


def test_all_margins_fit_at_once() -> None:
    found = weighted_mean(OFFICE, TOTALS)
    assert found.converged
    assert found.off_by < 1e-9
    for place, margin in enumerate(("service", "month", "channel")):
        expected = {category: total / 1000 for category, total in TOTALS[margin].items()}
        assert shares(found, place) == pytest.approx(expected, abs=1e-8)


def test_a_weight_is_a_product_of_a_factor_for_each_margin_and_nothing_else() -> None:
    weights = weighted_mean(OFFICE, TOTALS).weights
    link, kiosk = weights["PASPOR", "2026-01", "link"], weights["PASPOR", "2026-01", "kiosk"]
    other_link, other_kiosk = weights["IZIN", "2026-02", "link"], weights["IZIN", "2026-02", "kiosk"]
    assert link / kiosk == pytest.approx(other_link / other_kiosk)
    january = weights["PASPOR", "2026-01", "link"] / weights["PASPOR", "2026-02", "link"]
    assert january == pytest.approx(weights["IZIN", "2026-01", "link"] / weights["IZIN", "2026-02", "link"])


def test_the_weighted_mean_and_the_effective_number_are_those_of_statsmodels() -> None:
    found = weighted_mean(OFFICE, TOTALS)
    rows = [
        (float(mean), found.weights[where]) for where, means in OFFICE.items() for mean in means.elements()
    ]
    scores, weights = zip(*rows, strict=True)
    described = DescrStatsW(scores, weights=weights)
    assert found.weighted == pytest.approx(described.mean)
    spread = DescrStatsW(weights)
    assert found.design_effect == pytest.approx(1 + spread.var / spread.mean**2)
    assert found.effective_n == pytest.approx(found.n / found.design_effect)


def test_the_unweighted_mean_is_exact() -> None:
    everyone = sum(OFFICE.values(), Counter[Fraction]())
    expected = sum(mean * times for mean, times in everyone.items()) / everyone.total()
    assert weighted_mean(OFFICE, TOTALS).unweighted == expected


def test_a_sample_in_true_proportions_stays_as_it_is() -> None:
    strata = {stratum("PASPOR"): people(FOUR, 30), stratum("IZIN"): people(THREE, 10)}
    found = weighted_mean(strata, {"service": {"PASPOR": 900, "IZIN": 300}})
    assert found.weighted == pytest.approx(float(found.unweighted))
    assert found.design_effect == pytest.approx(1)


def test_no_respondent_speaks_for_a_crowd() -> None:
    strata = {stratum("PASPOR"): people(FOUR, 98), stratum("IZIN"): people(THREE, 2)}
    found = weighted_mean(strata, {"service": {"PASPOR": 50, "IZIN": 50}})
    assert found.weights[stratum("IZIN")] == 5
    assert (found.trimmed, found.converged) == (2, True)
    assert 0.3 < found.off_by < 0.5
    assert 3.5 < found.weighted < 4


def test_known_totals_of_one_margin_leave_the_others_alone() -> None:
    found = weighted_mean(OFFICE, {"channel": TOTALS["channel"]})
    assert {round(weight, 9) for weight in found.weights.values()} == {
        round(found.weights["PASPOR", "2026-01", channel], 9) for channel in ("link", "kiosk")
    }


def test_totals_count_as_shares() -> None:
    halved = {**TOTALS, "month": {month: total // 2 for month, total in TOTALS["month"].items()}}
    assert weighted_mean(OFFICE, halved).weighted == pytest.approx(weighted_mean(OFFICE, TOTALS).weighted)


def test_margins_that_no_weights_can_meet_are_said_not_to_fit() -> None:
    strata = {
        stratum("PASPOR", channel="link"): people(FOUR, 30),
        stratum("IZIN", channel="kiosk"): people(THREE, 30),
    }
    found = weighted_mean(
        strata, {"service": {"PASPOR": 80, "IZIN": 20}, "channel": {"link": 40, "kiosk": 60}}
    )
    assert not found.converged
    assert found.off_by > 0.1


def test_people_of_whom_nobody_answered_are_named() -> None:
    totals = {"service": {"PASPOR": 600, "IZIN": 400, "VISA": 35}}
    with pytest.raises(CannotWeight, match=r"nobody answered, in service VISA \(35\)"):
        weighted_mean(OFFICE, totals)


def test_a_category_without_people_and_without_answers_is_no_matter() -> None:
    totals = {"service": {"PASPOR": 600, "IZIN": 400, "VISA": 0}}
    assert weighted_mean(OFFICE, totals).converged


@pytest.mark.parametrize("izin", [{}, {"IZIN": 0}])
def test_answers_where_nobody_was_served_are_named(izin: dict[str, int]) -> None:
    with pytest.raises(CannotWeight, match="no people served, in service IZIN"):
        weighted_mean(OFFICE, {"service": {"PASPOR": 600, **izin}})


def test_answers_without_a_service_are_named_too() -> None:
    with pytest.raises(CannotWeight, match=r"no people served, in service \(none\)"):
        weighted_mean({stratum(""): people(FOUR, 3)} | OFFICE, TOTALS)


@pytest.mark.parametrize("totals", [{}, {"sex": {"F": 1}}])
def test_what_is_known_must_be_a_margin(totals: dict[str, dict[str, int]]) -> None:
    with pytest.raises(CannotWeight, match="one or more of service, month, channel"):
        weighted_mean(OFFICE, totals)


def test_nobody_answered() -> None:
    with pytest.raises(CannotWeight, match="nobody answered"):
        weighted_mean({stratum("PASPOR"): Counter()}, TOTALS)


def test_weighting_repairs_who_answered() -> None:
    """Of two services the better one answers four times as often: weights find the mean of all people."""
    generator = random.Random(8)
    strata: Strata = {}
    for service, rate, centre in (("PASPOR", 0.4, 34), ("IZIN", 0.1, 27)):
        asked = [Fraction(centre + generator.randint(-2, 2), 9) for _ in range(2000)]
        strata[stratum(service)] = Counter(mean for mean in asked if generator.random() < rate)
    found = weighted_mean(strata, {"service": {"PASPOR": 2000, "IZIN": 2000}})
    truth = (34 + 27) / 2 / 9
    assert abs(found.weighted - truth) < 0.02
    assert float(found.unweighted) - truth > 0.15
