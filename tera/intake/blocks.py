"""Blocks as they are read: counts and tallies of at least k responses, never a response."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tera.engine.block import read_tallies
from tera.engine.breakdown import Breakdown
from tera.engine.receipt import COMMITMENT_BYTES
from tera.engine.tally import Tally
from tera.intake.tables import Database

SEALED, IMPORTED = "SEALED", "IMPORTED"


@dataclass(frozen=True, slots=True)
class Block:
    """A sealed block: how many responses, the root over them, and the tally per instrument id (none below k).

    `tally_hash` commits to the tally under `tally_salt`, also where the tally itself is not kept.
    """

    campaign: str
    number: int
    kind: str
    responses: int
    tallies: dict[str, Tally]
    is_last: bool
    root: bytes
    tally_hash: bytes
    tally_salt: bytes


def split(joined: bytes) -> list[bytes]:
    """Return the commitments that lie one behind the other."""
    return [joined[start : start + COMMITMENT_BYTES] for start in range(0, len(joined), COMMITMENT_BYTES)]


def list_ended(database: Database) -> set[str]:
    """Return the campaigns whose last block is sealed and has its responses: nothing is left to do."""
    ended = "SELECT campaign FROM blocks WHERE is_last = 1 EXCEPT SELECT campaign FROM claims"
    with database.transaction(writes=False) as cursor:
        return {code for (code,) in cursor.rows(ended)}


def list_moving(database: Database) -> set[str]:
    """Return the campaigns of which a block has claimed responses that still lie in the inbox."""
    with database.transaction(writes=False) as cursor:
        return {code for (code,) in cursor.rows("SELECT DISTINCT campaign FROM claims")}


def list_blocks(database: Database, campaigns: Sequence[str]) -> list[Block]:
    """Return the blocks of these campaigns, oldest first."""
    if not campaigns:
        return []
    columns = "campaign, number, kind, responses, tally, is_last, root, tally_hash, tally_salt"
    marks = ", ".join("?" * len(campaigns))
    statement = f"SELECT {columns} FROM blocks WHERE campaign IN ({marks}) ORDER BY campaign, number"  # noqa: S608
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(statement, campaigns)
    return [
        Block(
            campaign,
            number,
            kind,
            responses,
            read_tallies(tally) if tally else {},
            bool(is_last),
            *map(bytes, hashes),
        )
        for campaign, number, kind, responses, tally, is_last, *hashes in rows
    ]


def list_breakdowns(database: Database, campaigns: Sequence[str]) -> list[tuple[str, int, Breakdown]]:
    """Return what lies beside the tallies of these campaigns' blocks, with campaign and number."""
    if not campaigns:
        return []
    marks = ", ".join("?" * len(campaigns))
    statement = (
        f"SELECT campaign, number, breakdown FROM blocks WHERE campaign IN ({marks})"  # noqa: S608
        " AND breakdown IS NOT NULL ORDER BY campaign, number"
    )
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(statement, campaigns)
    return [(campaign, number, Breakdown.of_values(json.loads(kept))) for campaign, number, kept in rows]


def count_waiting(database: Database, campaigns: Sequence[str]) -> dict[str, int]:
    """Return how many responses of each campaign wait for a block; what a block has claimed waits no more."""
    if not campaigns:
        return {}
    marks = ", ".join("?" * len(campaigns))
    inbox = f"SELECT campaign, COUNT(*) FROM inbox WHERE campaign IN ({marks}) GROUP BY campaign"  # noqa: S608
    claims = f"SELECT campaign, length(commitments) FROM claims WHERE campaign IN ({marks})"  # noqa: S608
    with database.transaction(writes=False) as cursor:
        waiting = dict(cursor.rows(inbox, campaigns))
        for campaign, size in cursor.rows(claims, campaigns):
            waiting[campaign] -= size // COMMITMENT_BYTES
    return {campaign: count for campaign, count in waiting.items() if count}
