"""Sealed responses for those who count again: staff get answers, an auditor what commitments cover."""

import random
from collections.abc import Collection, Container

from tera.engine import response
from tera.intake.blocks import split
from tera.intake.cursor import Cursor
from tera.intake.tables import Database, Held

PAGE = 20_000


def list_answers(
    database: Database, campaign: str, generator: random.Random, blocks: Container[int] | None = None
) -> list[tuple[int | None, ...]]:
    """Return the sealed answers of a campaign, or of some of its blocks, freshly shuffled.

    Without day, profile, service or receipt. A block of which a response was erased is left out whole: else
    two lists, of before and of after, would differ by that response.
    """
    rows = list_answer_bytes(database, campaign, blocks)
    answers = [tuple(score or None for score in row) for row in rows]
    generator.shuffle(answers)
    return answers


def list_answer_bytes(
    database: Database, campaign: str, blocks: Container[int] | None = None, *, at_once: int = PAGE
) -> list[bytes]:
    """Return the same with one byte an item, 0 for a blank, and not shuffled: who gives them away does that.

    Memory holds the answers, and `at_once` of the rows that they are taken from.
    """
    page = (
        "SELECT commitment, block, body FROM sealed WHERE campaign = ? AND commitment > ?"
        " ORDER BY commitment LIMIT ?"
    )
    answers, last = [], b""
    with database.transaction(writes=False) as cursor:
        torn = {block for (block,) in cursor.rows("SELECT block FROM erased WHERE campaign = ?", (campaign,))}

        def is_given(block: int) -> bool:
            return block not in torn and (blocks is None or block in blocks)

        while rows := cursor.rows(page, (campaign, last, at_once)):
            answers += [response.answers_of(bytes(body)) for _, block, body in rows if is_given(block)]
            last = bytes(rows[-1][0])
        claimed = _claimed(cursor, campaign)
        answers += [response.answers_of(body) for block, (_, _, body) in claimed if is_given(block)]
    return answers


def list_named(database: Database, campaign: str, commitments: Collection[bytes]) -> list[tuple[int, Held]]:
    """Return those sealed responses of a campaign that have these commitments, with their block."""
    named = "SELECT block, commitment, salt, body FROM sealed WHERE campaign = ? AND commitment = ?"
    with database.transaction(writes=False) as cursor:
        rows = [row for name in commitments for row in cursor.rows(named, (campaign, name))]
    return [(block, (bytes(name), bytes(salt), bytes(body))) for block, name, salt, body in rows]


def list_commitments_left(database: Database, campaign: str) -> list[tuple[int, bytes]]:
    """Return the blocks and commitments of responses that were erased."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT block, commitment FROM erased WHERE campaign = ?", (campaign,))
    return sorted((block, bytes(commitment)) for block, commitment in rows)


def list_tickets(database: Database) -> dict[str, list[bytes]]:
    """Return the hashes of all tickets by batch: for who looks whether somebody added any."""
    found: dict[str, list[bytes]] = {}
    with database.transaction(writes=False) as cursor:
        for batch, ticket in cursor.rows("SELECT batch, hash FROM tickets"):
            found.setdefault(batch, []).append(bytes(ticket))
    return found


def list_held(database: Database, campaign: str) -> list[tuple[int, Held]]:
    """Return the sealed responses of a campaign with their block, salt and bytes: for auditors only.

    Sorted by block and commitment.
    """
    with database.transaction(writes=False) as cursor:
        held = "SELECT block, commitment, salt, body FROM sealed WHERE campaign = ?"
        rows = cursor.rows(held, (campaign,))
        sealed = [(block, (bytes(name), bytes(salt), bytes(body))) for block, name, salt, body in rows]
        return sorted(sealed + _claimed(cursor, campaign))


def _claimed(cursor: Cursor, campaign: str) -> list[tuple[int, Held]]:
    """Return what blocks hold already and what still lies in the inbox."""
    claims = cursor.rows("SELECT number, commitments FROM claims WHERE campaign = ?", (campaign,))
    waiting = "SELECT commitment, salt, body FROM inbox WHERE campaign = ? AND commitment = ?"
    return [
        (number, (bytes(name), bytes(salt), bytes(body)))
        for number, joined in claims
        for commitment in split(joined)
        for name, salt, body in cursor.rows(waiting, (campaign, commitment))
    ]
