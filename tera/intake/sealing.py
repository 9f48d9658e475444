"""Sealing: responses leave the inbox in blocks of at least k, so that no number is about a few people.

If at least 2k wait, all but a random k of them are sealed; the last block, after the grace, takes what is
left. A campaign with fewer than k responses in all gets a count and no tally.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tera.engine import response
from tera.engine.tally import Tally
from tera.intake.cursor import Cursor
from tera.intake.form import CampaignForm
from tera.intake.tables import Database, Held

K = 10
SEALED, IMPORTED = "SEALED", "IMPORTED"
_BLOCK = "INSERT INTO blocks (campaign, number, kind, responses, tally, is_last) VALUES (?, ?, ?, ?, ?, ?)"
_ROW = "INSERT INTO sealed (campaign, commitment, block, salt, body) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Block:
    """A sealed block: how many responses, and the tally per instrument id (none below k)."""

    campaign: str
    number: int
    kind: str
    responses: int
    tallies: dict[str, Tally]
    is_last: bool


def choose(waiting: Sequence[Held], *, is_last: bool, generator: random.Random) -> list[Held]:
    """Return what to seal now, sorted by commitment: all but a random k, or everything at the end."""
    if is_last:
        return sorted(waiting)
    if len(waiting) < 2 * K:
        return []
    held_back = set(generator.sample(range(len(waiting)), K))
    return sorted(held for place, held in enumerate(waiting) if place not in held_back)


def seal(database: Database, form: CampaignForm, at: datetime, generator: random.Random) -> Block | None:
    """Seal what may be sealed of one campaign, and return the new block if there is one."""
    with database.transaction() as cursor:
        cursor.lock([form.code], is_shared=False)
        earlier = cursor.rows("SELECT is_last FROM blocks WHERE campaign = ?", (form.code,))
        if any(is_last for (is_last,) in earlier):
            return None
        is_last = form.is_over(at)
        waiting = cursor.rows("SELECT commitment, salt, body FROM inbox WHERE campaign = ?", (form.code,))
        chosen = choose(waiting, is_last=is_last, generator=generator)
        if not chosen and not is_last:
            return None
        delete = "DELETE FROM inbox WHERE campaign = ? AND commitment = ?"
        cursor.run_many(delete, [(form.code, commitment) for commitment, _, _ in chosen])
        return _write(cursor, form, chosen, number=len(earlier) + 1, kind=SEALED, is_last=is_last)


def import_block(database: Database, form: CampaignForm, rows: Sequence[Held]) -> Block:
    """Store answers that were collected elsewhere as the one block of their campaign, marked as imported."""
    with database.transaction() as cursor:
        return _write(cursor, form, sorted(rows), number=1, kind=IMPORTED, is_last=True)


def _write(
    cursor: Cursor, form: CampaignForm, chosen: Sequence[Held], *, number: int, kind: str, is_last: bool
) -> Block:
    block = Block(form.code, number, kind, len(chosen), _tallies(form, chosen), is_last)
    text = json.dumps({name: _as_json(tally) for name, tally in block.tallies.items()}) or None
    if len(chosen) < K:
        text = None
    cursor.run_many(_ROW, [(form.code, commitment, number, salt, body) for commitment, salt, body in chosen])
    cursor.run(_BLOCK, (form.code, number, kind, len(chosen), text, int(is_last)))
    return block


def _tallies(form: CampaignForm, chosen: Sequence[Held]) -> dict[str, Tally]:
    answers = [response.decode(body).answers for _, _, body in chosen]
    return {
        instrument.id: Tally.of(instrument.codes, [row[place] for row in answers])
        for instrument, place in form.slices()
    }


def _as_json(tally: Tally) -> dict[str, object]:
    return {"respondents": tally.respondents, "complete": tally.complete, "counts": tally.counts}


def _from_json(values: dict[str, dict[str, dict[str, int]]]) -> Tally:
    counts = {code: {int(score): n for score, n in row.items()} for code, row in values["counts"].items()}
    return Tally(int(str(values["respondents"])), int(str(values["complete"])), counts)


def list_ended(database: Database) -> set[str]:
    """Return the campaigns whose last block is sealed; nothing more can come for them."""
    with database.transaction(writes=False) as cursor:
        return {code for (code,) in cursor.rows("SELECT campaign FROM blocks WHERE is_last = 1")}


def list_blocks(database: Database, campaigns: Sequence[str]) -> list[Block]:
    """Return the blocks of these campaigns, oldest first."""
    if not campaigns:
        return []
    columns = "campaign, number, kind, responses, tally, is_last"
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
            {name: _from_json(tally) for name, tally in json.loads(text or "{}").items()},
            bool(is_last),
        )
        for campaign, number, kind, responses, text, is_last in rows
    ]


def count_waiting(database: Database, campaigns: Sequence[str]) -> dict[str, int]:
    """Return how many responses of each campaign wait for a block."""
    if not campaigns:
        return {}
    marks = ", ".join("?" * len(campaigns))
    statement = f"SELECT campaign, COUNT(*) FROM inbox WHERE campaign IN ({marks}) GROUP BY campaign"  # noqa: S608
    with database.transaction(writes=False) as cursor:
        return dict(cursor.rows(statement, campaigns))


def list_answers(database: Database, campaign: str, generator: random.Random) -> list[tuple[int | None, ...]]:
    """Return the sealed answers of a campaign, freshly shuffled, without day, profile or service."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT body FROM sealed WHERE campaign = ?", (campaign,))
    answers = [response.decode(body).answers for (body,) in rows]
    generator.shuffle(answers)
    return answers


def forget(database: Database, campaign: str) -> None:
    """Remove whatever is held under a campaign's code: invented answers whose growing was interrupted."""
    with database.transaction() as cursor:
        for table in ("inbox", "sealed"):
            found = f"SELECT commitment FROM {table} WHERE campaign = ?"  # noqa: S608
            cursor.run(f"DELETE FROM keys WHERE commitment IN ({found})", (campaign,))  # noqa: S608
        for table in ("inbox", "sealed", "blocks", "comments"):
            cursor.run(f"DELETE FROM {table} WHERE campaign = ?", (campaign,))  # noqa: S608
