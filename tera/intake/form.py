"""A campaign as the intake knows it: what it asks, and when it may be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from tera.engine.instrument import Instrument, Item
from tera.engine.ticket import OPEN_LINK, TICKET

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class CampaignForm:
    """What a respondent may answer, fixed when the campaign opened.

    The window is `starts_on` to `ends_on`, both days included, in the unit's zone. An answer given in the
    window and delayed on its way still counts until `grace` has passed. `levels` says who may answer: anybody
    (`OPEN_LINK`), who has a ticket of the unit (`TICKET`), or both.
    """

    code: str
    unit: str
    instruments: tuple[Instrument, ...]
    services: Mapping[str, str]
    starts_on: date
    ends_on: date
    zone: str
    grace: timedelta
    levels: tuple[int, ...] = (OPEN_LINK,)

    @property
    def takes_tickets(self) -> bool:
        """Whether somebody may answer with a ticket."""
        return TICKET in self.levels

    @property
    def needs_ticket(self) -> bool:
        """Whether nobody may answer without one."""
        return OPEN_LINK not in self.levels

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the order in which the canonical bytes hold their answers."""
        return tuple(item for instrument in self.instruments for item in instrument.items)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of all items, in the same order."""
        return tuple(item.code for item in self.items)

    @cached_property
    def scores(self) -> Mapping[str, frozenset[int]]:
        """The scores that each item allows, in the same order."""
        return {item.code: frozenset(item.scores) for item in self.items}

    @cached_property
    def _bounds(self) -> tuple[datetime, datetime, datetime]:
        """When the window begins and ends, and when the grace does, in UTC."""
        zone = ZoneInfo(self.zone)
        begins = datetime.combine(self.starts_on, time.min, zone).astimezone(UTC)
        ends = datetime.combine(self.ends_on + timedelta(days=1), time.min, zone).astimezone(UTC)
        return begins, ends, ends + self.grace

    def local_day(self, at: datetime) -> date:
        """Return the day in the unit's zone."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def is_before(self, at: datetime) -> bool:
        """Say whether the window has not begun."""
        return at < self._bounds[0]

    def takes(self, at: datetime, key_day: int | None) -> bool:
        """Say whether an answer that arrives now counts; `key_day` is the day its key begins with."""
        begins, ends, _ = self._bounds
        if begins <= at < ends:
            return True
        # The key's day is that of UTC, which begins hours after a day in Indonesia.
        first, last = day_number(self.starts_on) - 1, day_number(self.ends_on)
        given_in_window = key_day is not None and first <= key_day <= last
        return given_in_window and not self.is_before(at) and not self.is_over(at)

    def day_given(self, at: datetime, key_day: int) -> date:
        """Return the day on which an answer that arrives now was given, as far as its key may be believed.

        An answer may wait on a phone, but no longer than the grace; a key that says more is not believed.
        """
        arrived = self.local_day(at)
        earliest = self.local_day(at - self.grace)
        return min(arrived, max(earliest, EPOCH + timedelta(days=key_day)))

    def is_over(self, at: datetime) -> bool:
        """Say whether the grace has passed too, so that nothing can arrive any more."""
        return at >= self._bounds[2]

    def slices(self) -> Sequence[tuple[Instrument, slice]]:
        """Return where each instrument's answers stand among all answers."""
        places, start = [], 0
        for instrument in self.instruments:
            places.append((instrument, slice(start, start + len(instrument.items))))
            start += len(instrument.items)
        return places
