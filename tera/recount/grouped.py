"""Reads a file of answers unit by unit, by a column that names the unit of each row.

The file is read twice: once to refuse whatever `tera.recount.answers` refuses, once to tell the units apart.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tera.engine.instrument import Instrument
from tera.recount.answers import Answers, Patterns, read
from tera.recount.header import columns_of, name_of, names_of, plain, short
from tera.recount.table import BadFile, Rows, opened


def read_grouped(
    path: Path, unit_column: str, instruments: Sequence[Instrument], wanted: Sequence[str] = ()
) -> tuple[Answers, dict[str, Patterns]]:
    """Return the tallies of the whole file, and how many gave which pattern by unit and instrument id.

    Args:
        path: CSV or XLSX with a header; no pipe.
        unit_column: the name of the column that names the unit.
        instruments: as in `read`.
        wanted: as in `read`.

    Raises:
        BadFile: as in `read`; the column is not there or holds answers; a row names no unit.
    """
    if path.exists() != path.is_file() or str(path) == "-":
        raise BadFile(f"{path}: what has units is read twice; save it as a file first")
    found = read(path, instruments, wanted)
    offered = [instrument for instrument in instruments if not wanted or instrument.id in wanted]
    names = {name.lower() for instrument in offered for name in names_of(instrument)}
    with opened(path, lambda cells: sum(name_of(cell) in names for cell in cells)) as rows:
        header = [name_of(plain(cell)) for cell in next(rows)]
        at = _position(path, header, name_of(unit_column), names)
        patterns = _patterns(path, rows, header, at, found)
    ignored = tuple(name for name in found.ignored if name_of(name) != header[at])
    return replace(found, ignored=ignored), patterns


def _position(path: Path, header: Sequence[str], name: str, names: set[str]) -> int:
    if name in names:
        raise BadFile(f"{path}, row 1: {short(name)} is a column of answers; name the one with the units")
    if header.count(name) != 1:
        others = ", ".join(short(each) for each in header if each and each not in names) or "no others"
        raise BadFile(
            f"{path}, row 1: the column {short(name)} stands there {header.count(name)} times, not once; "
            f"beside the answers there are {others}"
        )
    return header.index(name)


def _patterns(path: Path, rows: Rows, header: Sequence[str], at: int, found: Answers) -> dict[str, Patterns]:
    places = {
        instrument.id: [column.position for column in columns_of(header, [instrument], [])]
        for instrument in found.instruments
    }
    units: dict[str, Patterns] = defaultdict(lambda: defaultdict(Counter))
    for number, row in enumerate(rows, 2):
        if not any(map(str.strip, row)):
            break  # empty lines stand at the end only
        unit = plain(row[at])
        if not unit:
            raise BadFile(f"{path}, row {number}, column {header[at]}: names no unit; every row needs one")
        for name, positions in places.items():
            pattern = bytes(_score(row[position]) for position in positions)
            if any(pattern):
                units[unit][name][pattern] += 1
    return units


def _score(text: str) -> int:
    """Return the score of a cell that has been checked; 3, 3.0 and 3,0 are the same, 0 is a blank."""
    return int(text.strip().partition(".")[0].partition(",")[0] or 0)
