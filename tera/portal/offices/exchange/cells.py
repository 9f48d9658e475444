"""Reads the cells of one row: every fault is noted, and what is sound is kept for the checks that follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tera.portal.offices.exchange.columns import Header, plain_name
from tera.portal.offices.exchange.findings import Finding, shown
from tera.portal.offices.exchange.pairs import read_pairs
from tera.portal.units.models import UnitKind, Zone
from tera.recount.workbook import UNCALCULATED

LONGEST = {"slug": 50, "name": 200, "short_name": 80, "grade": 60, "code": 40}
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?")
FORMULA = ("=", "+", "-", "@")
RESERVED = frozenset({"baru", "impor", "ekspor", "gabung"})  # addresses of pages
KINDS = {plain_name(word): kind.value for kind in UnitKind for word in (kind.value, kind.label)}
ZONES = {plain_name(word): zone.value for zone in Zone for word in (zone.value, zone.label)}
MONTHS = (
    *("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober"),
    *("november", "desember"),
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?")
LOCAL_DAY = re.compile(r"(\d{1,2})(?:[/.-]| )(\d{1,2}|[a-z]+)(?:[/.-]| )(\d{4})")


@dataclass(slots=True)
class Entry:
    """What a row says. What is missing or faulty is not in it; None is a column that the file has not."""

    row: int
    slug: str = ""
    state: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    on: date | None = None
    codes: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] | None = None
    places: dict[str, str] | None = None


def read_day(text: str) -> date | None:
    """Return a day written as 2027-07-01, 1/7/2027 or 1 Juli 2027; None where it is none."""
    if found := DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := LOCAL_DAY.fullmatch(text.casefold()):
        day, month, year = found.groups()
    else:
        return None
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdigit() else 0
    try:
        read = date(int(year), number, int(day))
    except ValueError:
        return None
    return read if FIRST_DAY <= read <= LAST_DAY else None


class Row:
    """One row while it is read."""

    def __init__(self, number: int, cells: Sequence[str], header: Header, findings: list[Finding]) -> None:
        """Take the cells and the list to which faults are added."""
        self._number, self._cells, self._header, self._findings = number, cells, header, findings

    def read(self) -> Entry:
        """Return what the row says."""
        entry = Entry(self._number)
        entry.slug = self._text("slug", needed=True) or ""
        for key in ("name", "short_name", "grade"):
            if (text := self._text(key, needed=key != "grade")) is not None:
                entry.state[key] = text
        for key, words, why in (("kind", KINDS, "bad-kind"), ("zone", ZONES, "bad-zone")):
            if text := self._text(key, needed=True):
                if plain_name(text) in words:
                    entry.state[key] = words[plain_name(text)]
                else:
                    self._find(key, text, why)
        entry.parent, entry.on = self._text("parent"), self._day()
        for scheme, position in self._header.schemes.items():
            if (code := self._cell(position)) is not None and self._fits(position, code, LONGEST["code"]):
                entry.codes[scheme] = code
        entry.services = self._pairs("services")
        entry.places = self._pairs("places")
        self._require_nothing_outside()
        return entry

    def _find(self, key: str | int, value: str, why: str, **facts: object) -> None:
        position = self._header.fields[key] if isinstance(key, str) else key
        name = self._header.name_of(position)
        self._findings.append(Finding(self._number, name, shown(value), why, facts))

    def _cell(self, position: int, between_lines: str = " ") -> str | None:
        """Return a cell without spaces around it; None, and a finding, where it is no plain text."""
        raw = self._cells[position] if position < len(self._cells) else ""
        text = " ".join(raw.replace("\n", between_lines).split())
        if any(not letter.isprintable() or letter == "�" for letter in text):
            self._find(position, text, "bad-letters")
        elif text == UNCALCULATED or text.startswith(FORMULA):
            self._find(position, text, "formula")
        elif ERROR.fullmatch(text):
            self._find(position, text, "error-cell")
        else:
            return text
        return None

    def _text(self, key: str, *, needed: bool = False) -> str | None:
        if key not in self._header.fields:
            return None
        position = self._header.fields[key]
        text = self._cell(position)
        if text is None or (text and not self._fits(position, text, LONGEST.get(key, 1000))):
            return None
        if needed and not text:
            self._find(key, "", "missing")
            return None
        return text

    def _fits(self, position: int, text: str, most: int) -> bool:
        if len(text) > most:
            self._find(position, text, "long", most=most, length=len(text))
        return len(text) <= most

    def _day(self) -> date | None:
        text = self._text("on")
        day = read_day(text) if text else None
        if text and day is None:
            self._find("on", text, "bad-day")
        return day

    def _pairs(self, key: str) -> dict[str, str] | None:
        if key not in self._header.fields:
            return None
        text = self._cell(self._header.fields[key], between_lines=";")
        if text is None:
            return None
        pairs, faults = read_pairs(key, text)
        for fault in faults:
            self._find(key, fault.part, fault.why, most=fault.most)
        return pairs

    def _require_nothing_outside(self) -> None:
        width = len(self._header.names)
        for position, cell in enumerate(self._cells[width:], width):
            if cell.strip():
                self._find(position, cell, "outside")
                return
