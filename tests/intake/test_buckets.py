"""How often one address may look up receipts: many at once, then slowly; others are not held up."""

import pytest

from tera.intake import buckets
from tera.intake.buckets import MOST_ADDRESSES, Buckets


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_hall_may_ask_at_once_and_then_waits() -> None:
    clock = Clock()
    lookups = Buckets(60, 1, clock)
    assert [lookups.take("10.0.0.1") for _ in range(60)] == [0] * 60
    assert lookups.take("10.0.0.1") == 2
    assert lookups.take("10.0.0.2") == 0
    clock.now += 1
    assert [lookups.take("10.0.0.1") for _ in range(2)] == [0, 2]
    clock.now += 3600
    assert [lookups.take("10.0.0.1") for _ in range(61)].count(0) == 60


def test_no_more_addresses_are_remembered_than_there_is_room_for() -> None:
    clock = Clock()
    lookups = Buckets(60, 1, clock)
    for _ in range(61):
        lookups.take("busy")
    for number in range(MOST_ADDRESSES * 2):
        lookups.take(str(number))
        assert len(lookups) <= MOST_ADDRESSES
    assert lookups.take("busy") > 0  # whoever asked most is remembered longest
    clock.now += 3600
    for number in range(MOST_ADDRESSES + 1):
        lookups.take(str(number))
    assert len(lookups) <= MOST_ADDRESSES


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ([], ""),
        (["10.0.0.1"], "10.0.0.1"),
        (["1.2.3.4, 10.0.0.1"], "10.0.0.1"),
        (["1.2.3.4", "10.0.0.1"], "10.0.0.1"),
        (["10.0.0.1:50123"], "10.0.0.1"),
        (["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        (["[2001:db8:1:2::99]:443"], "2001:db8:1:2::/64"),
        (["10.0.0.1,"], "unknown"),
        (["nobody"], "unknown"),
    ],
)
def test_only_the_address_that_the_proxy_added_counts(sent: list[str], address: str) -> None:
    assert buckets.address_of(sent) == address
