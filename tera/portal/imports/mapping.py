"""What the columns of a file are, as the person who imports it said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ITEM, SERVICE, DAY, PROFILE = "item:", "service", "day", "profile:"
UNUSED, NOT_GIVEN = "", "-"
"""A column that is not used; a value that stands for no answer, such as `lainnya` among services."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """The use of each column, by its place; `values` translate what columns of services and profiles hold.

    `day_first` says how 03/04/2019 is read; None where no date of the file leaves it open.
    """

    uses: Sequence[str]
    day_first: bool | None = None
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of_values(cls, kept: Mapping[str, Any]) -> "Mapped":
        """Return what `dataclasses.asdict` made of it, after JSON."""
        values = {int(column): texts for column, texts in kept["values"].items()}
        return cls(tuple(kept["uses"]), kept["day_first"], values)

    def column_of(self, use: str) -> int | None:
        """Return the column that has this use, if one has."""
        return next((place for place, found in enumerate(self.uses) if found == use), None)
