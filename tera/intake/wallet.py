"""Tickets as responses bring them: each lets one response in, in the transaction that stores it.

A redemption keeps the batch, the campaign and the week, and nothing that leads to the response.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tera.intake.cursor import IGNORE, Cursor
from tera.intake.form import EPOCH, day_number
from tera.intake.paradata import delay_of
from tera.intake.receipt import Refusal


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a batch says of each of its tickets; `service` is empty where any will do.

    `issued_on` is known of batches since November 2026.
    """

    batch: str
    unit: str
    service: str
    expires_on: date
    issued_on: date | None = None


class Redeemed(Exception):
    """Another transaction redeemed one of these tickets meanwhile: look again."""


class Wallet:
    """The tickets of the responses that one transaction stores."""

    def __init__(self, cursor: Cursor, hashes: Iterable[bytes]) -> None:
        """Look up these hashes; an empty one is no ticket."""
        self._cursor = cursor
        self._known: dict[bytes, Ticket] = {}
        self._used: set[bytes] = set()
        if asked := sorted(set(hashes) - {b""}):
            self._look(asked)

    def _look(self, asked: list[bytes]) -> None:
        among = f"WHERE hash IN ({', '.join('?' * len(asked))})"
        columns = "hash, batch, unit, service, expires_on, issued_on"
        known = f"SELECT {columns} FROM tickets LEFT JOIN batches USING (batch) {among}"  # noqa: S608  question marks
        for one, batch, unit, service, expires_on, issued_on in self._cursor.rows(known, asked):
            issued = date.fromisoformat(issued_on) if issued_on else None
            self._known[bytes(one)] = Ticket(batch, unit, service, date.fromisoformat(expires_on), issued)
        used = f"SELECT hash FROM redemptions {among}"  # noqa: S608
        self._used = {bytes(one) for (one,) in self._cursor.rows(used, asked)}

    def take(self, ticket: bytes, *, unit: str, service: str, given_on: date) -> Refusal | None:
        """Take the ticket of a response to this unit that was given on a day, or say why it cannot be taken.

        A response that names no service may come with a ticket of any.
        """
        found = self._known.get(ticket)
        if found is None:
            return Refusal.UNKNOWN_TICKET
        if found.unit != unit:
            return Refusal.FOREIGN_TICKET
        # Whether it was used is told last: else who has a copy could ask without using it.
        if found.service and service not in {"", found.service}:
            return Refusal.OTHER_SERVICE
        if given_on > found.expires_on:
            return Refusal.EXPIRED_TICKET
        if ticket in self._used:
            return Refusal.USED_TICKET
        self._used.add(ticket)
        return None

    def redeem(self, taken: Iterable[tuple[bytes, str, int]]) -> None:
        """Write what was taken: each ticket with its campaign and the day of arrival.

        Raises:
            Redeemed: another transaction was faster; this one must be given up.
        """
        rows = [
            (ticket, self._known[ticket].batch, campaign, week_of(EPOCH + timedelta(days=day)))
            for ticket, campaign, day in sorted(taken)  # in one order, so that two never wait for each other
        ]
        if self._cursor.insert("redemptions", rows, ending=IGNORE) != len(rows):
            raise Redeemed

    def delays(self, taken: Iterable[tuple[bytes, str, int]]) -> list[tuple[str, str]]:
        """Return the campaign and the delay of each ticket that was taken and whose day of issue is known."""
        used = [(campaign, self._known[ticket].issued_on, day) for ticket, campaign, day in taken]
        return [(campaign, delay_of(day - day_number(issued))) for campaign, issued, day in used if issued]


def week_of(day: date) -> str:
    """Return the week of a day as ISO 8601 writes it, such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
