"""Comments of a campaign: what people wrote, which leads to no response.

A comment lies under an id of its own, drawn at random as it came in (`tera.intake.inbox`). No other table
has that id, so neither answers nor a day nor a receipt follow from it. Whoever shows comments does so after
the last block: a list that grew would tell who came in between.
"""

import secrets
from dataclasses import dataclass

from tera.intake.tables import Database

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote."""

    id: bytes
    text: str


def count_comments(database: Database, campaign: str) -> int:
    """Return how many comments a campaign has."""
    with database.transaction(writes=False) as cursor:
        [(count,)] = cursor.rows("SELECT COUNT(*) FROM comments WHERE campaign = ?", (campaign,))
    return int(count)


def list_comments(database: Database, campaign: str, *, skip: int, most: int) -> list[Comment]:
    """Return some comments of a campaign in the order of their ids: always the same, and not as they came."""
    page = "SELECT id, comment FROM comments WHERE campaign = ? ORDER BY id LIMIT ? OFFSET ?"
    with database.transaction(writes=False) as cursor:
        return _read(cursor.rows(page, (campaign, most, skip)))


def draw_comments(database: Database, campaign: str, most: int) -> list[Comment]:
    """Return some comments of a campaign, others and in another order each time.

    Ids are random, so those that follow a random one are a random choice.
    """
    first = secrets.token_bytes(ID_BYTES)
    after = "SELECT id, comment FROM comments WHERE campaign = ? AND id >= ? ORDER BY id LIMIT ?"
    before = "SELECT id, comment FROM comments WHERE campaign = ? AND id < ? ORDER BY id LIMIT ?"
    with database.transaction(writes=False) as cursor:
        rows = cursor.rows(after, (campaign, first, most))
        rows += cursor.rows(before, (campaign, first, most - len(rows)))
    found = _read(rows)
    secrets.SystemRandom().shuffle(found)
    return found


def find_comment(database: Database, campaign: str, name: bytes) -> Comment | None:
    """Return the comment of a campaign with this id, if there is one."""
    with database.transaction(writes=False) as cursor:
        found = "SELECT id, comment FROM comments WHERE id = ? AND campaign = ?"
        return next(iter(_read(cursor.rows(found, (name, campaign)))), None)


def _read(rows: list[tuple[bytes, str]]) -> list[Comment]:
    return [Comment(bytes(name), text) for name, text in rows]
