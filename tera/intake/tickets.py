"""Tickets as the portal issues and counts them; what is kept of each is a hash (tera.engine.ticket)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tera.intake.tables import Database
from tera.intake.wallet import Ticket


def issue(database: Database, ticket: Ticket, hashes: Sequence[bytes]) -> None:
    """Store the hashes of a batch whose tickets are all like this one; all of them or none."""
    about = (ticket.batch, ticket.unit, ticket.service, ticket.expires_on.isoformat())
    with database.transaction() as cursor:
        cursor.insert("tickets", [(one, *about) for one in sorted(hashes)])


def count_redeemed(database: Database, batches: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """Return how many tickets were redeemed, by batch and week."""
    if not batches:
        return {}
    marks = ", ".join("?" * len(batches))
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(
            f"SELECT batch, week, COUNT(*) FROM redemptions WHERE batch IN ({marks})"  # noqa: S608  question marks
            " GROUP BY batch, week",
            batches,
        )
    return {(batch, week): count for batch, week, count in rows}


def count_with_ticket(database: Database, campaigns: Sequence[str]) -> Mapping[str, int]:
    """Return how many responses of each campaign came with a ticket; 0 where it has none."""
    if not campaigns:
        return Counter()
    marks = ", ".join("?" * len(campaigns))
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(
            f"SELECT campaign, COUNT(*) FROM redemptions WHERE campaign IN ({marks})"  # noqa: S608  question marks
            " GROUP BY campaign",
            campaigns,
        )
    return Counter(dict(rows))
