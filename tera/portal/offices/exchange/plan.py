"""What a file of units would do: units that begin, units that change, and what is wrong with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tera.portal.offices.exchange.findings import Finding


@dataclass(frozen=True, slots=True)
class Beginning:
    """A unit that is not there yet; `depth` counts the new offices above it, `parent` is a slug or empty."""

    row: int
    slug: str
    on: date
    depth: int
    state: Mapping[str, str]
    parent: str
    codes: Mapping[str, str]
    services: Mapping[str, str]
    places: Mapping[str, str]


class Difference(NamedTuple):
    """A value that changes; `field` is a column's key, or `kode:` with its scheme."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """A unit of which something else is to be true: only what differs is named, None is what stays.

    `depth` counts the offices that will be above it: those above change first.
    """

    row: int
    slug: str
    on: date
    depth: int
    differences: tuple[Difference, ...]
    state: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] | None = None
    places: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. Where there is a finding, nothing is to be done."""

    beginnings: tuple[Beginning, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    findings: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return what tells this plan from another: the same file on a changed tree plans something else."""
        return hashlib.sha256(repr((self.beginnings, self.changes, self.findings)).encode()).hexdigest()

    @property
    def touched(self) -> set[str]:
        """The units of the tree that change, or come to have another unit below them."""
        above = {each.parent for each in self.beginnings} | {
            each.parent for each in self.changes if each.parent
        }
        return ({each.slug for each in self.changes} | above) - {"", *(each.slug for each in self.beginnings)}

    @property
    def is_idle(self) -> bool:
        """Say whether nothing would change."""
        return not self.beginnings and not self.changes

    @property
    def is_carried(self) -> bool:
        """Say whether the file is worth bringing again: it can be read, and there is something in it."""
        return bool(all(each.row for each in self.findings) if self.findings else not self.is_idle)
