"""A sample is divided among services in proportion to whom they serve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.sampling import quotas


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
