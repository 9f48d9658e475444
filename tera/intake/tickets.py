"""Tickets as the portal issues and counts them; what is kept of each is a hash (tera.engine.ticket)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tera.intake.cursor import IGNORE
from tera.intake.tables import Database
from tera.intake.wallet import Ticket


def issue(database: Database, ticket: Ticket, hashes: Sequence[bytes]) -> None:
    """Store the hashes of a batch whose tickets are all like this one; all of them or none."""
    about = (ticket.batch, ticket.unit, ticket.service, ticket.expires_on.isoformat())
    with database.transaction() as cursor:
        if ticket.issued_on is not None:
            cursor.insert("batches", [(ticket.batch, ticket.issued_on.isoformat())], ending=IGNORE)
        cursor.insert("tickets", [(one, *about) for one in sorted(hashes)])


def count_redeemed(database: Database, batches: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """Return how many tickets were redeemed, by batch and week."""
    return {(batch, week): count for batch, week, count in _count(database, "batch, week", batches)}


def count_with_ticket(database: Database, campaigns: Sequence[str]) -> Mapping[str, int]:
    """Return how many responses of each campaign came with a ticket; 0 where it has none."""
    return Counter(dict(_count(database, "campaign", campaigns)))


def _count(database: Database, columns: str, among: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the redemptions counted by these columns, for values of the first of them."""
    if not among:
        return []
    first, marks = columns.partition(",")[0], ", ".join("?" * len(among))
    with database.transaction(writes=False) as cursor:
        return cursor.rows(
            f"SELECT {columns}, COUNT(*) FROM redemptions"  # noqa: S608  columns of our own, and question marks
            f" WHERE {first} IN ({marks}) GROUP BY {columns}",
            among,
        )
