"""What stands in one field of a methods sheet: lines for people, and the same as data for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One line, and what it is called where that needs to be said."""

    name: str
    text: str

    @property
    def is_address(self) -> bool:
        """Say whether it names a page of this site."""
        return self.text.startswith("/")


@dataclass(frozen=True, slots=True)
class Value:
    """The lines of a field, and its data as JSON can hold them."""

    rows: tuple[Row, ...]
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing stands there."""
        return not any(row.text.strip() for row in self.rows)


def value(*rows: tuple[str, str] | str, **data: object) -> Value:
    """Return a value of these lines, with or without names; lines without text are left out."""
    named = (("", row) if isinstance(row, str) else row for row in rows)
    return Value(tuple(Row(str(name), str(text)) for name, text in named if text), data)
