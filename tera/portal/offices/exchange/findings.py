"""What is wrong with a file of units: where, and as a code for which the page has words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. Row 1 is the header; row 0 is the file as a whole. `facts` fill the words for `why`."""

    row: int
    column: str
    value: str
    why: str
    facts: Mapping[str, object] = field(default_factory=dict)


def shown(text: str) -> str:
    """Return what a cell holds so that it can be shown anywhere, however long or broken it is."""
    plain = "".join(
        letter if letter.isprintable() else "�" for letter in text.encode("utf-8", "replace").decode()
    )
    return plain if len(plain) <= MOST_SHOWN else f"{plain[:MOST_SHOWN]}…"
