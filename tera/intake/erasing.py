"""Deletes what the intake holds; nothing else deletes a sealed response or a key."""

from dataclasses import dataclass

from tera.engine.disclosure import K
from tera.intake import receipts
from tera.intake.blocks import split
from tera.intake.cursor import Cursor
from tera.intake.tables import Database


class CannotErase(ValueError):
    """Nothing was erased; the message says why."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A response that was erased: the how manieth of its campaign, and its block, 0 where it had none."""

    campaign: str
    number: int
    block: int


def erase(database: Database, code: str, key: bytes) -> Erased:
    """Erase the response of a receipt, with its salt and its client key; its commitment stays in its block.

    Whoever asks shows both the receipt and the key under which the response was sent.

    Raises:
        BadCode: this is no receipt code.
        CannotErase: there is no such response, it was sent under another key, or it is being sealed now.
    """
    place = receipts.find(database, code)
    with database.transaction() as cursor:
        sent = cursor.rows("SELECT commitment FROM keys WHERE client_key = ?", (key,))
        if place is None or [bytes(commitment) for (commitment,) in sent] != [place.commitment]:
            raise CannotErase("no response has this receipt and this key; both must be the respondent's")
        cursor.lock([place.campaign], is_shared=False)
        row = (place.campaign, place.commitment)
        claims = cursor.rows("SELECT commitments FROM claims WHERE campaign = ?", (place.campaign,))
        if any(place.commitment in split(joined) for (joined,) in claims):
            raise CannotErase("it is being sealed this moment; try again in a minute")
        cursor.run("DELETE FROM keys WHERE client_key = ?", (key,))
        if cursor.run("DELETE FROM inbox WHERE campaign = ? AND commitment = ?", row):
            _require_enough_waiting(cursor, place.campaign)
            return Erased(place.campaign, 0, 0)  # no block ever held it
        blocks = cursor.rows("SELECT block FROM sealed WHERE campaign = ? AND commitment = ?", row)
        [(known,)] = cursor.rows("SELECT COUNT(*) FROM erased WHERE campaign = ?", (place.campaign,))
        cursor.run("DELETE FROM sealed WHERE campaign = ? AND commitment = ?", row)
        found = Erased(place.campaign, int(known) + 1, int(blocks[0][0]))
        insert = "INSERT INTO erased (campaign, number, commitment, block) VALUES (?, ?, ?, ?)"
        cursor.run(insert, (place.campaign, found.number, place.commitment, found.block))
    return found


def _require_enough_waiting(cursor: Cursor, campaign: str) -> None:
    """Refuse to leave a last block of fewer than k: what is certified would show what they alone said."""
    [(waiting,)] = cursor.rows("SELECT COUNT(*) FROM inbox WHERE campaign = ?", (campaign,))
    [(blocks,)] = cursor.rows("SELECT COUNT(*) FROM blocks WHERE campaign = ?", (campaign,))
    if blocks and waiting < K:
        raise CannotErase("too few would be left for the last block; try again once it is sealed")


def list_erased(database: Database) -> list[Erased]:
    """Return what was erased of every campaign, in the order in which it was."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT campaign, number, block FROM erased ORDER BY campaign, number")
    return [Erased(*row) for row in rows]


def forget(database: Database, campaign: str) -> None:
    """Remove whatever is held under a campaign's code: invented answers whose growing was interrupted."""
    with database.transaction() as cursor:
        for table in ("inbox", "sealed"):
            found = f"SELECT commitment FROM {table} WHERE campaign = ?"  # noqa: S608
            cursor.run(f"DELETE FROM keys WHERE commitment IN ({found})", (campaign,))  # noqa: S608
        for table in ("inbox", "sealed", "blocks", "claims", "erased", "comments", "counters", "paradata"):
            cursor.run(f"DELETE FROM {table} WHERE campaign = ?", (campaign,))  # noqa: S608
