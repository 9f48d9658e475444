"""A unit may be proposed when every criterion holds; what cannot be judged is a no."""

from fractions import Fraction

import pytest

from tera import law
from tera.engine import rulebook_schema
from tera.engine.catalogue import get_rulebook, list_recorded, list_rulebooks, recorded_beside
from tera.engine.eligibility import (
    ALL_CRITERIA,
    SURVEY_CRITERIA,
    BadValue,
    Judge,
    Value,
    judge,
    require_allowed,
)
from tera.engine.explain import beside_text, explain_finding
from tera.engine.rulebook import Given
from tera.engine.schema import SchemaError

OLD, NEW = get_rulebook("permenpanrb-10-2019"), get_rulebook("permenpanrb-5-2024")
CIRCULAR = get_rulebook("se-menpanrb-4-2025")
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


def test_ordered_statuses_are_compared_by_their_place_and_told_as_they_are() -> None:
    values: dict[str, Value] = {"sakip": "CC", "rb_index": "AA", "opinion": "WDP"}
    verdict = judge(CIRCULAR, "wbk", values, 30)
    found = {finding.criterion.id: finding for finding in verdict.findings}
    assert [found[name].met for name in values] == [False, True, False]
    assert [found[name].short_by for name in values] == [None, None, None]
    told = {name: explain_finding(found[name], CIRCULAR).working for name in values}
    assert told["sakip"] == {"id": "CC ≥ B: belum terpenuhi", "en": "CC ≥ B: not met"}
    assert told["rb_index"]["id"] == "AA ≥ B: terpenuhi"
    assert told["opinion"]["id"] == "WDP = WTP: belum terpenuhi"
    assert beside_text(found["sakip"], "id") == "CC"
    unknown = judge(CIRCULAR, "wbbm", {}, 30).findings[-1]
    assert explain_finding(unknown, CIRCULAR).working["id"] == "tidak dapat dinilai; diminta ≥ BB"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\nordered = true", "", "wbk.sakip: a status is compared by '==' with one of D, C, CC, B"),
        ('status = "B"', 'status = "BBB"', "by '>=' or '==' with one of D, C, CC, B, BB, A, AA"),
        ('op = "=="\nthreshold = { status = "WTP"', 'op = ">="\nthreshold = { status = "WTP"', "wbk.opinion"),
        ('"D", "C"', '"d", "D", "C"', "statuses: 'd' stands there twice"),
        ("maximum = { value = 5,", "ordered = true\nmaximum = { value = 5,", "unknown key 'ordered'"),
    ],
)
def test_only_what_stands_in_order_is_asked_for_or_better(old: str, new: str, complaint: str) -> None:
    text = law.read("se-menpanrb-4-2025")
    assert old in text
    with pytest.raises(SchemaError, match=complaint):
        rulebook_schema.parse(text.replace(old, new, 1))


def test_one_judge_for_many_units_judges_as_each_alone() -> None:
    for target in ("wbk", "wbbm"):
        one = Judge(CIRCULAR, target)
        for grade in CIRCULAR.given[-1].statuses:
            values: dict[str, Value] = {
                **AREAS,
                "performance": Fraction(3),
                "ipak": Fraction(16),
                "sakip": grade,
            }
            assert one.judge(values, 30) == judge(CIRCULAR, target, values, 30)
    with pytest.raises(KeyError):
        Judge(CIRCULAR, "wtp")


def given(name: str) -> Given:
    return next(entry for entry in [*CIRCULAR.given, *list_recorded()] if entry.id == name)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("performance", "3,5", Fraction(7, 2)),
        ("performance", " 3.5 ", Fraction(7, 2)),
        ("performance", "5", Fraction(5)),
        ("performance", "0", Fraction(0)),
        ("tlhp", "96,375", Fraction("96.375")),
        ("tlhp", "96,37500000", Fraction("96.375")),
        ("tlhp", "1/16", Fraction("0.0625")),
        ("sakip", "BB", "BB"),
        ("opinion", " wtp", "WTP"),
    ],
)
def test_what_is_typed_is_read_exactly(name: str, typed: str, value: Value) -> None:
    assert require_allowed(given(name), typed) == value


@pytest.mark.parametrize(
    ("name", "typed", "complaint"),
    [
        ("performance", "5,01", "performance: 5.01 is not a number from 0 to 5.00"),
        ("performance", "-1", "performance: -1.00 is not a number from 0 to 5.00"),
        ("performance", "tiga", "performance: 'tiga' is not a number from 0 to 5.00"),
        ("performance", "", "performance: '' is not a number from 0 to 5.00"),
        ("performance", "9" * 99, "performance: '9{40}' is not a number from 0 to 5.00"),
        ("performance", "3,14159265358979323846", "'3,14159265358979323846' is not exact in 4 decimals"),
        ("performance", "1/3", "performance: '1/3' is not exact in 4 decimals"),
        ("sakip", "B+", "sakip: 'B\\+' is not one of D, C, CC, B, BB, A, AA"),
        ("opinion", "3", "opinion: '3' is not one of TMP, TW, WDP, WTP"),
    ],
)
def test_what_is_typed_wrongly_is_refused_with_what_is_allowed(name: str, typed: str, complaint: str) -> None:
    asked = given(name)
    with pytest.raises(BadValue, match=complaint) as refused:
        require_allowed(asked, typed)
    assert refused.value.allowed == asked.statuses
    assert refused.value.maximum == (asked.maximum.value if asked.maximum else None)
    assert refused.value.decimals == (4 if complaint.endswith("decimals") else None)


def test_what_a_rulebook_does_not_judge_is_recorded_beside_it() -> None:
    assert [entry.id for entry in recorded_beside(OLD)] == ["tlhp", "opinion", "sakip", "rb_index"]
    assert [entry.id for entry in recorded_beside(CIRCULAR)] == ["tlhp"]
    tlhp = given("tlhp")
    assert tlhp.maximum is not None
    assert (tlhp.maximum.value, tlhp.maximum.article) == (Fraction(100), "none, our reading")


def test_what_was_recorded_can_be_judged_where_a_rulebook_asks_for_it() -> None:
    recorded = {entry.id: (entry.statuses, entry.is_ordered) for entry in list_recorded()}
    for rulebook in list_rulebooks():
        for entry in rulebook.given:
            assert recorded.get(entry.id, (entry.statuses, entry.is_ordered)) == (
                entry.statuses,
                entry.is_ordered,
            )
    with pytest.raises(SchemaError, match="recorded: 'tlhp' stands there twice"):
        rulebook_schema.parse_recorded(law.read_recorded().replace('"opinion"', '"tlhp"'))
