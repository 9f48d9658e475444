"""A sample is divided among services by whom they serve, and drawn so that it can be repeated."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.sampling import calls_to_rule_out, draw, quotas


def test_a_sample_is_divided_by_population() -> None:
    assert quotas(281, {"PASPOR": 900, "IZIN": 150}) == {"PASPOR": 241, "IZIN": 40}


def test_what_is_left_goes_to_the_largest_remainder() -> None:
    assert quotas(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert quotas(5, {"sepi": 0, "ramai": 9}) == {"sepi": 0, "ramai": 5}


@given(
    size=st.integers(0, 400),
    populations=st.dictionaries(st.text(min_size=1), st.integers(0, 10**8), min_size=1).filter(
        lambda found: any(found.values())
    ),
)
def test_quotas_add_up_and_are_less_than_one_away_from_their_share(
    size: int, populations: dict[str, int]
) -> None:
    found = quotas(size, populations)
    total = sum(populations.values())
    assert sum(found.values()) == size
    assert all(abs(found[name] * total - size * people) < total for name, people in populations.items())


def test_nobody_can_be_asked_where_nobody_is_served() -> None:
    with pytest.raises(ValueError, match="nobody is served"):
        quotas(10, {"a": 0})
    assert quotas(0, {"a": 0}) == {"a": 0}
    with pytest.raises(ValueError, match="0 or more"):
        quotas(10, {"a": -1})


SEED = bytes(range(32))


def test_who_knows_the_seed_draws_the_same() -> None:
    assert draw(SEED, 1050, 5) == (537, 496, 814, 347, 481)
    assert draw(SEED, 1050, 5) == draw(SEED, 1050, 29)[:5]  # whoever stops early has a sample too
    assert draw(SEED[::-1], 1050, 5) != draw(SEED, 1050, 5)


def test_everybody_is_drawn_where_there_are_no_more() -> None:
    assert sorted(draw(SEED, 7, 29)) == [1, 2, 3, 4, 5, 6, 7]
    assert draw(SEED, 0, 29) == draw(SEED, 7, 0) == ()


def test_every_place_is_drawn_about_as_often_as_others() -> None:
    seen = [place for number in range(3000) for place in draw(number.to_bytes(32), 10, 3)]
    assert all(780 < seen.count(place) < 1020 for place in range(1, 11))  # 900 expected, 25 the deviation


def test_a_short_seed_or_a_negative_number_draws_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        draw(b"1234", 10, 3)
    with pytest.raises(ValueError, match="0 or more"):
        draw(SEED, -1, 3)


@pytest.mark.parametrize(("percent", "calls"), [(10, 29), (5, 59), (2, 149), (1, 299), (100, 1)])
def test_how_many_sound_calls_rule_a_share_out(percent: int, calls: int) -> None:
    share = Fraction(percent, 100)
    assert calls_to_rule_out(share) == calls
    assert (1 - share) ** calls <= Fraction(1, 20) < (1 - share) ** (calls - 1)


def test_no_number_of_calls_rules_out_that_nothing_is_wrong() -> None:
    with pytest.raises(ValueError, match="above 0"):
        calls_to_rule_out(Fraction(0))
