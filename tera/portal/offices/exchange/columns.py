"""The columns of a file of units: their names, and how a header is read that spells them in another way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tera.portal.offices.exchange.findings import Finding, shown

# The first name is the one that is written; the others are understood too.
NAMES: Mapping[str, tuple[str, ...]] = {
    "slug": ("kode", "slug", "kode unit", "code"),
    "name": ("nama", "nama unit", "nama lengkap", "name"),
    "short_name": ("nama singkat", "singkatan", "nama pendek", "short name"),
    "kind": ("jenis", "jenis unit", "tipe", "type", "kind"),
    "grade": ("kelas", "class", "grade"),
    "zone": ("zona", "zona waktu", "time zone", "zone"),
    "parent": ("induk", "unit induk", "atasan", "parent"),
    "on": ("mulai", "mulai tanggal", "berlaku mulai", "tanggal mulai", "from"),
    "services": ("layanan", "jenis layanan", "services"),
    "places": ("tempat", "tempat layanan", "lokasi", "places"),
}
NEEDED = ("slug", "name", "short_name", "kind", "zone", "parent")
FIELDS = {name: key for key, names in NAMES.items() for name in names}
CODE = "kode:"
SCHEME = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. `schemes` are those of codes, `ignored` the names that nobody asked for."""

    names: tuple[str, ...]
    fields: Mapping[str, int]
    schemes: Mapping[str, int]
    ignored: tuple[str, ...]

    def name_of(self, position: int) -> str:
        """Return what a column is called in the file, or where it stands."""
        name = self.names[position] if position < len(self.names) else ""
        return name or f"({position + 1})"


def plain_name(cell: str) -> str:
    """Return a column name without what people write in different ways: case, spaces, lines, hyphens."""
    words = " ".join(re.sub(r"[\s_\-]+", " ", cell.casefold()).split())
    if ":" in words:
        return re.sub(r"\s*:\s*", ":", cell.casefold().strip())
    return words.strip(" *.")


def is_known(cell: str) -> bool:
    """Say whether a cell names a column of units."""
    name = plain_name(cell)
    return name in FIELDS or name.startswith(CODE)


def read_header(cells: Sequence[str]) -> tuple[Header, list[Finding]]:
    """Return where the columns stand, and what is wrong with the header."""
    names = tuple(shown(cell.strip()) for cell in cells)
    fields: dict[str, int] = {}
    schemes: dict[str, int] = {}
    ignored, findings = [], []
    for position, cell in enumerate(cells):
        name = plain_name(cell)
        scheme = name.removeprefix(CODE)
        if name.startswith(CODE) and not SCHEME.fullmatch(scheme):
            findings.append(Finding(1, names[position], names[position], "bad-scheme"))
        elif scheme in schemes if name.startswith(CODE) else FIELDS.get(name) in fields:
            findings.append(Finding(1, names[position], names[position], "column-twice"))
        elif name.startswith(CODE):
            schemes[scheme] = position
        elif name in FIELDS:
            fields[FIELDS[name]] = position
        elif name:
            ignored.append(names[position])
    missing = [NAMES[key][0] for key in NEEDED if key not in fields]
    findings += [Finding(1, name, "", "column-missing") for name in missing]
    return Header(names, fields, schemes, tuple(ignored)), findings
