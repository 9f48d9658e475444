"""Reads a file of answers into tallies: wholly, or not at all.

Columns are found by name in any order: an item's code, or its short name such as `u1`. Other columns are
ignored and named. A million rows take seconds, and memory holds one chunk of them at a time.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path

from tera.engine.instrument import Instrument
from tera.engine.tally import EMPTY, Tally
from tera.recount.header import Column, columns_of, find, name_of, names_of, plain, require_unique, short
from tera.recount.table import BadFile, Rows, opened

CHUNK = 50_000
_ANSWER = re.compile(r"([0-9]{1,2})(?:[.,]0{1,2})?")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file held: a tally per instrument, and the columns that nobody asked for.

    `twins` names, for each instrument, the variants that ask the same items and were not taken.
    """

    tallies: Mapping[str, Tally]
    instruments: tuple[Instrument, ...]
    ignored: tuple[str, ...]
    twins: Mapping[str, tuple[str, ...]]


Patterns = dict[str, Counter[bytes]]
"""How many respondents gave each pattern, by instrument id: a byte for each item, 0 for a blank."""


def read(path: Path, instruments: Sequence[Instrument], wanted: Sequence[str] = ()) -> Answers:
    """Return the tallies of all instruments whose columns the file has; see `read_patterns`."""
    return _read(path, instruments, wanted, None)


def read_patterns(
    path: Path, instruments: Sequence[Instrument], wanted: Sequence[str] = ()
) -> tuple[Answers, Patterns]:
    """Return the tallies of all instruments whose columns the file has, and what respondents answered.

    Args:
        path: CSV or XLSX with a header.
        instruments: all that may be in the file; of variants that share columns the first one counts.
        wanted: instrument ids that must be in the file; empty for whatever is there.

    Raises:
        BadFile: with file, row, column, value and what is allowed.
    """
    patterns: Patterns = defaultdict(Counter)
    return _read(path, instruments, wanted, patterns), patterns


def _read(
    path: Path, instruments: Sequence[Instrument], wanted: Sequence[str], patterns: Patterns | None
) -> Answers:
    offered = [instrument for instrument in instruments if not wanted or instrument.id in wanted]
    names = {name.lower() for instrument in offered for name in names_of(instrument)}
    with opened(path, lambda cells: sum(name_of(cell) in names for cell in cells)) as rows:
        spelt = [plain(cell) for cell in next(rows, [])]
        while spelt and not spelt[-1]:
            spelt.pop()
        header = [name_of(cell) for cell in spelt]
        require_unique(path, header, names)
        found = find(path, header, offered, wanted)
        columns = columns_of(header, found, offered)
        tallies = _tallies(_chunks(path, rows, len(header), columns), found, patterns)
    if not any(tally.respondents for tally in tallies.values()):
        raise BadFile(f"{path}: the file has 0 respondents; at least one row of answers is needed")
    used = {column.position for column in columns}
    ignored = tuple(
        name or f"column {position + 1} (no name)"
        for position, name in enumerate(spelt)
        if position not in used
    )
    twins = {
        entry.id: tuple(
            other.id
            for other in instruments
            if other.id != entry.id and set(other.codes) & set(entry.codes) and entry.id not in wanted
        )
        for entry in found
    }
    return Answers(tallies, found, ignored, twins)


def _tallies(
    chunks: Iterable["_Cells"], found: Sequence[Instrument], patterns: Patterns | None
) -> dict[str, Tally]:
    """Return the tallies of all chunks, and note the patterns where they are asked for."""
    tallies = dict.fromkeys((instrument.id for instrument in found), EMPTY)
    for cells in chunks:
        for instrument in found:
            tallies[instrument.id] += cells.tally(instrument)
            if patterns is not None:
                patterns[instrument.id].update(cells.patterns(instrument))
    return tallies


def _chunks(path: Path, rows: Rows, width: int, columns: Sequence[Column]) -> Iterator["_Cells"]:
    row_number, empty_at = 2, 0
    while chunk := list(islice(rows, CHUNK)):
        full = _full_rows(path, chunk, row_number, width, empty_at)
        empty_at = empty_at or (row_number + len(full) if len(full) < len(chunk) else 0)
        if full:
            yield _Cells(path, full, row_number, columns)
        row_number += len(chunk)


