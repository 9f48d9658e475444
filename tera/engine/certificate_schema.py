"""A certificate read strictly: what it records, and nothing that cannot be true of it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tera.engine.certificate import FORMAT, Certified, File, Unverified, Verified
from tera.engine.instrument import Instrument
from tera.engine.schema import SchemaError, Table
from tera.engine.statement import MOST_COUNT, VERIFYING
from tera.engine.tally import Tally

FOLLOWS = {"measures", "verdicts", "withheld"}
"""What follows from the rest, so that it is computed and never read."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SCORE = re.compile(r"[1-9][0-9]?")


class BadCertificate(ValueError):
    """This is no certificate, or one that cannot be computed again; the message says why."""


def decode(content: bytes) -> Certified:
    """Return what a certificate records; BadCertificate says where it fails."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadCertificate("a certificate is JSON") from error
    try:
        return Table(_recorded(document), "certificate").closed(_certified)
    except SchemaError as error:
        raise BadCertificate(str(error)) from error


def require_possible(certified: Certified, asked: Iterable[Instrument]) -> None:
    """Refuse tallies of what was not asked, or of more people than there are."""
    known = {entry.id: entry for entry in asked}
    people = certified.count
    for tallies in (certified.tallies, certified.tallies_with):
        for name, tally in tallies.items():
            if name not in known:
                raise BadCertificate(f"{name} is not among the instruments")
            if tally.respondents > people:
                raise BadCertificate(f"{name}: {tally.respondents} respondents of {people} responses")
            _require_rows(tally, known[name])
        people += certified.excluded


def _require_rows(tally: Tally, instrument: Instrument) -> None:
    scores = {item.code: item.scores for item in instrument.items}
    for code, row in tally.counts.items():
        if not row.keys() <= {*scores.get(code, ())}:
            raise BadCertificate(f"{instrument.id} has no such item or score: {code} {sorted(row)}")
        if (answers := sum(row.values())) > tally.respondents:
            raise BadCertificate(f"{code}: {answers} answers of {tally.respondents} respondents")


def _recorded(document: object) -> object:
    """Return a document without what follows from it and what is null."""
    if not isinstance(document, Mapping):
        return document
    return {
        key: _recorded(value) if key == "with_excluded" else value
        for key, value in document.items()
        if key not in FOLLOWS and value is not None
    }


def _certified(table: Table) -> Certified:
    table.text("format", (FORMAT,))
    count, excluded, controls = table.table("counts").closed(_counts)
    rulebooks = table.each("rulebooks", _file)
    if len(rulebooks) != 2:
        raise SchemaError(f"{table.path}.rulebooks: that of the survey and that of the zone are expected")
    return Certified(
        campaign=table.text("campaign"),
        unit=table.text("unit"),
        period=table.text("period"),
        starts_on=_day(table, "starts_on"),
        ends_on=_day(table, "ends_on"),
        by_unit=table.text("by_unit"),
        certified_on=_day(table, "certified_on"),
        version=table.text("version"),
        verified=_verified(table),
        instruments=table.each("instruments", _file),
        rulebooks=(rulebooks[0], rulebooks[1]),
        count=count,
        excluded=excluded,
        controls=controls,
        tallies=table.by_name("tallies", _tally),
        tallies_with=table.table("with_excluded").closed(_tallies) if "with_excluded" in table else {},
        corrects=table.optional_text("corrects"),
    )


def _counts(table: Table) -> Iterator[int]:
    """Return how many count, are excluded and are controls; how many were sealed is their sum."""
    _, *found = [table.whole(name, 0, MOST_COUNT) for name in ("sealed", "count", "excluded", "controls")]
    return iter(found)


def _verified(table: Table) -> Verified | Unverified:
    if "verified" in table:
        return table.table("verified").closed(
            lambda found: Verified(found.text("minutes"), found.text("decision", VERIFYING))
        )
    return Unverified(table.text("unverified", tuple(Unverified)))


def _day(table: Table, key: str) -> date:
    try:
        return date.fromisoformat(_matched(_DAY, table, key))
    except ValueError as error:
        raise SchemaError(f"{table.path}.{key}: expected a day such as 2026-11-22") from error


def _file(table: Table) -> File:
    return File(table.text("id"), _matched(_HASH, table, "sha256"))


def _matched(pattern: re.Pattern[str], table: Table, key: str) -> str:
    if not pattern.fullmatch(value := table.text(key)):
        raise SchemaError(f"{table.path}.{key}: it is not written like {pattern.pattern}")
    return value


def _tallies(table: Table) -> Mapping[str, Tally]:
    return table.by_name("tallies", _tally)


def _tally(table: Table) -> Tally:
    return Tally(table.whole("respondents", 0, MOST_COUNT), 0, table.by_name("counts", _row))


def _row(table: Table) -> dict[int, int]:
    row = table.all_wholes(1, MOST_COUNT)
    if wrong := [score for score in row if not _SCORE.fullmatch(score)]:
        raise SchemaError(f"{table.path}: {wrong[0][:40]!r} is no score")
    return {int(score): times for score, times in row.items()}
