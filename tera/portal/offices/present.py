"""What a plan would do, in the words of its preview."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tera.portal.offices.exchange.known import Tree
from tera.portal.offices.exchange.plan import Beginning, Change
from tera.portal.offices.wording import field_name, value_of
from tera.portal.units.models import EVER


class ShownBeginning(NamedTuple):
    """A new unit; no day where it has always been there."""

    row: int
    slug: str
    name: str
    kind: str
    parent: str
    day: date | None


class ShownDifference(NamedTuple):
    """One field of a unit that changes."""

    field: str
    old: str
    new: str


class ShownChange(NamedTuple):
    """A unit that changes from a day on."""

    row: int
    slug: str
    name: str
    day: date
    differences: list[ShownDifference]


def show_beginnings(beginnings: Iterable[Beginning]) -> list[ShownBeginning]:
    """Return new units as they are shown."""
    return [
        ShownBeginning(
            each.row,
            each.slug,
            each.state["name"],
            value_of("kind", each.state["kind"]),
            each.parent,
            None if each.on == EVER else each.on,
        )
        for each in beginnings
    ]


def show_changes(changes: Iterable[Change], tree: Tree) -> list[ShownChange]:
    """Return changes as they are shown, old beside new."""
    shown = []
    for each in changes:
        stand = tree[each.slug].on(each.on)
        name = stand.state["name"] if stand else each.slug
        differences = [
            ShownDifference(field_name(key), value_of(key, old), value_of(key, new))
            for key, old, new in each.differences
        ]
        shown.append(ShownChange(each.row, each.slug, name, each.on, differences))
    return shown
