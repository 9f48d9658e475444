"""Again and again somebody puts another unit's name into an address, and never gets through.

`make identifiers` does it 20,000 times and more.
"""

import os
from collections.abc import Iterator

import pytest

from tera.portal.units.models import Unit
from tests.matrix.asking import Asking
from tests.matrix.rows import ANYBODY, ROWS, Row
from tests.matrix.test_matrix import is_refused
from tests.matrix.world import HELD_AT, Thing, World, address, furnish, letter_of, meeting_about
from tests.portal.conftest import office

UNITS = int(os.environ.get("UNITS", "4"))
TRIES_FOR_EACH = 430  # as each role: 47 units make more than 20,000
ABOUT_UNITS = {name: row for name, row in ROWS.items() if row.about and row.asks != ANYBODY}
METHODS = ("GET", "POST")


@pytest.fixture
def others(everything: World) -> dict[str, list[Thing]]:
    """Return what belongs to many units of the other ministry."""
    region = Unit.objects.get(slug="kaltim")
    things: dict[str, list[Thing]] = {kind: [] for kind in everything.things}
    for number in range(UNITS):
        unit = office(f"lain-{number}", f"Lain {number}", "KANIM", region, PASPOR="Paspor")
        things["unit"].append(Thing(unit.slug, unit.slug))
        furnish(unit, things)
        things["meeting"].append(Thing(unit.slug, meeting_about(unit, region).pk))
        things["letter"].append(Thing(unit.slug, letter_of(region).pk))
    return things


def swapped(others: dict[str, list[Thing]]) -> Iterator[tuple[str, Row, Thing]]:
    for name, row in ABOUT_UNITS.items():
        for thing in others[row.about]:
            yield name, row, thing


def test_every_kind_of_name_is_swapped(others: dict[str, list[Thing]]) -> None:
    swaps = list(swapped(others))
    assert {row.about for _, row, _ in swaps} == set(others)
    assert len(swaps) * len(METHODS) * len(HELD_AT) >= TRIES_FOR_EACH * UNITS


@pytest.mark.parametrize("role", HELD_AT)
def test_no_name_of_another_unit_opens_anything(
    role: str, everything: World, others: dict[str, list[Thing]]
) -> None:
    browser, opened = Asking(everything.people[role]), []
    for name, row, thing in swapped(others):
        where = address(name, row, thing)
        for method in METHODS:
            reply, _has_done = browser.ask(method, where)
            location = reply.headers.get("Location", "")
            is_led_on = method not in row.methods and reply.status_code in {302, 405}
            if not (is_refused(reply.status_code, location) or is_led_on):
                opened.append(f"{method} {where}: {reply.status_code} {location}")
    assert opened == []
