"""How people answered, counted beside the responses and never kept on one: device, duration, ticket delay.

Each is one of a few codes. They are added up per campaign in the transaction that stores the responses, so a
repeat counts nothing and nobody's code is kept, and move on with a block (`tera.intake.sealing`);
docs/privacy.md says what that hides. Whoever shows them uses `disclosure.shown_cells`, once, after the last
block: numbers that grow block by block tell who came in between.
"""

from collections import Counter
from collections.abc import Sequence

from tera.intake.tables import Database

DEVICE, DURATION, DELAY = "device", "duration", "delay"
OTHER, PHONE, TABLET, COMPUTER = DEVICES = ("OTHER", "PHONE", "TABLET", "COMPUTER")
UNKNOWN = ""
DURATIONS = (UNKNOWN, "0-29", "30-59", "60-179", "180-599", "600+")
"""Seconds from when the form was shown to when it was sent, as the page's script says; unknown without it."""
DELAYS = ((0, "0"), (1, "1"), (3, "2-3"), (7, "4-7"), (14, "8-14"))
"""The last day of each band, in days since the batch of a ticket was issued."""
LATER = "15+"  # what waited on a device until after its ticket had ended


def device_of(user_agent: str) -> str:
    """Return what kind of device a browser says that it runs on.

    Coarse rules, in this order: a name of a desktop system is a computer, also where a tablet or phone was
    told to ask for the desktop's pages, as iPads do by themselves; Opera Mini is a phone; an iPad, "Tablet"
    and an Android that is not "Mobi" are tablets; any other "Mobi" is a phone. Whatever else, and programs,
    are OTHER.
    """
    if any(name in user_agent for name in ("Windows NT", "Macintosh", "X11")):
        return COMPUTER
    if "Opera Mini" in user_agent:
        return PHONE
    is_mobile = "Mobi" in user_agent
    if "iPad" in user_agent or "Tablet" in user_agent or ("Android" in user_agent and not is_mobile):
        return TABLET
    return PHONE if is_mobile else OTHER


def duration_of(code: object) -> str:
    """Return the band of a duration as it was sent; whatever is none of ours is unknown."""
    return code if isinstance(code, str) and code in DURATIONS else UNKNOWN


def delay_of(days: int) -> str:
    """Return the band of so many days between the issue of a ticket and its use."""
    return next((band for last, band in DELAYS if days <= last), LATER)


def list_paradata(database: Database, campaigns: Sequence[str]) -> dict[str, dict[str, Counter[str]]]:
    """Return how many arrivals of these campaigns had which code, by campaign and kind.

    Those up to the newest block that took at least k with it. Arrivals since the block before are counted,
    of which some are held back and others were held back before: they are not exactly its responses. Tickets
    have a delay only where the day of their issue is known.
    """
    found: dict[str, dict[str, Counter[str]]] = {}
    if not campaigns:
        return found
    marks = ", ".join("?" * len(campaigns))
    statement = (
        f"SELECT campaign, kind, code, SUM(n) FROM paradata WHERE campaign IN ({marks})"  # noqa: S608
        " GROUP BY campaign, kind, code ORDER BY campaign, kind, code"
    )
    with database.transaction(writes=False) as cursor:
        for campaign, kind, code, count in cursor.rows(statement, campaigns):
            found.setdefault(campaign, {}).setdefault(kind, Counter())[code] = int(count)
    return found
