"""Statements: what the ledger says, in canonical JSON (sorted keys, no spaces, ASCII), one schema a kind.

Statements are public. They name campaigns, units, counts, hashes and days; never a person, never a time of
day, never an answer of fewer than k. Unknown keys are errors, so that nothing slips in.

Every statement has a `kind` and an `id` that no other statement has: whoever writes the same one again adds
nothing.
"""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tera.engine.schema import SchemaError, Table

MOST_BYTES = 0xFFFF  # an entry of a log is no longer
MOST_COUNT = 10**12
MOST_LEVEL = 2
MOST_SCORE = 255
VERIFYING = ("VERIFIED", "VERIFIED_WITH_NOTES")
RETURNED = "RETURNED"
DECISIONS = (*VERIFYING, RETURNED, "REJECTED")
METHODS = ("LOGIN", "SECOND_FACTOR", "CERTIFIED")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_HASH = re.compile(r"[0-9a-f]{64}")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")


class BadStatement(ValueError):
    """This is no statement; the message says where it fails."""


def encode(statement: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of a statement.

    Raises:
        BadStatement: a key is missing, unknown or wrong, or the whole is too long for the log.
    """
    require_valid(statement)
    content = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    if len(content) > MOST_BYTES:
        raise BadStatement(f"a statement has at most {MOST_BYTES} bytes, not {len(content)}")
    return content


def decode(content: bytes) -> Mapping[str, Any]:
    """Return the statement that has these canonical bytes; BadStatement where there is none."""
    try:
        statement = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadStatement("a statement is JSON") from error
    if not isinstance(statement, dict) or encode(statement) != content:
        raise BadStatement("a statement is an object in canonical form")
    return MappingProxyType(statement)


def require_valid(statement: Mapping[str, object]) -> None:
    """Check a statement against the schema of its kind; BadStatement says what is wrong."""
    table = Table(statement, str(statement.get("id", "statement"))[:80])
    try:
        kind = table.text("kind", tuple(SCHEMAS))
        table.text("id")
        SCHEMAS[kind](table)
        table.done()
    except SchemaError as error:
        raise BadStatement(str(error)) from error


def _count(table: Table, *keys: str) -> None:
    for key in keys:
        table.whole(key, 0, MOST_COUNT)


def _match(pattern: re.Pattern[str], what: str) -> Callable[..., None]:
    def check(table: Table, *keys: str) -> None:
        for key in keys:
            if not pattern.fullmatch(value := table.text(key)):
                raise SchemaError(f"{table.path}.{key}: expected {what}, found {value[:40]!r}")

    return check


_day = _match(_DAY, "a day such as 2026-11-22")
_hash = _match(_HASH, "64 hexadecimal digits")
_fraction = _match(_FRACTION, "an exact number such as 1387/441")


def _some(table: Table, key: str, read: Callable[[Table], None]) -> None:
    if not table.each(key, read):
        raise SchemaError(f"{table.path}.{key}: at least one is expected")


def _named(table: Table) -> None:
    table.text("id")
    _hash(table, "sha256")


def _opened(table: Table) -> None:
    for key in ("campaign", "unit", "period", "zone"):
        table.text(key)
    _day(table, "starts_on", "ends_on")
    _count(table, "grace_seconds", "population", "target")
    table.text("weighting", ("none",))
    _some(table, "instruments", _named)
    _some(table, "rulebooks", _named)
    if "notice" in table:  # no campaign had one before November 2026
        _named(table.table("notice"))
        _levels(table)
    _some(table, "measures", _measured)


def _levels(table: Table) -> None:
    levels = table.wholes("levels", 0, MOST_LEVEL)
    if list(levels) != sorted(set(levels)):
        raise SchemaError(f"{table.path}.levels: each once, the lowest first")


def _measured(table: Table) -> None:
    """Read how an index will be computed."""
    table.text("measure")
    if (weight := table.text("weight")) != "equal" and not _FRACTION.fullmatch(weight):
        raise SchemaError(f"{table.path}.weight: expected 'equal' or an exact number, found {weight[:40]!r}")
    _fraction(table, "scale", "offset")
    _some(table, "elements", _element)


def _element(table: Table) -> None:
    table.text("element")
    table.texts("items")


def _extended(table: Table) -> None:
    table.text("campaign")
    _day(table, "ends_on", "until")
    table.text("by_unit")
    table.text("reason")


def _tickets_issued(table: Table) -> None:
    table.text("unit")
    table.optional_text("service")
    _count(table, "count")
    _hash(table, "root")
    _day(table, "expires_on")


def _sealed(table: Table) -> None:
    table.text("campaign")
    _count(table, "block", "count")
    _hash(table, "root", "tally")


def _closed(table: Table) -> None:
    table.text("campaign")
    _count(table, "blocks", "count")


def _item(table: Table) -> None:
    table.text("item")
    _some(table, "counts", _score)


def _score(table: Table) -> None:
    table.whole("score", 1, MOST_SCORE)
    _count(table, "count")


def _imported(table: Table) -> None:
    _sealed(table)
    table.text("source")


def _excluded(table: Table) -> None:
    table.text("campaign")
    _count(table, "count")
    _some(table, "reasons", _reason)
    table.text("proposed_by")
    table.text("confirmed_by")


def _reason(table: Table) -> None:
    table.text("reason", ("DUPLICATE_TICKET", "STAFF", "NOT_A_USER", "TEST", "COERCED", "OTHER"))
    _count(table, "count")


def _controls_revealed(table: Table) -> None:
    table.text("campaign")
    _count(table, "count")
    _hash(table, "root")


def _certified(table: Table) -> None:
    table.text("campaign")
    _count(table, "count", "excluded", "controls")
    table.text("by_unit")
    if "certificate" in table:  # no result had one before December 2026
        _hash(table, "certificate")
    if "tally" in table:  # where fewer than k answered each item, there is nothing in it
        if "measures" not in table:
            raise SchemaError(f"{table.path}: a tally comes with its measures")
        table.each("tally", _item)
        table.each("measures", _measure)
        if "all" in table:
            table.each("all", _item)


def _measure(table: Table) -> None:
    table.text("measure")
    _fraction(table, "points")


def _minutes(table: Table) -> None:
    table.text("by_unit")
    _day(table, "day")
    _hash(table, "sha256")
    _some(table, "decisions", _decision)


def _decision(table: Table) -> None:
    table.text("campaign")
    if table.text("decision", DECISIONS) == RETURNED:  # until when something has to be mended
        _day(table, "due_on")


def _signed(table: Table) -> None:
    table.text("minutes")
    _hash(table, "sha256")
    table.text("by_unit")
    table.text("method", METHODS)
    _hash(table, "signature")


def _proposed(table: Table) -> None:
    for key in ("unit", "period", "rulebook", "by_unit"):
        table.text(key)
    table.text("target", ("wbk", "wbbm"))
    table.texts("results")  # the certified statements that it rests upon


def _corrected(table: Table) -> None:
    table.text("statement")
    table.text("reason")
    table.text("by_unit")


def _erased(table: Table) -> None:
    table.text("campaign")
    _count(table, "block", "count")


def _key_rotated(table: Table) -> None:
    table.text("purpose", ("receipts", "checkpoints"))
    table.text("old")
    table.text("new")


SCHEMAS: Mapping[str, Callable[[Table], None]] = MappingProxyType(
    {
        "opened": _opened,
        "extended": _extended,
        "tickets_issued": _tickets_issued,
        "sealed": _sealed,
        "closed": _closed,
        "imported": _imported,
        "excluded": _excluded,
        "controls_revealed": _controls_revealed,
        "minutes": _minutes,
        "signed": _signed,
        "certified": _certified,
        "proposed": _proposed,
        "corrected": _corrected,
        "erased": _erased,
        "key_rotated": _key_rotated,
    }
)
