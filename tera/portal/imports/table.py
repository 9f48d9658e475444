"""An uploaded table in memory: its header, its rows, and how often each column holds each value."""

import csv
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO

from tera.engine.instrument import Item
from tera.portal.imports.names import known_names, plain_name
from tera.recount.header import plain
from tera.recount.table import BadFile, opened

MOST_ROWS = 50_000  # a workbook of as many takes a quarter of a minute
MOST_COLUMNS = 200
MOST_BYTES = 30_000_000
MOST_UNPACKED = 600_000_000  # of a workbook, which is a ZIP


class TooMuch(BadFile):
    """More rows or bytes than are taken at once."""


@dataclass(frozen=True)
class Table:
    """What a file holds, without blanks around cells; rows are as long as the header, or a fault of it."""

    header: tuple[str, ...]
    rows: list[list[str]]

    @cached_property
    def counts(self) -> tuple[Counter[str], ...]:
        """How often each column holds each text."""
        places = range(len(self.header))
        found = tuple(Counter[str]() for _ in places)
        for row in self.rows:
            for count, cell in zip(found, row, strict=False):
                count[cell] += 1
        return found

    def texts(self, place: int) -> list[str]:
        """Return the different texts of a column, without the blank, in an order that stays."""
        return sorted(text for text in self.counts[place] if text)

    def write(self, file: IO[str]) -> None:
        """Write it as CSV, to be read again without a question of how."""
        csv.writer(file).writerows([self.header, *self.rows])

    def name(self, place: int) -> str:
        """Return what a column is called."""
        return self.header[place] or f"({place + 1})"


def load(path: Path, items: Iterable[Item]) -> Table:
    """Return the table in a file.

    Raises:
        TooMuch: it has more rows than are taken at once.
        BadFile: it is no table with a header and rows.
    """
    known = known_names(items)
    is_workbook = zipfile.is_zipfile(path)
    if is_workbook:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise TooMuch(f"{path}: larger than {MOST_UNPACKED} bytes once unpacked")
    with opened(path, lambda cells: sum(plain_name(cell) in known for cell in cells)) as lines:
        header = [plain(cell) for cell in next(lines, [])]
        rows = list(islice(lines, MOST_ROWS + 1))
    while header and not header[-1]:
        header.pop()
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise TooMuch(f"{path}: more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
    if not header or not rows:
        raise BadFile(f"{path}: no header, or no row below it")
    fitted = (_fitted(row, len(header), is_workbook=is_workbook) for row in rows)
    return Table(tuple(header), [[_printable(cell) for cell in row] for row in fitted])


def read_kept(path: Path) -> Table:
    """Return the table that `Table.lines` wrote."""
    with path.open(encoding="utf-8", newline="") as kept:
        header, *rows = csv.reader(kept, strict=True)
    return Table(tuple(header), rows)


def _printable(cell: str) -> str:
    """Return a cell without blanks around it, in letters that every page can show."""
    text = cell.strip()
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _fitted(row: list[str], width: int, *, is_workbook: bool) -> list[str]:
    """Return a row in the width of the header where only blanks are missing or too many.

    A workbook leaves out empty cells at the end of a row; a line of text that is too short lost something.
    """
    if len(row) > width and not any(map(str.strip, row[width:])):
        return row[:width]
    if len(row) < width and is_workbook:
        return [*row, *[""] * (width - len(row))]
    return row


def common(counts: Counter[str], most: int) -> Sequence[tuple[str, int]]:
    """Return the values that a column holds most often, empty cells left out."""
    return [(text, times) for text, times in counts.most_common(most + 1) if text][:most]