def _full_rows(
    path: Path, chunk: list[list[str]], row_number: int, width: int, empty_at: int
) -> list[list[str]]:
    """Return the rows up to the empty lines at the end; refuse ragged rows and empty lines before others."""
    end = len(chunk)
    while end and not any(map(str.strip, chunk[end - 1])):
        end -= 1
    if end and empty_at:
        raise BadFile(
            f"{path}, row {empty_at}: no answer in this row; empty lines are allowed at the end only"
        )
    for offset, row in enumerate(chunk[:end]):
        if len(row) != width:
            _require_width(path, row, row_number + offset, width)
            chunk[offset] = row[:width]
    return chunk[:end]


def _require_width(path: Path, row: list[str], row_number: int, width: int) -> None:
    if not row:
        raise BadFile(
            f"{path}, row {row_number}: no answer in this row; empty lines are allowed at the end only"
        )
    if len(row) < width or any(map(str.strip, row[width:])):
        raise BadFile(f"{path}, row {row_number}: {len(row)} cells where the header has {width} columns")


class _Cells:
    """One chunk of rows, counted column by column."""

    def __init__(self, path: Path, rows: list[list[str]], row_number: int, columns: Sequence[Column]) -> None:
        self._path = path
        self._rows = rows
        self._row_number = row_number
        self._scores: dict[str, dict[str, int | None]] = {}
        self._texts: dict[str, Counter[str]] = {}
        self._at = {column.item.code: column.position for column in columns}
        for column in columns:
            texts = Counter(map(itemgetter(column.position), rows))
            self._texts[column.item.code] = texts
            self._scores[column.item.code] = {text: self._score(column, text) for text in texts}
        if all(None in scores.values() for scores in self._scores.values()):
            self._require_answers(self._at.values())

    def _score(self, column: Column, text: str) -> int | None:
        if not text.strip():
            return None
        found = _ANSWER.fullmatch(text.strip())
        score = int(found[1]) if found else 0
        if score not in column.item.scores:
            offset = next(n for n, row in enumerate(self._rows) if row[column.position] == text)
            place = f"{self._path}, row {self._row_number + offset}, column {column.name}"
            raise BadFile(f"{place}: {short(text)} is not allowed; use {column.allowed}")
        return score

    def _require_answers(self, positions: Iterable[int]) -> None:
        """Refuse a row that has other cells, but no answer: nobody knows what it is."""
        places = list(positions)
        for offset, row in enumerate(self._rows):
            if not any(row[position].strip() for position in places):
                row_number = self._row_number + offset
                raise BadFile(
                    f"{self._path}, row {row_number}: no answer in this row; give at least one or drop it"
                )

    def patterns(self, instrument: Instrument) -> Counter[bytes]:
        """Return what the respondents of this chunk answered to one instrument, if anything."""
        columns = [
            bytes(map({text: score or 0 for text, score in self._scores[code].items()}.__getitem__, texts))
            for code in instrument.codes
            for texts in [map(itemgetter(self._at[code]), self._rows)]
        ]
        found = Counter(map(bytes, zip(*columns, strict=True)))
        found.pop(bytes(len(columns)), None)
        return found

    def tally(self, instrument: Instrument) -> Tally:
        """Return the tally of this chunk for one instrument."""
        counts: dict[str, Counter[int]] = {}
        blanks = False
        for code in instrument.codes:
            counts[code] = Counter()
            for text, times in self._texts[code].items():
                score = self._scores[code][text]
                blanks = blanks or score is None
                if score is not None:
                    counts[code][score] += times
        if not blanks:
            return Tally(len(self._rows), len(self._rows), counts)
        places = [self._at[code] for code in instrument.codes]
        given = Counter(sum(1 for place in places if row[place].strip()) for row in self._rows)
        return Tally(len(self._rows) - given[0], given[len(places)], counts)
