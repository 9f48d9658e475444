"""What is screened: the sums over the complete forms of one unit to one questionnaire, never its rows.

A file of answers and the sealed blocks of a campaign give the same sums, so that one program screens both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from tera.engine.breakdown import Rows, Spread
from tera.engine.instrument import Instrument
from tera.engine.tally import EMPTY, Tally

FEWEST_FORMS = 30
"""Fewer complete forms are not screened: how many honest units are named was measured from 30 on."""
MOST_FORMS = 4_000
"""More complete forms are not screened at once: the honest units to compare with would take minutes."""
FEWEST_ITEMS = 4
"""Fewer items are not screened: first and last ones would be the same."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sums of one unit.

    Attributes:
        name: the unit, as whoever screens calls it.
        instrument: what was asked.
        tally: how often each item got each answer.
        spread: how the respondents spread; its `alike` counts pairs within a block only.
        sizes: complete forms in each block.
    """

    name: str
    instrument: Instrument
    tally: Tally
    spread: Spread
    sizes: tuple[int, ...]

    @classmethod
    def of_rows(cls, name: str, instrument: Instrument, rows: Rows) -> "Sample":
        """Return the sums of those rows that are complete; a row is a byte an item, 0 for a blank."""
        width = len(instrument.codes)
        complete = [row for row in rows if 0 not in row]
        joined = b"".join(complete)
        columns = [joined[place::width] for place in range(width)]
        tally = Tally.of_columns(instrument.codes, columns) if complete else EMPTY
        spread = Spread.of(instrument, complete) if complete else Spread()
        return cls(name, instrument, tally, spread, (len(complete),))

    @classmethod
    def of_blocks(cls, name: str, instrument: Instrument, blocks: Sequence[tuple[Tally, Spread]]) -> "Sample":
        """Return the sums of blocks, each a tally and a spread."""
        tally = reduce(add, (tally for tally, _ in blocks), EMPTY)
        spread = reduce(add, (spread for _, spread in blocks), Spread())
        return cls(name, instrument, tally, spread, tuple(tally.complete for tally, _ in blocks))

    @property
    def n(self) -> int:
        """The number of complete forms."""
        return sum(self.sizes)

    @property
    def refusal(self) -> str:
        """Why this cannot be screened: a key of `wording.REFUSALS`, or nothing."""
        if len(self.instrument.codes) < FEWEST_ITEMS:
            return "items"
        if self.n < FEWEST_FORMS:
            return "few"
        if self.n > MOST_FORMS:
            return "many"
        if self.tally.respondents != self.n:
            return "blanks"  # the sums of some forms and the tally of all do not go together
        return ""
