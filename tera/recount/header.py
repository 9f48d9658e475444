"""Finds the columns of answers in a header: by item code, or short name such as `u1`, in any order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tera.engine.instrument import Instrument, Item
from tera.recount.workbook import BadFile

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Column:
    """Where an item's answers stand; `wider` is a variant with the same columns and more options, if any."""

    item: Item
    position: int
    wider: Instrument | None

    @property
    def name(self) -> str:
        """The short name of the item where it has one, else its code."""
        return self.item.column or self.item.code

    @property
    def allowed(self) -> str:
        """What an error says is allowed."""
        scores = self.item.scores
        text = f"{scores[0]} to {scores[-1]}, or empty for no answer"
        if self.wider is None:
            return text
        more = f"{self.wider.id} has the same columns and {self.wider.highest} options"
        return f"{text} ({more}: choose it with --instrument)"


def columns_of(
    header: Sequence[str], found: Sequence[Instrument], variants: Sequence[Instrument]
) -> list[Column]:
    """Return the column of every item of these instruments."""
    return [
        Column(item, _position(header, item), _wider(item, entry, variants))
        for entry in found
        for item in entry.items
    ]


def _wider(item: Item, taken: Instrument, variants: Sequence[Instrument]) -> Instrument | None:
    fitting = (entry for entry in variants if entry.highest > taken.highest and item.code in entry.codes)
    return next(fitting, None)


def plain(cell: str) -> str:
    """Return a name as it can be printed anywhere, also where the file holds bytes that are no text."""
    return cell.strip().encode("utf-8", "backslashreplace").decode()


def name_of(cell: str) -> str:
    return cell.strip().lower()


def short(text: str) -> str:
    """Return a value as an error shows it: short, however long the file has it."""
    shown = repr(plain(text))
    return shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}…"


def names_of(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        yield item.code
        if item.column:
            yield item.column


def _position(header: Sequence[str], item: Item) -> int:
    names = {item.code.lower(), item.column.lower()} - {""}
    return next((position for position, name in enumerate(header) if name in names), -1)


def require_unique(path: Path, header: Sequence[str], names: set[str]) -> None:
    for name, times in Counter(header).items():
        if times > 1 and name in names:
            raise BadFile(f"{path}, row 1: the column {name!r} stands there {times} times; once is allowed")


def find(
    path: Path, header: Sequence[str], offered: Sequence[Instrument], wanted: Sequence[str]
) -> tuple[Instrument, ...]:
    """Return the instruments that the header holds whole, and refuse one that it holds in part."""
    found: list[Instrument] = []
    taken: set[str] = set()
    partial: list[tuple[Instrument, list[str]]] = []
    for instrument in offered:
        missing = [item for item in instrument.items if _position(header, item) < 0]
        both = [item for item in instrument.items if {item.code.lower(), item.column.lower()} <= set(header)]
        if both:
            raise BadFile(f"{path}, row 1: {both[0].column} and {both[0].code} are the same item; give one")
        if not missing and taken.isdisjoint(instrument.codes):
            found.append(instrument)
            taken.update(instrument.codes)
        elif missing and (len(missing) < len(instrument.items) or instrument.id in wanted):
            partial.append((instrument, [item.column or item.code for item in missing]))
    for instrument, names in partial:
        if taken.isdisjoint(instrument.codes):
            columns = ", ".join(names)
            raise BadFile(
                f"{path}, row 1: {instrument.id} misses the columns {columns}; found {_list(header)}"
            )
    if not found:
        raise BadFile(
            f"{path}, row 1: no column of answers found in {_list(header)}; row 1 must hold the column names;"
            f" {_expected(offered)}"
        )
    return tuple(found)


def _list(header: Sequence[str]) -> str:
    shown = ", ".join(short(name) for name in header[:12]) or "an empty row"
    return shown if len(header) <= 12 else f"{shown} and {len(header) - 12} more"


def _expected(offered: Sequence[Instrument]) -> str:
    sets = {instrument.codes: instrument for instrument in reversed(offered)}
    lines = []
    for instrument in reversed(sets.values()):
        first, last = instrument.items[0], instrument.items[-1]
        short = f"{first.column} to {last.column} or " if first.column else ""
        lines.append(f"{instrument.id}: {short}{first.code} to {last.code}")
    return "expected the columns of an instrument (" + "; ".join(lines) + ")"
