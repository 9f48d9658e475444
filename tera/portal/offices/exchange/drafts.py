"""The rows of a file beside the units that they are about, each with the day from which it speaks."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tera.portal.offices.exchange.cells import RESERVED, SLUG, Entry, Row
from tera.portal.offices.exchange.columns import CODE, NAMES, Header
from tera.portal.offices.exchange.findings import Finding, shown
from tera.portal.offices.exchange.known import Known, Stand, Tree
from tera.portal.offices.exchange.reading import Table
from tera.portal.units.models import EVER


@dataclass(frozen=True, slots=True)
class Reach:
    """Which units somebody may reorganise, and whether they may begin one that has no office above it."""

    slugs: Collection[str]


@dataclass(slots=True)
class Draft:
    """One row. `stand` is what would hold on its day without it; `parent` a slug, None where it is unsaid."""

    entry: Entry
    day: date
    known: Known | None = None
    stand: Stand | None = None
    parent: str | None = None

    @property
    def slug(self) -> str:
        """The unit that it is about."""
        return self.entry.slug

    @property
    def moves(self) -> bool:
        """Say whether it says of the office above what would not be so without it."""
        return self.parent is not None and (self.stand is None or self.stand.parent != self.parent)


@dataclass(slots=True)
class Sheet:
    """A file and the tree, while they are compared."""

    header: Header
    tree: Tree
    today: date
    reach: Reach | None
    findings: list[Finding]
    drafts: dict[str, Draft] = field(default_factory=dict)

    def find(self, draft: Draft | Entry, key: str, value: str, why: str, **facts: object) -> None:
        """Note a fault in a row, at the column of a key or of a scheme of codes."""
        entry = draft.entry if isinstance(draft, Draft) else draft
        columns: Mapping[str, int] = self.header.fields
        if key.startswith(CODE):
            key, columns = key.removeprefix(CODE), self.header.schemes
        name = self.header.name_of(columns[key]) if key in columns else NAMES[key][0]
        self.findings.append(Finding(entry.row, name, shown(value), why, facts))

    def position(self, finding: Finding) -> tuple[int, int]:
        """Return where a finding stands among the others."""
        names = self.header.names
        return finding.row, names.index(finding.column) if finding.column in names else len(names)


def read_drafts(sheet: Sheet, table: Table) -> None:
    """Read every row into the sheet; what is wrong with cells, unit or day becomes a finding."""
    for entry in _entries(sheet, table):
        if earlier := sheet.drafts.get(entry.slug):
            sheet.find(entry, "slug", entry.slug, "unit-twice", row=earlier.entry.row)
        elif draft := _draft(sheet, entry):
            sheet.drafts[entry.slug] = draft


def _entries(sheet: Sheet, table: Table) -> Iterator[Entry]:
    for number, cells in table.rows:
        entry = Row(number, cells, sheet.header, sheet.findings).read()
        if entry.slug:
            yield entry


def _draft(sheet: Sheet, entry: Entry) -> Draft | None:
    known = sheet.tree.get(entry.slug)
    if known is None:
        if not SLUG.fullmatch(entry.slug):
            sheet.find(entry, "slug", entry.slug, "bad-slug")
        elif entry.slug in RESERVED:
            sheet.find(entry, "slug", entry.slug, "reserved-slug")
        return Draft(entry, entry.on or EVER)
    day = max(entry.on or sheet.today, sheet.today, known.begins)
    stand = known.on(day)
    if stand is None:
        sheet.find(entry, "slug", entry.slug, "ended", day=known.ends)
        return None
    return Draft(entry, day, known, stand)
