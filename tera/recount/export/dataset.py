"""What is exported: answers with what they mean, where they are from, and tables of who gave them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tera.engine.index import MeasureIndex
from tera.engine.instrument import Instrument, Item

Told = Callable[[int], None]
"""Is told, now and then, how many rows are written."""
STEP = 2_000  # rows from one telling to the next


@dataclass(frozen=True, slots=True)
class Table:
    """How many people chose each code: code, its label, the number, None where it is not shown."""

    of: str
    title: str
    rows: Sequence[tuple[str, str, int | None]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Answers that may leave, and what belongs to them.

    A row of `rows` has one byte for each of `codes`, 0 for a blank. `indices` are those of these rows.
    `hidden` says of a code why its column is empty; `about` are names and values in the reader's language.
    """

    title: str
    instruments: Sequence[Instrument]
    codes: Sequence[str]
    rows: Sequence[bytes]
    indices: Sequence[MeasureIndex] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    about: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()

    @property
    def items(self) -> Mapping[str, Item]:
        """The item of each column, in the order of the columns."""
        known = {item.code: item for instrument in self.instruments for item in instrument.items}
        return {code: known[code] for code in self.codes}


def tells_nobody(_done: int) -> None:
    """Take no notice of how far it is."""
