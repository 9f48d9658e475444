"""Any number tells how it came about, in both languages, with its article."""

from fractions import Fraction

import pytest

from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.eligibility import judge
from tera.engine.explain import beside, explain_finding, explain_index
from tera.engine.index import compute
from tera.engine.tally import Tally

LAW, ZONE = get_rulebook("permenpanrb-14-2017"), get_rulebook("permenpanrb-10-2019")


def test_an_index_is_explained_from_the_sums_to_the_grade() -> None:
    skm = get_instrument("skm-9")
    steps = explain_index(compute(Tally.of(skm.codes, [(3, 3, 3, 4, 3, 3, 3, 3, 4)]), skm, LAW))
    assert len(steps) == 9 + 3
    assert steps[0].working == {"id": "3 / 1 = 3,0000", "en": "3 / 1 = 3.0000"}
    assert steps[9].working["id"] == "29,0000 × 1/9 = 29/9 = 3,2222"
    assert steps[11].working["en"] == "80.56 ≥ 76.61: B (Good)"
    assert all(step.article for step in steps)


def test_a_mapped_mean_names_the_map() -> None:
    stars = get_instrument("spak-5-6")
    step = explain_index(compute(Tally.of(stars.codes, [(6, 6, 6, 6, 3)]), stars, ZONE))[4]
    assert step.working["id"] == "3 / 1 = 3,0000 → 2,0000"
    assert step.note["id"].startswith("Rasio. Tidak ada cara konversi resmi")
    assert step.note["en"].startswith("Ratio. No official map exists")
    assert step.reading == "reading.md#six-to-four"


def test_a_reason_is_told_in_both_languages() -> None:
    skm = get_instrument("skm-9")
    steps = explain_index(compute(Tally.of(skm.codes, [(3, 3, 3, 4, 3, 3, 3, 3, 4)]), skm, LAW))
    assert steps[0].note == {
        "id": "Jawaban kosong tidak pernah dihitung sebagai nol.",
        "en": "A blank is never a zero.",
    }
    assert steps[0].reading == "reading.md#blank-answers"
    assert steps[10].note == {"id": "25 = 100 / 4.", "en": "25 = 100 / 4."}
    assert steps[10].reading == ""


def test_a_number_that_needs_no_reason_gives_none() -> None:
    verdict = judge(ZONE, "wbk", {"ipk": Fraction(14)}, None)
    assert explain_finding(verdict.findings[0], ZONE).note == {}


def test_a_missed_threshold_says_by_how_much() -> None:
    verdict = judge(ZONE, "wbk", {"ipk": Fraction("13.48125"), "ikm": Fraction(16)}, 29, survey_only=True)
    told = [explain_finding(finding, ZONE).working for finding in verdict.findings]
    assert told[0]["id"] == "13,48 (tepatnya 2157/160) ≥ 13,50: belum terpenuhi, kurang 0,02"
    assert told[1]["en"] == "16.00 ≥ 16.00: met"
    assert told[2]["id"] == "29 ≥ 30: belum terpenuhi, kurang 1"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("13.4999", "13,49 (tepatnya 134999/10000) ≥ 13,50: belum terpenuhi, kurang 0,01"),
        ("13.4951", "13,49 (tepatnya 134951/10000) ≥ 13,50: belum terpenuhi, kurang 0,01"),
        ("13.5004", "13,50 (tepatnya 33751/2500) ≥ 13,50: terpenuhi"),
        ("13.5", "13,50 ≥ 13,50: terpenuhi"),
    ],
)
def test_rounding_never_contradicts_the_verdict(found: str, said: str) -> None:
    verdict = judge(ZONE, "wbk", {"ipk": Fraction(found)}, None)
    assert explain_finding(verdict.findings[0], ZONE).working["id"] == said


def test_a_value_that_reaches_an_odd_limit_is_rounded_up_to_it() -> None:
    assert beside(Fraction("13.5041"), Fraction("13.504"), 2) == Fraction("13.51")
    assert beside(Fraction("13.5039"), Fraction("13.504"), 2) == Fraction("13.5")


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    verdict = judge(ZONE, "wbk", {"ipk": Fraction(14)}, None)
    assert explain_finding(verdict.findings[1], ZONE).working["id"] == "tidak dapat dinilai; diminta ≥ 16,00"
