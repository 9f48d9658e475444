"""What must hold before units are reorganised. Each refuses with CannotReorganise, and none writes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Max

from tera.portal.units.models import FOREVER, Code, Unit, Version
from tera.portal.units.queries import holds
from tera.portal.units.refusals import CannotReorganise


def current_versions(units: Sequence[Unit], on: date, today: date) -> dict[int, Version]:
    """Return the versions that a deed on a day cuts; whoever reorganises the units meanwhile waits."""
    _lock(units)
    if on < today:
        raise CannotReorganise("passed", day=on, today=today)
    known = Version.objects.filter(unit__in=units).select_related("parent").order_by("-valid_from")
    current = {version.unit_id: version for version in known.filter(holds(on))}
    later = {version.unit_id: version for version in known.filter(valid_from__gt=on)}  # the next, as last
    for unit in units:
        if unit.pk not in current:
            raise CannotReorganise("absent", unit=unit.slug, day=on)
        if unit.pk in later:
            raise CannotReorganise("planned", unit=unit.slug, day=later[unit.pk].valid_from)
        if current[unit.pk].valid_until != FOREVER:
            raise CannotReorganise("ends", unit=unit.slug, day=current[unit.pk].valid_until)
    return current


def require_lasting(units: Iterable[Unit], on: date) -> None:
    """Refuse a unit that does not exist on a day, or will end."""
    offices = sorted(units, key=lambda entry: entry.slug)
    known = Version.objects.filter(unit__in=offices)
    standing = set(known.filter(holds(on)).values_list("unit", flat=True))
    until = dict(known.values_list("unit").annotate(last=Max("valid_until")))
    for office in offices:
        if office.pk not in standing:
            raise CannotReorganise("absent", unit=office.slug, day=on)
        if until[office.pk] != FOREVER:
            raise CannotReorganise("ends", unit=office.slug, day=until[office.pk])


def require_new(slugs: Sequence[str]) -> None:
    known = Unit.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    twice = {*known, *(slug for slug, count in Counter(slugs).items() if count > 1)}
    if twice:
        raise CannotReorganise("known", unit=min(twice))


def require_free(claims: Sequence[tuple[str, str, Unit | None]], on: date) -> None:
    """Refuse a code that names another unit than the one that claims it, on a day or later."""
    values = {value for _, value, _ in claims}
    holders: dict[tuple[str, str], set[Unit]] = {}
    for code in Code.objects.filter(value__in=values, valid_until__gt=on).select_related("unit"):
        holders.setdefault((code.scheme, code.value), set()).add(code.unit)
    for scheme, value, unit in claims:
        others = sorted(holder.slug for holder in holders.get((scheme, value), set()) - {unit})
        if others:
            raise CannotReorganise("code-taken", scheme=scheme, value=value, unit=others[0])
    for (scheme, value), count in Counter((scheme, value) for scheme, value, _ in claims).items():
        if count > 1:
            raise CannotReorganise("code-twice", scheme=scheme, value=value)


def require_day(units: Sequence[Unit], on: date, today: date) -> None:
    """Refuse a day that has passed, or on which a unit does not exist, or after which it will end.

    Whoever reorganises the units meanwhile waits.
    """
    _lock(units)
    if on < today:
        raise CannotReorganise("passed", day=on, today=today)
    require_lasting(units, on)


def require_places(moves: Mapping[Unit, object], on: date) -> None:
    """Refuse moves after which a unit would lie below itself, then or when what is planned comes true."""
    if not moves:
        return
    parents = [parent for parent in moves.values() if parent is not None]
    if not all(isinstance(parent, Unit) for parent in parents):
        raise TypeError("parent is a unit or None")
    require_lasting({parent for parent in parents if isinstance(parent, Unit)}, on)
    later = Version.objects.filter(valid_from__gt=on).values_list("valid_from", flat=True).distinct()
    for day in (on, *later):
        above = dict(Version.objects.filter(holds(day)).values_list("unit", "parent"))
        above |= {unit.pk: parent.pk if isinstance(parent, Unit) else None for unit, parent in moves.items()}
        for unit in moves:
            _require_line(unit, above)


def _require_line(unit: Unit, above: Mapping[int, int | None]) -> None:
    line, office = {unit.pk}, above[unit.pk]
    while office is not None:
        if office in line:
            raise CannotReorganise("below-itself", unit=unit.slug)
        line.add(office)
        office = above.get(office)


def _lock(units: Iterable[Unit]) -> None:
    list(Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk"))
