"""Sealed answers for whoever may count again: freshly shuffled, without day, profile, service or receipt."""

import random

from tera.engine import response
from tera.intake.blocks import split
from tera.intake.tables import Database


def list_answers(database: Database, campaign: str, generator: random.Random) -> list[tuple[int | None, ...]]:
    """Return the sealed answers of a campaign, freshly shuffled, without day, profile or service."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT body FROM sealed WHERE campaign = ?", (campaign,))
        # What a block holds already may still lie in the inbox.
        claims = cursor.rows("SELECT commitments FROM claims WHERE campaign = ?", (campaign,))
        for commitment in (commitment for (joined,) in claims for commitment in split(joined)):
            held = "SELECT body FROM inbox WHERE campaign = ? AND commitment = ?"
            rows += cursor.rows(held, (campaign, commitment))
    answers = [response.decode(body).answers for (body,) in rows]
    generator.shuffle(answers)
    return answers
