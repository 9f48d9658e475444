"""Where a response is that somebody holds a receipt for: its commitment and its block, never what it says."""

from dataclasses import dataclass

from tera.engine import response
from tera.intake.blocks import split
from tera.intake.tables import Database

AT_ONCE = 20_000
_ABOVE_ALL = b"\xff" * 33


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response lies; `block` is 0 while it waits for one."""

    commitment: bytes
    campaign: str
    block: int


def find(database: Database, code: str) -> Place | None:
    """Return the place of the response with this receipt code, or None; BadCode where it is no code."""
    first = response.read_code(code)
    number = int.from_bytes(first, "big") + 1
    last = number.to_bytes(16, "big") if number < 1 << 128 else _ABOVE_ALL
    between = "commitment >= ? AND commitment < ?"
    with database.transaction(writes=False) as cursor:
        sealed = f"SELECT commitment, campaign, block FROM sealed WHERE {between}"  # noqa: S608
        erased = f"SELECT commitment, campaign, block FROM erased WHERE {between}"  # noqa: S608
        # The inbox lies by campaign, so each one that can be answered is asked.
        waiting = f"SELECT commitment, campaign, 0 FROM forms JOIN inbox USING (campaign) WHERE {between}"  # noqa: S608
        for statement in (sealed, waiting, erased):
            if found := cursor.rows(statement, (first, last)):
                return Place(bytes(found[0][0]), found[0][1], found[0][2])
    return None


def commitments_by_block(database: Database, campaign: str) -> dict[int, bytes]:
    """Return the commitments of every block of a campaign, sorted, one behind the other.

    Of many responses the memory holds little more than their commitments.
    """
    page = (
        "SELECT commitment, block FROM sealed WHERE campaign = ? AND commitment > ?"
        " ORDER BY commitment LIMIT ?"
    )
    found, last = dict[int, bytearray](), b""
    with database.transaction(writes=False) as cursor:
        while rows := cursor.rows(page, (campaign, last, AT_ONCE)):
            for commitment, block in rows:
                found.setdefault(block, bytearray()).extend(commitment)
            last = bytes(rows[-1][0])
        erased = cursor.rows("SELECT commitment, block FROM erased WHERE campaign = ?", (campaign,))
    joined = {block: bytes(commitments) for block, commitments in found.items()}
    for commitment, block in erased:
        joined[block] = b"".join(sorted([*split(joined.get(block, b"")), bytes(commitment)]))
    return joined


def commitments_of(database: Database, place: Place) -> list[bytes]:
    """Return the commitments of the block in which a response lies, sorted."""
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(
            "SELECT commitment FROM sealed WHERE campaign = ? AND block = ?"
            " UNION ALL SELECT commitment FROM erased WHERE campaign = ? AND block = ?",
            (place.campaign, place.block) * 2,
        )
    return sorted(bytes(commitment) for (commitment,) in rows)
