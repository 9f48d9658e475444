"""Writes units as the table that the import reads, as CSV or XLSX."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import date

import xlsxwriter

from tera.portal.offices.exchange import known
from tera.portal.offices.exchange.columns import CODE, NAMES
from tera.portal.offices.exchange.known import Known, Stand, Tree
from tera.portal.offices.exchange.pairs import write_pairs
from tera.portal.units.models import EVER, Zone

SHEET = "Unit"


def rows(tree: Tree, slugs: Collection[str], day: date) -> Iterator[list[str]]:
    """Yield the header and a row for each of these units as of a day, offices before what lies below them."""
    schemes = sorted(
        {code.key for slug in slugs for code in tree[slug].codes if code.since <= day < code.until}
    )
    yield [*(names[0] for names in NAMES.values()), *(f"{CODE}{scheme}" for scheme in schemes)]
    standing = {slug: stand for slug in slugs if (stand := tree[slug].on(day))}
    for slug in sorted(standing, key=lambda slug: _line(tree, slug, day)):
        yield _row(tree, tree[slug], standing[slug], schemes, day)


def _row(tree: Tree, unit: Known, stand: Stand, schemes: Sequence[str], day: date) -> list[str]:
    codes, since = known.on(unit.codes, day), in_place_since(tree, unit.slug, day)
    values = {
        **stand.state,
        "slug": unit.slug,
        "zone": Zone(stand.state["zone"]).label,
        "parent": stand.parent,
        "on": "" if since == EVER else since.isoformat(),
        "services": write_pairs("services", known.on(unit.services, day)),
        "places": write_pairs("places", known.on(unit.places, day)),
    }
    return [*(values[key] for key in NAMES), *(codes.get(scheme, "") for scheme in schemes)]


def in_place_since(tree: Tree, slug: str, day: date) -> date:
    """Return since when the whole line above a unit is as it is on a day.

    So an office is never written with a later day than what lies below it, and a fresh installation can begin
    every unit on the day of its row.
    """
    since = EVER
    while slug:
        unit, stand = tree[slug], tree[slug].on(day)
        if stand is None:
            break
        same = stand.since
        for earlier in reversed([each for each in unit.stands if each.until <= stand.since]):
            if earlier.parent != stand.parent or earlier.until != same:
                break
            same = earlier.since
        since, slug = max(since, same), stand.parent
    return since


def as_csv(table: Iterator[list[str]]) -> bytes:
    """Return a CSV in UTF-8 with the mark by which spreadsheets know it."""
    written = io.StringIO()
    csv.writer(written).writerows(table)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(table: Iterator[list[str]]) -> bytes:
    """Return an XLSX of one sheet in which everything is text, so that no code loses its zeros."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(SHEET), book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 30, 18)
        for at, line in enumerate(table):
            for place, text in enumerate(line):
                sheet.write_string(at, place, text, *([] if at else [bold]))
    return written.getvalue()


def _line(tree: Tree, slug: str, day: date) -> list[str]:
    """Return a unit's place in the tree: the slugs from the highest office down."""
    line = [slug]
    while (stand := tree[line[0]].on(day)) and stand.parent and stand.parent not in line:
        line.insert(0, stand.parent)
    return line
