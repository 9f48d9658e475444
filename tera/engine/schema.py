"""A strict reader for the data files of the law: every key is known, typed and used, or it is an error."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")
MOST_DIGITS = 12
MOST_SHOWN = 40


def _cut(value: object) -> str:
    """Return a value as an error shows it: short, however long the file has it."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


class SchemaError(ValueError):
    """A data file breaks its schema; the message names the place and what is allowed there."""


class Table:
    """One table of a data file, read key by key; `done` refuses what nobody asked for."""

    def __init__(self, values: object, path: str) -> None:
        """Take a parsed table and the path that errors will name."""
        if not isinstance(values, Mapping):
            raise SchemaError(f"{path}: expected a table, found {_cut(values)}")
        self.path = path
        self._values = dict(values)
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        """Say whether the file gives this key; asking makes it a known key."""
        self._known.append(key)
        return key in self._values

    def _take(self, key: str) -> object:
        self._known.append(key)
        if key not in self._values:
            raise SchemaError(f"{self.path}: the key {key!r} is missing")
        return self._values.pop(key)

    def text(self, key: str, allowed: Collection[str] = ()) -> str:
        """Return a text that is not empty and, where a list is given, is one of it."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise SchemaError(f"{self.path}.{key}: expected a text, found {_cut(value)}")
        if allowed and value not in allowed:
            raise SchemaError(
                f"{self.path}.{key}: {_cut(value)} is not allowed; use one of {', '.join(allowed)}"
            )
        return value

    def optional_text(self, key: str) -> str:
        """Return a text, or an empty one where the key is absent."""
        return self.text(key) if key in self else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, at least one."""
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, str) for entry in value):
            raise SchemaError(f"{self.path}.{key}: expected a list of texts, found {_cut(value)}")
        return tuple(value)

    def wholes(self, key: str, lowest: int, highest: int) -> tuple[int, ...]:
        """Return a list of whole numbers within bounds, at least one."""
        value = self._take(key)
        if not isinstance(value, list) or not value:
            raise SchemaError(f"{self.path}.{key}: expected a list of whole numbers, found {_cut(value)}")
        return tuple(_whole(entry, f"{self.path}.{key}", lowest, highest) for entry in value)

    def whole(self, key: str, lowest: int, highest: int) -> int:
        """Return a whole number within bounds."""
        return _whole(self._take(key), f"{self.path}.{key}", lowest, highest)

    def number(self, key: str) -> Fraction:
        """Return an exact number; a decimal in the file stays what was written there."""
        value = self._take(key)
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if (
            not is_number
            or not Decimal(str(value)).is_finite()
            or Decimal(str(value)).adjusted() > MOST_DIGITS
        ):
            raise SchemaError(f"{self.path}.{key}: expected a number, found {_cut(value)}")
        return Fraction(str(value))

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        if key not in self:
            return default
        value = self._take(key)
        if not isinstance(value, bool):
            raise SchemaError(f"{self.path}.{key}: expected true or false, found {_cut(value)}")
        return value

    def table(self, key: str) -> "Table":
        """Return the table below this key."""
        return Table(self._take(key), f"{self.path}.{key}")

    def words(self, key: str) -> Mapping[str, str]:
        """Return one text per language; Indonesian is always there."""
        return self.table(key).closed(Table._words)

    def optional_words(self, key: str) -> Mapping[str, str]:
        """Return one text per language, or none where the key is absent."""
        return self.words(key) if key in self else {}

    def _words(self) -> Mapping[str, str]:
        words = self._texts()
        if "id" not in words:
            raise SchemaError(f"{self.path}: the Indonesian text ('id') is missing")
        return words

    def each(self, key: str, read: Callable[["Table"], T]) -> tuple[T, ...]:
        """Return what `read` makes of each table in the list below this key; no list, no tables."""
        if key not in self:
            return ()
        entries = self._take(key)
        if not isinstance(entries, list):
            raise SchemaError(f"{self.path}.{key}: expected a list of tables, found {_cut(entries)}")
        rows = [Table(entry, f"{self.path}.{key}[{number}]") for number, entry in enumerate(entries, 1)]
        return tuple(row.closed(read) for row in rows)

    def by_name(self, key: str, read: Callable[["Table"], T]) -> Mapping[str, T]:
        """Return what `read` makes of each table below this key, by its name; no key, no tables."""
        return self.table(key).all_by_name(read) if key in self else {}

    def all_by_name(self, read: Callable[["Table"], T]) -> Mapping[str, T]:
        """Return what `read` makes of each table in this one, by its name."""
        return {name: self.table(name).closed(read) for name in tuple(self._values)}

    def all_wholes(self, lowest: int, highest: int) -> Mapping[str, int]:
        """Return the whole numbers of this table, within bounds, by their names."""
        return {name: self.whole(name, lowest, highest) for name in tuple(self._values)}

    def texts_by_name(self, key: str) -> Mapping[str, str]:
        """Return the texts below this key by their names; no key, no texts."""
        return self.table(key).closed(Table._texts) if key in self else {}

    def _texts(self) -> Mapping[str, str]:
        return {name: self.text(name) for name in tuple(self._values)}

    def closed(self, read: Callable[["Table"], T]) -> T:
        """Return what `read` makes of this table, and refuse keys that it did not read."""
        result = read(self)
        self.done()
        return result

    def done(self) -> None:
        """Refuse keys that nobody read: an unknown key is a mistake, never a comment."""
        if self._values:
            unknown = ", ".join(sorted(map(repr, self._values)))
            known = ", ".join(sorted(set(self._known)))
            raise SchemaError(f"{self.path}: unknown key {unknown}; allowed here: {known}")


def _whole(value: object, path: str, lowest: int, highest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise SchemaError(f"{path}: expected a whole number, found {_cut(value)}")
    if not lowest <= value <= highest:
        raise SchemaError(f"{path}: {value} is not {lowest} to {highest}")
    return value


def load(text: str, name: str) -> Table:
    """Return the table of a whole TOML file; its `id`, or else `name`, is what errors call it."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{name}: not a TOML file: {error}") from error
    return Table(values, str(values.get("id", name)))


def require_unique(codes: Collection[str], path: str) -> None:
    """Refuse a list in which a code stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise SchemaError(f"{path}: {code!r} stands there twice")
        seen.add(code)
