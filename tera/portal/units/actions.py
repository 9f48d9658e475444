"""What is done with units. Every deed has a day and leaves what was before it as it stood."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from tera.portal.units.models import EVER, Code, Service, State, Succession, Unit, Version
from tera.portal.units.queries import holds, ids_below, line_above, version_of

CHANGING = tuple(entry.name for entry in State._meta.get_fields())  # noqa: SLF001  Django's own way to ask


class CannotReorganise(ValueError):
    """The deed would contradict the tree, or change the past; the message says how."""


@dataclass(frozen=True, slots=True)
class Founding:
    """A unit that begins: what is true of it, the codes by scheme that it has, the services that it gives."""

    slug: str
    state: Mapping[str, str]
    parent: Unit | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)


def found(plan: Founding, on: date = EVER) -> Unit:
    """Begin one unit; see `found_all`."""
    return found_all([plan], on)[0]


@transaction.atomic
def found_all(plans: Sequence[Founding], on: date = EVER) -> list[Unit]:
    """Begin units on a day, with a handful of queries however many they are.

    Raises:
        CannotReorganise: there is such a unit, the office above does not exist then, or a code names
            another unit then.
        ValidationError: a name is too long, or a kind or zone is none of those that there are.
    """
    _require_parents({plan.parent for plan in plans if plan.parent is not None}, on)
    _require_new([plan.slug for plan in plans])
    _require_free([pair for plan in plans for pair in plan.codes.items()], on)
    units = [Unit(slug=plan.slug, parent=plan.parent, **plan.state) for plan in plans]
    for unit in units:
        unit.clean_fields()
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
    return units


@transaction.atomic
def change(unit: Unit, on: date, *, today: date, **new: object) -> Version:
    """Let something else be true of a unit from a day on: its office above, name, kind, class or time zone.

    Raises:
        CannotReorganise: the day has passed, the unit does not exist then, a later change is planned
            already, or the unit would come to lie below itself.
    """
    before = _current(unit, on, today)
    if "parent" in new:
        _require_place(unit, new["parent"], on)
    if before.valid_from == on:
        for key, value in new.items():
            setattr(before, key, value)
        after = before
    else:
        Version.objects.filter(pk=before.pk).update(valid_until=on)
        after = Version(unit=unit, valid_from=on, **{**_said(before), "parent": before.parent, **new})
    after.full_clean()
    after.save()
    bring_up_to_date(today, [unit])
    unit.refresh_from_db()
    return after


@transaction.atomic
def end(unit: Unit, on: date, *, today: date) -> None:
    """End a unit: on this day it is no more. Its results stay.

    Raises:
        CannotReorganise: as of `change`, or other units lie below it on that day.
    """
    last = _current(unit, on, today)
    if ids_below([unit.pk], on):
        raise CannotReorganise(f"{unit.slug} has units below it on {on}; move them first")
    if last.valid_from >= on:
        raise CannotReorganise(f"{unit.slug} begins on {last.valid_from} and cannot end by {on}")
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
        raise CannotReorganise("a merger needs two units at least")
    heir = found(into, on) if isinstance(into, Founding) else into
    if heir in merged:
        raise CannotReorganise(f"{heir.slug} cannot be merged into itself")
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
        raise CannotReorganise("a split gives two units at least")
    heirs = [found(plan, on) for plan in plans]
    end(unit, on, today=today)
    Succession.objects.bulk_create(Succession(before=unit, after=heir, day=on) for heir in heirs)
    return heirs


@transaction.atomic
def give_code(unit: Unit, scheme: str, value: str, on: date) -> Code:
    """Give a unit a code in a scheme from a day on; the one that it had in the scheme ends.

    Raises:
        CannotReorganise: another unit has the code then or later.
    """
    _require_free([(scheme, value)], on, unit)
    unit.codes.filter(scheme=scheme, valid_from__gte=on).delete()
    unit.codes.filter(holds(on), scheme=scheme).update(valid_until=on)
    code = Code(unit=unit, scheme=scheme, value=value, valid_from=on)
    code.full_clean()
    code.save()
    return code


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
    for version in children:
        change(version.unit, on, today=today, parent=heir)
    end(unit, on, today=today)
    Succession.objects.create(before=unit, after=heir, day=on)


def _said(state: State) -> dict[str, Any]:
    return {key: getattr(state, key) for key in CHANGING}


def _current(unit: Unit, on: date, today: date) -> Version:
    """Return the version that a deed on a day cuts; whoever reorganises the unit meanwhile waits."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    if on < today:
        raise CannotReorganise(f"{on} has passed; what was stays as it stood, so choose {today} or later")
    version = version_of(unit, on)
    if version is None:
        raise CannotReorganise(f"{unit.slug} does not exist on {on}")
    later = unit.versions.filter(valid_from__gt=on).first()
    if later is not None:
        raise CannotReorganise(f"{unit.slug} changes on {later.valid_from} already; choose that day or later")
    return version


def _require_parents(parents: Iterable[Unit], on: date) -> None:
    for parent in sorted(parents, key=lambda entry: entry.slug):
        if version_of(parent, on) is None:
            raise CannotReorganise(f"{parent.slug} does not exist on {on}")


def _require_new(slugs: Sequence[str]) -> None:
    known = Unit.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    twice = {*known, *(slug for slug, count in Counter(slugs).items() if count > 1)}
    if twice:
        raise CannotReorganise(f"there is a unit {min(twice)} already")


def _require_free(codes: Sequence[tuple[str, str]], on: date, of: Unit | None = None) -> None:
    """Refuse a code that names another unit on a day, or will."""
    values = [value for _, value in codes]
    taken = Code.objects.filter(value__in=values, valid_until__gt=on).select_related("unit")
    others = {(code.scheme, code.value): code.unit.slug for code in taken if code.unit != of}
    for pair, count in Counter(codes).items():
        if pair in others:
            raise CannotReorganise(f"{pair[0]} {pair[1]} is the code of {others[pair]}")
        if count > 1:
            raise CannotReorganise(f"{pair[0]} {pair[1]} is given to two units")


def _require_place(unit: Unit, parent: object, on: date) -> None:
    if parent is None:
        return
    if not isinstance(parent, Unit):
        raise TypeError("parent is a unit or None")
    _require_parents([parent], on)
    if parent == unit or unit.pk in line_above(parent, on):
        raise CannotReorganise(f"{unit.slug} would come to lie below itself")
