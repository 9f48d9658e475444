"""Numbers stay exact on their way in and out of text."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.number import NotANumber, exact, fraction_of, parse, plain, rounded, shown


@pytest.mark.parametrize("text", ["3.60", "3,60", " 3,6 ", "18/5"])
def test_people_write_numbers_in_several_ways(text: str) -> None:
    assert parse(text) == Fraction(18, 5)


@pytest.mark.parametrize(
    "text", ["", "tiga", "1e3", "nan", "inf", "1.000,5", "1/0", "1/x", "½", "٣", "--3", "3-"]
)
def test_what_is_no_number_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(NotANumber, match="write it like 3.60, 3,60 or 1387/441"):
        parse(text)


def test_a_tie_goes_up_where_a_float_might_fall() -> None:
    assert rounded(Fraction("88.305"), 2) == Fraction("88.31")
    assert shown(Fraction("76.605"), 2) == "76.61"
    assert rounded(Fraction("-0.5"), 0) == -1


def test_a_number_just_below_a_threshold_never_reads_like_it() -> None:
    assert plain(Fraction("13.48125")) == "13.48125"
    assert plain(Fraction(27, 2) - Fraction(1, 10**12)) == "13.49999999"
    assert plain(Fraction(27, 2)) == "13.50"
    assert plain(Fraction(-1, 3)) == "-0.33333333"


@given(st.fractions())
def test_what_is_stored_reads_back_however_long_it_is(value: Fraction) -> None:
    for number in (value, value / 3**90):
        assert fraction_of(exact(number)) == number


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_unit_at_most(value: Fraction, decimals: int) -> None:
    assert abs(rounded(value, decimals) - value) <= Fraction(1, 2 * 10**decimals)


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_what_is_shown_reads_back_as_the_rounded_number(value: Fraction, decimals: int) -> None:
    assert parse(shown(value, decimals)) == rounded(value, decimals)
