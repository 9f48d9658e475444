"""Days as people write them in tables: 2019-03-05, 05/03/2019, 5 Maret 2019, or what Excel keeps.

Whether 03/04/2019 is in March or in April is found out from the other dates of the file, or asked.
"""

import re
from collections.abc import Iterable
from datetime import date

from tera.portal.surveys.periods import MONTHS

ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHORT = {"agt": 8, "ags": 8, "agu": 8, "sept": 9, "nop": 11, "nopember": 11, "pebruari": 2}
_TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?(?:WIB|WITA|WIT|AM|PM|Z))?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.IGNORECASE | re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TIME}", re.IGNORECASE | re.ASCII)
_NAMED = re.compile(rf"(\d{{1,2}})[-/. ]+([a-z]+)[-/., ]+(\d{{4}}){_TIME}", re.IGNORECASE | re.ASCII)


def day_of(text: str, *, day_first: bool | None) -> date | None:
    """Return the day that a text names, None where it names none or leaves it open."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _date(*found.groups())
    if found := _NAMED.fullmatch(text):
        month = _month(found[2].lower())
        return _date(found[3], month, found[1]) if month else None
    if (found := _NUMBERS.fullmatch(text)) and day_first is not None:
        first, second, year = found.groups()
        return _date(year, second, first) if day_first else _date(year, first, second)
    return None


def orders_of(texts: Iterable[str]) -> set[bool]:
    """Return the orders of day and month that dates written in numbers may have; both where it is open.

    Each date that can be read in one way only speaks for it. Nothing is returned where no order matters.
    """
    open_, told = False, set[bool]()
    for text in texts:
        if found := _NUMBERS.fullmatch(text.strip()):
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                told.add(True)
            elif second > 12 >= first:
                told.add(False)
            elif first != second:
                open_ = True
    return told or ({True, False} if open_ else set())


def _month(name: str) -> int:
    for number, (full, english) in enumerate(zip(MONTHS, ENGLISH, strict=True), 1):
        if name in {full.lower(), full[:3].lower(), english}:
            return number
    return SHORT.get(name, 0)


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
