"""What is done with units. Every deed has a day and leaves what was before it as it stood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from tera.portal.units.codes import Claim, give_codes
from tera.portal.units.conditions import (
    current_versions,
    require_free,
    require_lasting,
    require_new,
    require_places,
)
from tera.portal.units.models import EVER, Code, Place, Service, State, Succession, Unit, Version
from tera.portal.units.queries import holds
from tera.portal.units.refusals import CannotReorganise

__all__ = [
    "CannotReorganise",
    "Founding",
    "bring_up_to_date",
    "change",
    "change_all",
    "end",
    "found",
    "found_all",
    "give_code",
    "merge",
    "split",
]
CHANGING = tuple(entry.name for entry in State._meta.get_fields())  # noqa: SLF001  Django's own way to ask


@dataclass(frozen=True, slots=True)
class Founding:
    """A unit that begins: what is true of it, its codes by scheme, its services and places."""

    slug: str
    state: Mapping[str, str]
    parent: Unit | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)  # addresses by name


def found(plan: Founding, on: date = EVER) -> Unit:
    """Begin one unit; see `found_all`."""
    return found_all([plan], on)[0]


@transaction.atomic
def found_all(plans: Sequence[Founding], on: date = EVER) -> list[Unit]:
    """Begin units on a day, with a handful of queries however many they are.

    Raises:
        CannotReorganise: there is such a unit, the office above does not exist then or will end, or a code
            names another unit then.
        ValidationError: a name is too long or has letters that cannot be seen, or a kind or zone is none of
            those that there are.
    """
    require_lasting({plan.parent for plan in plans if plan.parent is not None}, on)
    require_new([plan.slug for plan in plans])
    require_free([(*pair, None) for plan in plans for pair in plan.codes.items()], on)
    units = [Unit(slug=plan.slug, parent=plan.parent, **plan.state) for plan in plans]
    for unit in units:
        unit.clean_fields(exclude=["parent"])  # which would be asked for one by one
    Unit.objects.bulk_create(units)
    Version.objects.bulk_create(
        Version(unit=unit, parent=unit.parent, valid_from=on, **_said(unit)) for unit in units
    )
    pairs = list(zip(units, plans, strict=True))
    Code.objects.bulk_create(
        Code(unit=unit, scheme=scheme, value=value, valid_from=on)
        for unit, plan in pairs
        for scheme, value in plan.codes.items()
    )
    Service.objects.bulk_create(
        Service(unit=unit, code=code, name=name, valid_from=on)
        for unit, plan in pairs
        for code, name in plan.services.items()
    )
    Place.objects.bulk_create(
        Place(unit=unit, name=name, address=address, valid_from=on)
        for unit, plan in pairs
        for name, address in plan.places.items()
    )
    return units


def change(unit: Unit, on: date, *, today: date, **new: object) -> Version:
    """Let something else be true of a unit from a day on: its office above, name, kind, class or time zone.

    Raises:
        CannotReorganise: the day has passed, the unit does not exist then, a later change or its end is
            planned already, or the unit would come to lie below itself.
        ValidationError: as of `found_all`.
    """
    change_all([(unit, new)], on, today=today)
    unit.refresh_from_db()
    return unit.versions.get(valid_from__lte=on, valid_until__gt=on)


@transaction.atomic
def change_all(wanted: Sequence[tuple[Unit, Mapping[str, object]]], on: date, *, today: date) -> None:
    """Do what `change` does to several units at once, with a handful of queries however many they are.

    Raises:
        CannotReorganise, ValidationError: as of `change`.
    """
    current = current_versions([unit for unit, _ in wanted], on, today)
    require_places({unit: new["parent"] for unit, new in wanted if "parent" in new}, on)
    kept: list[Version] = []
    begun: list[Version] = []
    for unit, new in wanted:
        before = current[unit.pk]
        version = before
        if before.valid_from < on:
            version = Version(unit=unit, valid_from=on, parent=before.parent, **_said(before))
        (kept if version is before else begun).append(version)
        for key, value in new.items():
            setattr(version, key, value)
        version.clean_fields(exclude=["unit", "parent"])  # which would be asked for one by one
    cut = [before.pk for before in current.values() if before.valid_from < on]
    Version.objects.filter(pk__in=cut).update(valid_until=on)
    Version.objects.bulk_update(kept, ["parent", *CHANGING], batch_size=500)
    Version.objects.bulk_create(begun)
    bring_up_to_date(today, [unit for unit, _ in wanted])


@transaction.atomic
def end(unit: Unit, on: date, *, today: date) -> None:
    """End a unit: on this day it is no more. Its results stay.

    Raises:
        CannotReorganise: as of `change`, or other units lie below it on that day or later.
    """
    last = current_versions([unit], on, today)[unit.pk]
    if Version.objects.filter(parent=unit, valid_until__gt=on).exists():
        raise CannotReorganise("has-units", unit=unit.slug, day=on)
    if last.valid_from >= on:
        raise CannotReorganise("begins", unit=unit.slug, begins=last.valid_from, day=on)
    Version.objects.filter(pk=last.pk).update(valid_until=on)
    for dated in (unit.codes, unit.places, unit.services):
        dated.filter(holds(on)).update(valid_until=on)


@transaction.atomic
def merge(units: Iterable[Unit], into: Unit | Founding, on: date, *, today: date) -> Unit:
    """Let one unit take the place of several; what lies below them moves below it.

    Raises:
        CannotReorganise: as of `found`, `change` and `end`.
    """
    merged = list(units)
    if len(merged) + isinstance(into, Unit) < 2:
        raise CannotReorganise("merge-few")
    heir = found(into, on) if isinstance(into, Founding) else into
    if heir in merged:
        raise CannotReorganise("merge-itself", unit=heir.slug)
    for unit in merged:
        _hand_over(unit, heir, on, today)
    return heir


@transaction.atomic
def split(unit: Unit, into: Iterable[Founding], on: date, *, today: date) -> list[Unit]:
    """Let several units take the place of one that ends.

    Raises:
        CannotReorganise: as of `found` and `end`, or fewer than two units come of it.
    """
    plans = list(into)
    if len(plans) < 2:
        raise CannotReorganise("split-few")
    heirs = [found(plan, on) for plan in plans]
    end(unit, on, today=today)
    Succession.objects.bulk_create(Succession(before=unit, after=heir, day=on) for heir in heirs)
    return heirs


def give_code(unit: Unit, scheme: str, value: str, on: date) -> Code:
    """Give a unit a code in a scheme from a day on; the one that it had in the scheme ends.

    Raises:
        CannotReorganise: another unit has the code then or later.
    """
    return give_codes([Claim(unit, scheme, value)], on)[0]


@transaction.atomic
def bring_up_to_date(today: date, units: Iterable[Unit] | None = None) -> int:
    """Let the rows of units say what is true of them today; return how many changed.

    A change that was planned becomes true on its day by this; the worker does it again and again.
    """
    versions = Version.objects.filter(holds(today)).select_related("unit")
    if units is not None:
        versions = versions.filter(unit__in=list(units))
    changed = []
    for version in versions:
        unit, said = version.unit, {"parent_id": version.parent_id, **_said(version)}
        if any(getattr(unit, key) != value for key, value in said.items()):
            for key, value in said.items():
                setattr(unit, key, value)
            changed.append(unit)
    Unit.objects.bulk_update(changed, ["parent", *CHANGING], batch_size=500)
    return len(changed)


def _hand_over(unit: Unit, heir: Unit, on: date, today: date) -> None:
    children = Version.objects.filter(holds(on), parent=unit).select_related("unit")
    change_all([(version.unit, {"parent": heir}) for version in children], on, today=today)
    end(unit, on, today=today)
    Succession.objects.create(before=unit, after=heir, day=on)


def _said(state: State) -> dict[str, Any]:
    return {key: getattr(state, key) for key in CHANGING}
