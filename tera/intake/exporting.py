"""Sealed responses for those who count again: staff get answers, an auditor what commitments cover."""

import random

from tera.engine import response
from tera.intake.blocks import split
from tera.intake.tables import Database, Held


def list_answers(database: Database, campaign: str, generator: random.Random) -> list[tuple[int | None, ...]]:
    """Return the sealed answers of a campaign, freshly shuffled, without day, profile, service or receipt."""
    answers = [response.decode(body).answers for _, (_, _, body) in list_held(database, campaign)]
    generator.shuffle(answers)
    return answers


def list_commitments_left(database: Database, campaign: str) -> list[tuple[int, bytes]]:
    """Return the blocks and commitments of responses that were erased."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT block, commitment FROM erased WHERE campaign = ?", (campaign,))
    return sorted((block, bytes(commitment)) for block, commitment in rows)


def list_held(database: Database, campaign: str) -> list[tuple[int, Held]]:
    """Return the sealed responses of a campaign with their block, salt and bytes: for auditors only.

    Sorted by block and commitment.
    """
    with database.transaction(writes=False) as cursor:
        held = "SELECT block, commitment, salt, body FROM sealed WHERE campaign = ?"
        rows = cursor.rows(held, (campaign,))
        # What a block holds already may still lie in the inbox.
        claims = cursor.rows("SELECT number, commitments FROM claims WHERE campaign = ?", (campaign,))
        waiting = "SELECT commitment, salt, body FROM inbox WHERE campaign = ? AND commitment = ?"
        for number, joined in claims:
            for commitment in split(joined):
                rows += [(number, *row) for row in cursor.rows(waiting, (campaign, commitment))]
    return sorted((block, (bytes(name), bytes(salt), bytes(body))) for block, name, salt, body in rows)
