"""The tree as it stands, stood and will stand, as plain values that a file is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tera.portal.units.models import FOREVER


class Stand(NamedTuple):
    """What is true of a unit between two days; `parent` is a slug, empty for none."""

    since: date
    until: date
    state: Mapping[str, str]
    parent: str


class Held(NamedTuple):
    """A code (scheme, value), a service (code, name) or a place (name, address) between two days."""

    since: date
    until: date
    key: str
    value: str


@dataclass(slots=True)
class Known:
    """A unit with all that holds or held of it, in the order of its days."""

    slug: str
    stands: list[Stand]
    codes: list[Held]
    services: list[Held]
    places: list[Held]

    def on(self, day: date) -> Stand | None:
        """Return what is true on a day; None before it begins and after it ended."""
        return next((stand for stand in self.stands if stand.since <= day < stand.until), None)

    @property
    def begins(self) -> date:
        """Its first day."""
        return self.stands[0].since

    @property
    def ends(self) -> date:
        """The day on which it is no more, or FOREVER."""
        return self.stands[-1].until if self.stands else FOREVER

    def next_after(self, day: date) -> date | None:
        """Return the day of the change that is planned next."""
        return next((stand.since for stand in self.stands if stand.since > day), None)


Tree = Mapping[str, Known]


def on(entries: Sequence[Held], day: date) -> dict[str, str]:
    """Return what holds on a day."""
    return {entry.key: entry.value for entry in entries if entry.since <= day < entry.until}


def planned(entries: Sequence[Held], day: date) -> date | None:
    """Return the day after this one on which something begins, if there is one."""
    return max((entry.since for entry in entries if entry.since > day), default=None)
