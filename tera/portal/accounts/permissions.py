"""The roles and what each may do, as `permissions.toml` says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tera.engine.schema import SchemaError, Table, load

FILE = Path(__file__).with_name("permissions.toml")
HELD, ABOVE = "held", "above"


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is: `decides` asks for a second factor, `runs` bars from what is decided from above."""

    id: str
    title: Mapping[str, str]
    decides: bool
    runs: bool
    grants: tuple[str, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done, by whom, and how far that reaches from the unit for which the role is held."""

    id: str
    says: Mapping[str, str]
    roles: tuple[str, ...]
    reach: str
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All of the file, by id and in its order."""

    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]

    @property
    def deciding(self) -> frozenset[str]:
        """The roles that need a second factor."""
        return frozenset(role.id for role in self.roles.values() if role.decides)

    @property
    def running(self) -> frozenset[str]:
        """The roles that run surveys."""
        return frozenset(role.id for role in self.roles.values() if role.runs)


@cache
def rules() -> Rules:
    """Return what the file says; SchemaError where it contradicts itself."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> Rules:
    """Return the rules written in this TOML text; SchemaError says what is wrong in it."""
    return load(text, "permissions").closed(_rules)


def _rules(table: Table) -> Rules:
    roles = {role.id: role for role in table.each("role", _role)}
    permissions = {entry.id: entry for entry in table.each("permission", _permission)}
    named = {name for role in roles.values() for name in role.grants}
    named |= {name for entry in permissions.values() for name in (*entry.roles, *entry.alone)}
    if unknown := sorted(named - roles.keys()):
        raise SchemaError(f"permissions: {unknown[0]} is no role; roles are {', '.join(roles)}")
    return Rules(roles, permissions)


def _role(table: Table) -> Role:
    return Role(
        table.text("id"),
        table.words("title"),
        table.flag("decides", default=False),
        table.flag("runs", default=False),
        table.texts("grants") if "grants" in table else (),
        table.texts("offices") if "offices" in table else (),
    )


def _permission(table: Table) -> Permission:
    return Permission(
        table.text("id"),
        table.words("says"),
        table.texts("roles"),
        table.text("reach", (HELD, ABOVE)) if "reach" in table else HELD,
        table.texts("alone") if "alone" in table else (),
    )
