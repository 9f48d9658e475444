"""What lies beside a tally equals what counting row by row gives, and adds up over groups."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.breakdown import Breakdown, Spread, Strata, columns_of, means_of, pooled, without
from tera.engine.catalogue import get_instrument
from tera.engine.tally import Tally

SKM, COURT = get_instrument("skm-9"), get_instrument("ipk-10")
SCORE = st.integers(0, 4)
ROWS = st.lists(st.lists(SCORE, min_size=9, max_size=9).map(bytes), max_size=40)


@given(ROWS)
def test_columns_give_the_tally_of_the_rows(rows: list[bytes]) -> None:
    by_row = Tally.of(SKM.codes, [[score or None for score in row] for row in rows])
    assert Tally.of_columns(SKM.codes, columns_of(rows, 9)) == by_row


@given(ROWS)
def test_products_are_sums_over_whole_forms(rows: list[bytes]) -> None:
    whole = [row for row in rows if 0 not in row]
    found = Spread.of(SKM, rows)
    for one, first in enumerate(SKM.codes):
        for other in range(one, 9):
            assert found.products[first, SKM.codes[other]] == sum(row[one] * row[other] for row in whole)
    assert found.straight == sum(len(set(row)) == 1 for row in whole)
    pairs = combinations([row for row in whole if len(set(row)) > 1], 2)
    assert found.alike == sum(one == other for one, other in pairs)


@given(ROWS)
def test_means_are_of_those_who_answered_what_is_required(rows: list[bytes]) -> None:
    expected = Counter(Fraction(sum(row), 9) for row in rows if 0 not in row)
    assert Spread.of(SKM, rows).means == expected


def test_a_blank_of_an_optional_item_shrinks_the_divisor_of_its_element() -> None:
    places = {code: place for place, code in enumerate(COURT.codes)}
    [optional] = [places[item.code] for item in COURT.items if not item.required]
    full = bytearray([3] * len(places))
    full[optional] = 1
    left = bytes(0 if place == optional else 3 for place in range(len(places)))
    refused = bytes(0 if place != optional else 3 for place in range(len(places)))
    groups = [[places[item.code] for item in COURT.items_of(element)] for element in COURT.elements]
    mean = sum(Fraction(sum(full[place] for place in group), len(group)) for group in groups) / len(groups)
    assert Spread.of(COURT, [bytes(full), left, refused]).means == {mean: 1, Fraction(3): 1}


Groups = dict[tuple[str, str, str], list[bytes]]
STRATA = st.tuples(
    st.sampled_from(["", "PASPOR"]), st.sampled_from(["2026-11", "2026-12"]), st.sampled_from(["WEB", "QR"])
)
GROUPS = st.dictionaries(
    STRATA, st.lists(st.sampled_from([bytes([3] * 9), bytes([4] * 9), bytes([3] * 8 + [0])]))
)


def strata_of(groups: Groups) -> Strata:
    """Return the strata of people who came by stratum, counted one by one."""
    found = {
        stratum: Counter(Fraction(sum(row), 9) for row in rows if 0 not in row)
        for stratum, rows in groups.items()
    }
    return {stratum: {"skm-9": means} for stratum, means in found.items() if means}


@given(GROUPS, GROUPS)
def test_strata_add_up_and_come_off_again(one: Groups, other: Groups) -> None:
    first, second = Breakdown(strata=strata_of(one)), Breakdown(strata=strata_of(other))
    together = {stratum: one.get(stratum, []) + other.get(stratum, []) for stratum in {**one, **other}}
    both = (first + second).strata
    assert both == strata_of(together)
    assert without(both, second.strata) == first.strata
    everybody = Counter(row for rows in together.values() for row in rows)
    means = means_of(SKM, everybody)
    assert pooled(both) == ({"skm-9": means} if means else {})
    assert Breakdown.of_values(Breakdown(strata=both).as_values()).strata == both


@pytest.mark.parametrize(
    "others",
    [
        {("PASPOR", "2026-11", "WEB"): {"skm-9": Counter({Fraction(4): 3})}},
        {("PASPOR", "2026-11", "WEB"): {"skm-9": Counter({Fraction(3): 1})}},
        {("PASPOR", "2026-11", "WEB"): {"spak-5-4": Counter({Fraction(4): 1})}},
        {("PASPOR", "2026-12", "WEB"): {"skm-9": Counter({Fraction(4): 1})}},
    ],
)
def test_only_who_is_there_comes_off(others: Strata) -> None:
    strata = {("PASPOR", "2026-11", "WEB"): {"skm-9": Counter({Fraction(4): 2})}}
    with pytest.raises(ValueError, match="must be in the strata"):
        without(strata, others)


def test_what_was_written_before_there_were_strata_is_read_and_says_so() -> None:
    rows = [bytes([4] * 9), bytes([3] * 9)]
    found = Breakdown(
        spreads={"skm-9": Spread.of(SKM, rows)}, strata=strata_of({("", "2026-11", "WEB"): rows})
    )
    values = found.as_values()
    del values["strata"]
    before = Breakdown.of_values(values)
    assert before.spreads == found.spreads
    assert (found.is_stratified, before.is_stratified, (found + before).is_stratified) == (True, False, False)


def test_the_sums_give_cronbachs_alpha() -> None:
    """The example of six people and three items: alpha is 0.8973."""
    rows = [bytes([*map(int, row), *[4] * 6]) for row in ("443", "333", "232", "434", "121", "343")]
    found, codes = Spread.of(SKM, rows), SKM.codes[:3]
    sums = {code: sum(row[place] for row in rows) for place, code in enumerate(codes)}

    def covariance(one: str, other: str) -> Fraction:
        return Fraction(found.products[one, other] * 6 - sums[one] * sums[other], 6 * 5)

    items = sum(covariance(code, code) for code in codes)
    total = items + 2 * sum(covariance(one, other) for one, other in combinations(codes, 2))
    assert float(Fraction(3, 2) * (1 - items / total)) == pytest.approx(0.8973, abs=5e-5)


@given(ROWS, ROWS)
def test_two_groups_add_up_and_give_themselves_back(one: list[bytes], other: list[bytes]) -> None:
    def of(rows: list[bytes], service: str) -> Breakdown:
        tally = Tally.of_columns(SKM.codes, columns_of(rows, 9))
        spread = Spread.of(SKM, rows)
        return Breakdown(
            channels=Counter(WEB=len(rows)),
            profile={"sex": Counter(F=len(rows))},
            services=Counter({service: len(rows)}),
            not_free=1,
            by_service={service: {"skm-9": tally}},
            spreads={"skm-9": spread},
        )

    both = of(one, "PASPOR") + of(other, "PASPOR")
    assert both.spreads["skm-9"].means == Spread.of(SKM, one + other).means
    assert both.by_service["PASPOR"]["skm-9"] == of(one + other, "PASPOR").by_service["PASPOR"]["skm-9"]
    apart = of(one, "PASPOR") + of(other, "IZIN")
    assert apart.by_service["IZIN"] == of(other, "IZIN").by_service["IZIN"]
    assert Breakdown.of_values(apart.as_values()) == apart
