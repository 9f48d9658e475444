"""When an answer tells of corruption, and where that can be reported."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tera.engine.instrument import Instrument
from tera.engine.schema import load

ANTI_CORRUPTION = "anti-corruption"


@dataclass(frozen=True, slots=True)
class Reporting:
    """A complaint system, and the words of a comment for which its link is shown."""

    name: str
    link: str
    words: tuple[str, ...]

    def concerns(self, comment: str) -> bool:
        """Say whether a comment has one of the words, whole, whatever its case."""
        return re.search(rf"\b({'|'.join(map(re.escape, self.words))})\b", comment, re.IGNORECASE) is not None


def parse(text: str) -> Reporting:
    """Return what this TOML text says; SchemaError says what is wrong in it."""
    return load(text, "reporting").closed(
        lambda table: Reporting(table.text("name"), table.text("link"), table.texts("words"))
    )


def tells_of_corruption(instruments: Iterable[tuple[Instrument, Sequence[int | None]]]) -> bool:
    """Say whether an answer to a question on corruption is any but the best one: that it is not there."""
    return any(
        score is not None and score < instrument.highest
        for instrument, scores in instruments
        if instrument.construct == ANTI_CORRUPTION
        for score in scores
    )
