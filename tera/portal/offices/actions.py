"""The deeds that reorganise units: who may do them is asked first, and each leaves a line in the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.offices.exchange.plan import Plan
from tera.portal.offices.importing import carry_out
from tera.portal.offices.queries import reach_of, standing_day
from tera.portal.units import actions, giving
from tera.portal.units.actions import Founding
from tera.portal.units.models import Unit

REORGANISE = "reorganise"


@dataclass(frozen=True, slots=True)
class When:
    """Who does something, from which day on, and what day it is."""

    by: User
    on: date
    today: date

    def role(self, unit: Unit, permission: str = REORGANISE) -> Assignment:
        """Return the role by which they may; PermissionDenied where there is none."""
        return require(self.by, permission, unit, standing_day(unit, self.today))


def holding(user: User) -> Assignment:
    """Return the role by which somebody may begin a unit that has no office above it.

    Raises:
        PermissionDenied: they reorganise nothing at all.
    """
    held = user.assignments_on().filter(role__in=rules().permissions[REORGANISE].roles).first()
    if held is None or not user.is_active:
        raise PermissionDenied(REORGANISE)
    return held


def _require_place(when: When, parent: Unit | None) -> Assignment:
    """Return the role by which a unit may come below an office; none lets it stand above all others."""
    if parent is None:
        raise PermissionDenied(REORGANISE)
    return when.role(parent)


@transaction.atomic
def import_units(plan: Plan, by: User, today: date) -> None:
    """Do what a file says; the trail has one line for all of it.

    Raises:
        PermissionDenied: it reaches units that this person may not reorganise.
        CannotReorganise: as of `carry_out`.
    """
    role, reach = holding(by), reach_of(by, today)
    if not plan.touched <= set(reach.slugs):
        raise PermissionDenied(REORGANISE)
    carry_out(plan, today)
    counts = f"new {len(plan.beginnings)}, changed {len(plan.changes)}, unchanged {plan.unchanged}"
    done(by, role, "import-units", counts, role.unit)


@transaction.atomic
def found(plan: Founding, when: When) -> Unit:
    """Begin a unit; as of `units.actions.found`."""
    role = _require_place(when, plan.parent)
    unit = actions.found(plan, when.on)
    done(when.by, role, "found-unit", _from(when.on), unit)
    return unit


@transaction.atomic
def change(unit: Unit, when: When, new: Mapping[str, object]) -> None:
    """Rename or move a unit; as of `units.actions.change`."""
    role = when.role(unit)
    if "parent" in new:
        parent = new["parent"]
        _require_place(when, parent if isinstance(parent, Unit) else None)
    actions.change(unit, when.on, today=when.today, **new)
    done(when.by, role, "change-unit", _from(when.on, *new), unit)


@transaction.atomic
def end(unit: Unit, when: When) -> None:
    """End a unit; as of `units.actions.end`."""
    role = when.role(unit)
    actions.end(unit, when.on, today=when.today)
    done(when.by, role, "end-unit", _from(when.on), unit)


@transaction.atomic
def merge(units: Sequence[Unit], into: Unit, when: When) -> None:
    """Let one unit take the place of others; as of `units.actions.merge`."""
    role = when.role(into)
    for unit in units:
        when.role(unit)
    actions.merge(units, into, when.on, today=when.today)
    done(when.by, role, "merge-units", _from(when.on, *(unit.slug for unit in units)), into)


@transaction.atomic
def split(unit: Unit, into: Sequence[Founding], when: When) -> list[Unit]:
    """Let several units take the place of one; as of `units.actions.split`."""
    role = when.role(unit)
    for parent in {plan.parent for plan in into}:
        _require_place(when, parent)
    heirs = actions.split(unit, into, when.on, today=when.today)
    done(when.by, role, "split-unit", _from(when.on, *(heir.slug for heir in heirs)), unit)
    return heirs


@transaction.atomic
def let_give(unit: Unit, services: Mapping[str, str], places: Mapping[str, str], when: When) -> None:
    """Let a unit give these services at these places; as of `units.giving`."""
    role = when.role(unit, "edit-services")
    giving.let_services(unit, services, when.on, today=when.today)
    giving.let_places(unit, places, when.on, today=when.today)
    done(when.by, role, "edit-services", _from(when.on), unit)


def _from(day: date, *names: str) -> str:
    return " ".join([day.isoformat(), *names])
