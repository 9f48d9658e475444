"""A unit may be proposed when every criterion holds; what cannot be judged is a no."""

from fractions import Fraction

import pytest

from tera.engine.catalogue import get_rulebook
from tera.engine.eligibility import ALL_CRITERIA, SURVEY_CRITERIA, BadValue, Value, judge

OLD, NEW = get_rulebook("permenpanrb-10-2019"), get_rulebook("permenpanrb-5-2024")
AREAS: dict[str, Value] = {
    "manajemen_perubahan": Fraction(6),
    "tatalaksana": Fraction(5),
    "sdm": Fraction(7),
    "akuntabilitas": Fraction(7),
    "pengawasan": Fraction(10),
    "pelayanan_publik": Fraction(7),
}


def survey(ipk: str, ikm: str) -> dict[str, Value]:
    return {"ipk": Fraction(ipk), "ikm": Fraction(ikm)}


def test_a_survey_alone_says_that_it_judged_the_survey_only() -> None:
    verdict = judge(OLD, "wbk", survey("13.5", "16"), 30, survey_only=True)
    assert verdict.eligible
    assert verdict.scope == SURVEY_CRITERIA
    assert [finding.criterion.id for finding in verdict.findings] == ["ipk", "ikm", "respondents"]


def test_the_first_unmet_criterion_says_by_how_much() -> None:
    verdict = judge(OLD, "wbk", survey("13.48125", "16"), 29, survey_only=True)
    assert not verdict.eligible
    unmet = verdict.first_unmet
    assert unmet is not None
    assert (unmet.criterion.id, unmet.short_by) == ("ipk", Fraction("0.01875"))


def test_what_cannot_be_judged_is_a_no() -> None:
    verdict = judge(OLD, "wbk", survey("15", "20"), 30)
    assert verdict.scope == ALL_CRITERIA
    assert not verdict.eligible
    assert verdict.first_unmet is not None
    assert verdict.first_unmet.met is None


def test_sums_are_added_up_and_a_wrong_sum_is_refused() -> None:
    parts: dict[str, Value] = {"ipak": Fraction("15.75"), "performance": Fraction(3), "ipkp": Fraction(14)}
    verdict = judge(NEW, "wbk", {**AREAS, **parts}, 30)
    found = {finding.criterion.id: finding.value for finding in verdict.findings}
    assert found["enablers"] == 42
    assert found["total"] == 42 + Fraction("15.75") + 3 + 14
    with pytest.raises(BadValue, match=r"enablers is manajemen_perubahan \+ .* = 42.00, not 60.00"):
        judge(NEW, "wbk", {**AREAS, **parts, "enablers": Fraction(60)}, 30)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"ipk": Fraction(16)}, "ipk: 16.00 is not a number from 0 to 15.00"),
        ({"ipk": Fraction(-1)}, "ipk: -1.00 is not a number from 0 to 15.00"),
        ({"ipkp": Fraction(1)}, "permenpanrb-10-2019 knows no 'ipkp'; it knows ipk, ikm, total"),
    ],
)
def test_values_that_cannot_be_are_refused(values: dict[str, Value], complaint: str) -> None:
    with pytest.raises(BadValue, match=complaint):
        judge(OLD, "wbk", values, 30)


def test_a_status_is_one_of_a_list() -> None:
    with pytest.raises(BadValue, match="prior_status: 'ya' is not one of none, wbk, wbbm"):
        judge(NEW, "wbbm", {"prior_status": "ya"}, 30)
