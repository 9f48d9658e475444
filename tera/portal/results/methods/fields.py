"""The fields of a methods sheet, as `fields.toml` has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tera.engine.schema import SchemaError, Table, load, require_unique

FILE = Path(__file__).with_name("fields.toml")
PROGRAM, PEOPLE = "program", "people"
KNOWN, UNKNOWN = "known", "unknown"
MOST_CHARACTERS = 5_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it answers, what asks for it, and who fills it.

    `hint` tells people how to write it, `longest` how many characters they may; empty and 0 for the program.
    `is_known_elsewhere` says whether anything is known of it where answers were imported.
    """

    id: str
    part: str
    title: Mapping[str, str]
    answers: Mapping[str, str]
    hint: Mapping[str, str]
    sources: tuple[str, ...]
    is_written: bool
    longest: int
    is_known_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """All of the file, in its order: the documents by id, the parts by id, and the fields."""

    documents: Mapping[str, str]
    parts: Mapping[str, Mapping[str, str]]
    fields: tuple[Field, ...]

    @property
    def written(self) -> tuple[Field, ...]:
        """The fields that people fill."""
        return tuple(field for field in self.fields if field.is_written)


@cache
def fields() -> Fields:
    """Return what the file says; SchemaError where it contradicts itself."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> Fields:
    """Return the fields written in this TOML text; SchemaError says what is wrong in it."""
    return load(text, "methods").closed(_fields)


def _fields(table: Table) -> Fields:
    documents = dict(table.each("document", lambda row: (row.text("id"), row.text("title"))))
    parts = dict(table.each("part", lambda row: (row.text("id"), row.words("title"))))
    found = table.each("field", lambda row: _field(row, documents, parts))
    require_unique([field.id for field in found], f"{table.path}.field")
    return Fields(documents, parts, found)


def _field(table: Table, documents: Mapping[str, str], parts: Mapping[str, object]) -> Field:
    is_written = table.text("by", (PROGRAM, PEOPLE)) == PEOPLE
    sources = table.texts("sources")
    if unknown := [source for source in sources if source.partition(" ")[0] not in documents]:
        raise SchemaError(f"{table.path}.sources: {unknown[0]!r} is in none of {', '.join(documents)}")
    return Field(
        id=table.text("id"),
        part=table.text("part", list(parts)),
        title=table.words("title"),
        answers=table.words("answers"),
        hint=table.words("hint") if is_written else {},
        sources=sources,
        is_written=is_written,
        longest=table.whole("longest", 1, MOST_CHARACTERS) if is_written else 0,
        is_known_elsewhere="elsewhere" not in table or table.text("elsewhere", (KNOWN, UNKNOWN)) == KNOWN,
    )
