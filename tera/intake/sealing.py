"""Sealing: responses leave the inbox in blocks of at least k, so that no number is about a few people.

If at least 3k wait, all but a random 2k of them are sealed; the last block, after the grace, takes what is
left. So the last block has at least 2k responses wherever there is one before it, and whatever fewer than k
exclusions take off, at least k of its responses are still counted together (ADR 0013). A campaign with fewer
than k responses in all gets a count and no tally.

Whoever answers a survey never waits long for it: the first transaction writes the block and claims its
responses, short ones after it move them over, in the order of their commitments. A sealer that is killed in
the middle leaves claims, and the next one moves those first; two at once do no harm.
"""

import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from tera.engine.block import SALT_BYTES, root_of, tally_bytes, tally_hash
from tera.engine.disclosure import K
from tera.intake.blocks import IMPORTED, SEALED, Block, split
from tera.intake.counting import breakdown_of, tallies_of
from tera.intake.cursor import Cursor
from tera.intake.form import CampaignForm
from tera.intake.tables import Database, Held

HELD_BACK = 2 * K
LEAST_WAITING = HELD_BACK + K  # to seal a block that is not the last
MOST_AT_ONCE = 200
SECONDS_BETWEEN_MOVES = 0.02  # in which those who answer get their turn
_BLOCK = (
    "INSERT INTO blocks (campaign, number, kind, responses, tally, breakdown, is_last, root, tally_hash,"
    " tally_salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ROW = "INSERT INTO sealed (campaign, commitment, block, salt, body) VALUES (?, ?, ?, ?, ?)"
_CLAIM = "INSERT INTO claims (campaign, number, part, commitments) VALUES (?, ?, ?, ?)"


def choose(waiting: Sequence[Held], *, is_last: bool, generator: random.Random) -> list[Held]:
    """Return what to seal now, sorted by commitment: all but a random 2k, or everything at the end."""
    if is_last:
        return sorted(waiting)
    if len(waiting) < LEAST_WAITING:
        return []
    held_back = set(generator.sample(range(len(waiting)), HELD_BACK))
    return sorted(held for place, held in enumerate(waiting) if place not in held_back)


def seal(database: Database, form: CampaignForm, at: datetime, generator: random.Random) -> Block | None:
    """Seal what may be sealed of one campaign, and return the new block if there is one."""
    _move_claimed(database, form.code)
    with database.transaction(writes=False) as cursor:
        earlier, is_ended = _written(cursor, form.code)
        rows = cursor.rows("SELECT commitment, salt, body FROM inbox WHERE campaign = ?", (form.code,))
    is_last = form.is_over(at)
    chosen = [] if is_ended else choose(rows, is_last=is_last, generator=generator)
    if is_ended or not (chosen or is_last):
        return None
    block, row = _block(form, chosen, number=earlier + 1, kind=SEALED, is_last=is_last)
    with database.transaction() as cursor:
        cursor.lock([form.code], is_shared=False)
        found = cursor.rows("SELECT commitment FROM inbox WHERE campaign = ?", (form.code,))
        waiting, names = {bytes(name) for (name,) in found}, {name for name, _, _ in chosen}
        is_same = names == waiting if is_last else names <= waiting
        if not is_same or _written(cursor, form.code) != (earlier, is_ended):
            return None  # somebody sealed, erased or answered since we looked: the next round looks again
        cursor.run(_BLOCK, row)
        cursor.run_many(_CLAIM, _claims(block, chosen))
        _move_counts(cursor, block)
    _move_claimed(database, form.code)
    return block


def import_block(database: Database, form: CampaignForm, rows: Sequence[Held]) -> Block:
    """Store answers that were collected elsewhere as the one block of their campaign, marked as imported."""
    chosen = sorted(rows)
    block, row = _block(form, chosen, number=1, kind=IMPORTED, is_last=True)
    with database.transaction() as cursor:
        cursor.run_many(_ROW, [(form.code, commitment, 1, salt, body) for commitment, salt, body in chosen])
        cursor.run(_BLOCK, row)
    return block


def _written(cursor: Cursor, campaign: str) -> tuple[int, bool]:
    """Return how many blocks a campaign has, and whether the last one is among them."""
    rows = cursor.rows("SELECT is_last FROM blocks WHERE campaign = ?", (campaign,))
    return len(rows), any(is_last for (is_last,) in rows)


def _block(
    form: CampaignForm, chosen: Sequence[Held], *, number: int, kind: str, is_last: bool
) -> tuple[Block, tuple[object, ...]]:
    """Return a block and its row; below k neither its tally nor its breakdown is kept."""
    tallies, salt, count = tallies_of(form, chosen), secrets.token_bytes(SALT_BYTES), len(chosen)
    content = tally_bytes(form.code, number, count, tallies)
    hashes = (root_of([commitment for commitment, _, _ in chosen]), tally_hash(salt, content), salt)
    kept: tuple[str | None, str | None] = (None, None)
    if count >= K:
        kept = content.decode("ascii"), json.dumps(breakdown_of(form, chosen).as_values())
    row = (form.code, number, kind, count, *kept, int(is_last), *hashes)
    return Block(form.code, number, kind, count, tallies, is_last, *hashes), row


def _claims(block: Block, chosen: Sequence[Held]) -> list[tuple[str, int, int, bytes]]:
    """Return the rows that claim responses for a block, each as much as one transaction moves."""
    commitments = [commitment for commitment, _, _ in chosen]
    parts = range(0, len(commitments), MOST_AT_ONCE)
    return [
        (block.campaign, block.number, part, b"".join(commitments[start : start + MOST_AT_ONCE]))
        for part, start in enumerate(parts)
    ]


def _move_counts(cursor: Cursor, block: Block) -> None:
    """Let the counts of arrivals go with a block, each kind only if it is of at least k people.

    Fewer wait for the next block, and are dropped with the last one: two looks would tell them apart.
    """
    counted = cursor.rows(
        "SELECT kind, code, n FROM counters WHERE campaign = ? ORDER BY kind, code", (block.campaign,)
    )
    people = Counter[str]()
    for kind, _, n in counted:
        people[kind] += n
    kept = [(block.campaign, block.number, kind, code, n) for kind, code, n in counted if people[kind] >= K]
    cursor.run_many("INSERT INTO paradata (campaign, block, kind, code, n) VALUES (?, ?, ?, ?, ?)", kept)
    done = [(block.campaign, kind) for kind, count in people.items() if count >= K or block.is_last]
    cursor.run_many("DELETE FROM counters WHERE campaign = ? AND kind = ?", done)


def _move_claimed(database: Database, campaign: str) -> None:
    """Move what is claimed from the inbox to the sealed responses."""
    while _move_part(database, campaign):
        time.sleep(SECONDS_BETWEEN_MOVES)


def _move_part(database: Database, campaign: str) -> bool:
    """Move one part, and say whether more are left."""
    with database.transaction() as cursor:
        cursor.lock([campaign], is_shared=False)
        claims = cursor.rows(
            "SELECT number, part, commitments FROM claims WHERE campaign = ? ORDER BY number, part LIMIT 2",
            (campaign,),
        )
        if not claims:
            return False
        number, part, joined = claims[0]
        commitments = split(joined)
        those = f"campaign = ? AND commitment IN ({', '.join('?' * len(commitments))})"
        cursor.run(
            "INSERT INTO sealed (campaign, commitment, block, salt, body)"  # noqa: S608  only question marks
            f" SELECT campaign, commitment, {int(number)}, salt, body FROM inbox WHERE {those}"
            " ORDER BY commitment",
            (campaign, *commitments),
        )
        cursor.run(f"DELETE FROM inbox WHERE {those}", (campaign, *commitments))  # noqa: S608
        cursor.run(
            "DELETE FROM claims WHERE campaign = ? AND number = ? AND part = ?", (campaign, number, part)
        )
    return len(claims) > 1
