"""What is said when people who were served are called back: word for word, as data, parsed strictly."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from tera.engine.schema import Table, load, require_unique


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said; `then` tells the caller what to do with the answer, and is not read aloud."""

    code: str
    says: Mapping[str, str]
    then: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallScript:
    """A script in one version, pinned by `sha256`, that of the file's text."""

    id: str
    title: Mapping[str, str]
    checked: str
    lines: tuple[Line, ...]
    sha256: str


def parse(text: str) -> CallScript:
    """Return the script written in this TOML text; SchemaError says what is wrong in it."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    script = load(text, "script").closed(lambda table: _script(table, sha256))
    require_unique([line.code for line in script.lines], f"{script.id}.line")
    return script


def _script(table: Table, sha256: str) -> CallScript:
    return CallScript(
        id=table.text("id"),
        title=table.words("title"),
        checked=table.text("checked"),
        lines=table.each("line", _line),
        sha256=sha256,
    )


def _line(table: Table) -> Line:
    return Line(table.text("code"), table.words("says"), table.optional_words("then"))
