"""Heaping across units, kiosk against home, tickets used at once, few kinds of devices."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from tera.statistics.screening import wording
from tera.statistics.screening.arrivals import effective_number, judge_devices, judge_redemption
from tera.statistics.screening.channels import compare_channels
from tera.statistics.screening.heaping import find_heaps

IPK, IKM = Fraction("13.5"), Fraction(16)
WINDOW = Fraction("0.2")


def scores(above: int, below: int) -> list[Fraction]:
    near = [IPK + Fraction(k % 20, 100) for k in range(above)]
    return [*near, *(IPK - Fraction(1 + k % 20, 100) for k in range(below)), Fraction(10), Fraction(15)]


def test_units_that_heap_just_above_a_threshold() -> None:
    (heap,) = find_heaps(scores(above=40, below=10), [IPK], WINDOW)
    assert (heap.above, heap.below) == (40, 10)
    assert heap.p == pytest.approx(binom.sf(39, 50, 0.5))
    assert "40 unit" in heap.sentence["id"]
    assert "of none of them alone" in heap.sentence["en"]
    assert heap.next_step == wording.HEAP_NEXT


def test_units_on_both_sides_alike() -> None:
    heaps = find_heaps(scores(above=26, below=24), [IPK, IKM], WINDOW)
    assert heaps[0].p is not None
    assert heaps[0].p > 0.4
    assert (heaps[1].above, heaps[1].p, heaps[1].e) == (0, None, None)
    assert "Too few to test" in heaps[1].sentence["en"]


def test_a_score_on_the_threshold_lies_above_it() -> None:
    (heap,) = find_heaps([IPK, IPK + WINDOW, IPK - WINDOW], [IPK], WINDOW)
    assert (heap.above, heap.below) == (1, 1)


def test_windows_do_not_meet() -> None:
    with pytest.raises(ValueError, match="at most half the way between two thresholds"):
        find_heaps([], [IPK, IPK + WINDOW], WINDOW)


def means(values: list[str]) -> Counter[Fraction]:
    return Counter(map(Fraction, values))


def test_who_answers_at_the_kiosk_is_far_kinder() -> None:
    strata = {
        "passport": {"kiosk": means(["4"] * 12), "home": means(["3", "10/3", "3"] * 5)},
        "visa": {"kiosk": means(["35/9"] * 4), "home": means(["29/9"] * 6)},
    }
    gap = compare_channels(strata, np.random.default_rng(1), most=1_999)
    first, second = 12 * 15 / 27, 4 * 6 / 10
    expected = (first * (4 - 28 / 9) + second * (6 / 9)) / (first + second)
    assert (gap.first, gap.second) == (16, 21)
    assert gap.difference == pytest.approx(expected)
    assert gap.p == pytest.approx(1 / 2000)
    assert "answer shyly before staff" in gap.sentence["en"]
    assert gap.next_step == wording.LADDER


def test_services_that_differ_are_no_gap_between_channels() -> None:
    """The kiosk serves the liked service, home the other; within a service they are the same."""
    liked, other = ["4", "35/9"], ["2", "19/9"]
    strata = {
        "liked": {"kiosk": means(liked * 20), "home": means(liked * 3)},
        "other": {"kiosk": means(other * 3), "home": means(other * 20)},
        "only home": {"home": means(["1"] * 50)},
    }
    gap = compare_channels(strata, np.random.default_rng(1))
    assert gap.difference == pytest.approx(0)
    assert (gap.p, gap.second) == (1, 46)


def test_too_few_by_one_channel_are_not_compared() -> None:
    strata = {"passport": {"kiosk": means(["4"] * 9), "home": means(["1"] * 90)}}
    gap = compare_channels(strata, np.random.default_rng(1))
    assert (gap.difference, gap.p) == (None, None)
    assert "ten respondents by either channel" in gap.sentence["en"]


def test_tickets_that_are_nearly_all_used_at_once() -> None:
    national = Counter({"0": 400, "1": 300, "2-3": 300})
    burst = judge_redemption(Counter({"0": 55, "1": 5}), national)
    assert burst.p == pytest.approx(binom.sf(54, 60, 0.4))
    assert "92 %; in all screened surveys 40 %" in burst.sentence["en"]
    usual = judge_redemption(Counter({"0": 24, "1": 36}), national)
    assert usual.p is not None
    assert usual.p > 0.4
    assert judge_redemption(Counter({"0": 29}), national).p is None


def test_one_device_answers_for_all() -> None:
    national = Counter({"PHONE": 70, "COMPUTER": 20, "TABLET": 10})
    assert effective_number(Counter({"PHONE": 2, "TABLET": 2})) == 2
    assert effective_number(Counter()) == 0
    alone = judge_devices(Counter({"COMPUTER": 50}), national, np.random.default_rng(1), most=999)
    assert (alone.observed, alone.p) == (1, 1 / 1000)
    usual = judge_devices(
        Counter({"PHONE": 35, "COMPUTER": 10, "TABLET": 5}), national, np.random.default_rng(1), most=999
    )
    assert usual.p is not None
    assert usual.p > 0.2
    assert "setara 1,9 jenis" in usual.sentence["id"]
