"""The tree of units as it stood, stands or will stand on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from tera.portal.units.models import Service, Unit, Version


def holds(day: object, prefix: str = "") -> Q:
    """Return what holds on a day, or on that of a column by `F`; `prefix` leads to it, as in `versions__`."""
    return Q(**{f"{prefix}valid_from__lte": day, f"{prefix}valid_until__gt": day})


def version_of(unit: Unit, day: date) -> Version | None:
    """Return what is true of a unit on a day; None before it began and after it ended."""
    return unit.versions.filter(holds(day)).select_related("parent").first()


def line_above(unit: Unit, day: date) -> list[int]:
    """Return the ids of the offices above a unit on a day, the nearest first."""
    line: list[int] = []
    wanted: int | None = unit.pk
    while wanted is not None:
        parents = Version.objects.filter(holds(day), unit=wanted).values_list("parent", flat=True)
        wanted = parents.first()
        if wanted is not None:
            line.append(wanted)
    return line


def ids_below(offices: Iterable[int], day: date) -> set[int]:
    """Return the ids of all units below offices on a day, without the offices themselves."""
    found: set[int] = set()
    level = set(offices)
    while level:
        children = Version.objects.filter(holds(day), parent__in=level).values_list("unit", flat=True)
        level = set(children) - found
        found |= level
    return found


def units_on(day: date) -> QuerySet[Unit]:
    """Return the units that there are on a day."""
    return Unit.objects.filter(holds(day, "versions__"))


def versions_on(day: date) -> QuerySet[Version]:
    """Return what is true of every unit on a day, each with its unit, office above and services."""
    services = Prefetch("unit__services", Service.objects.filter(holds(day)).order_by("name"))
    return (
        Version.objects.filter(holds(day)).select_related("unit", "parent").prefetch_related(services)
    ).order_by("name")
