"""What must hold of every index, whatever the answers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.index import NoAnswers, NotMeasured, compute
from tera.engine.tally import EMPTY, Row, Tally

SKM, LAW = get_instrument("skm-9"), get_rulebook("permenpanrb-14-2017")
SCORE = st.integers(1, 4)
COMPLETE = st.tuples(*[SCORE] * 9)
WITH_BLANKS = st.tuples(*[st.none() | SCORE] * 9).filter(any)


def index(*rows: Row) -> Fraction:
    return compute(Tally.of(SKM.codes, rows), SKM, LAW).points


@given(st.lists(WITH_BLANKS, min_size=1), st.randoms())
def test_the_order_of_answers_is_irrelevant(rows: list[Row], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert index(*shuffled) == index(*rows)


@given(st.lists(WITH_BLANKS, min_size=1), st.data())
def test_a_better_answer_never_lowers_an_index(rows: list[Row], data: st.DataObject) -> None:
    person = data.draw(st.integers(0, len(rows) - 1))
    item = data.draw(st.sampled_from([at for at, score in enumerate(rows[person]) if score]))
    better = list(rows[person])
    better[item] = data.draw(st.integers(better[item] or 1, 4))
    assert index(*rows[:person], better, *rows[person + 1 :]) >= index(*rows)


@given(st.lists(COMPLETE, min_size=1), st.lists(COMPLETE, min_size=1))
def test_the_pooled_index_of_complete_forms_lies_between_its_parts(one: list[Row], other: list[Row]) -> None:
    assert min(index(*one), index(*other)) <= index(*one, *other) <= max(index(*one), index(*other))


@given(st.lists(COMPLETE, min_size=1), st.lists(COMPLETE, min_size=1))
def test_tallies_of_two_groups_add_up_to_the_tally_of_both(one: list[Row], other: list[Row]) -> None:
    added = Tally.of(SKM.codes, one) + Tally.of(SKM.codes, other)
    assert compute(added, SKM, LAW) == compute(Tally.of(SKM.codes, [*one, *other]), SKM, LAW)


@given(st.lists(WITH_BLANKS), st.lists(WITH_BLANKS))
def test_a_group_that_is_taken_off_leaves_the_tally_of_the_others(one: list[Row], other: list[Row]) -> None:
    left = Tally.of(SKM.codes, one + other) - Tally.of(SKM.codes, other)
    assert left == Tally.of(SKM.codes, one)


def test_nobody_is_taken_off_who_is_not_there() -> None:
    with pytest.raises(ValueError, match="must be in the tally"):
        Tally.of(SKM.codes, [(4,) * 9] * 2) - Tally.of(SKM.codes, [(3,) * 9])


@given(WITH_BLANKS.filter(lambda row: None in row))
def test_blanks_never_count_as_zero(row: Row) -> None:
    given_scores = [Fraction(score) for score in row if score]
    assert index(row) == sum(given_scores) / len(given_scores)


@given(st.lists(WITH_BLANKS, min_size=1))
def test_an_index_stays_on_its_scale(rows: list[Row]) -> None:
    assert 1 <= index(*rows) <= 4


def test_four_four_four_and_a_blank_is_four() -> None:
    rows = [(4,) * 9, (4,) * 9, (4,) * 9, (None, *(4,) * 8)]
    persyaratan = compute(Tally.of(SKM.codes, rows), SKM, LAW).elements[0]
    assert (persyaratan.n, persyaratan.sum) == (3, 12)
    assert persyaratan.mean == 4


def test_an_element_nobody_answered_has_no_mean_and_no_weight() -> None:
    result = compute(Tally.of(SKM.codes, [(None, *(3,) * 8)]), SKM, LAW)
    assert result.elements[0].mean is None
    assert result.points == 3


def test_nobody_answered_is_no_data_and_not_zero() -> None:
    with pytest.raises(NoAnswers, match="nobody answered skm-9"):
        compute(EMPTY, SKM, LAW)


def test_a_rulebook_does_not_measure_what_it_does_not_know() -> None:
    spkp = get_instrument("spkp-8-4")
    with pytest.raises(NotMeasured, match="permenpanrb-14-2017 has no measure for service-quality"):
        compute(Tally.of(spkp.codes, [(4,) * 8]), spkp, LAW)


def test_respondents_gave_any_answer_and_complete_ones_gave_all() -> None:
    tally = Tally.of(SKM.codes, [(4,) * 9, (4, *(None,) * 8), (None,) * 9])
    assert (tally.respondents, tally.complete) == (2, 1)
