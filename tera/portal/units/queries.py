"""The tree of units as it stood, stands or will stand on a day."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from tera.portal.units.models import Service, Unit, Version

# One question however deep the tree is: every page asks for the line above a unit.
_ABOVE = """
WITH RECURSIVE line (office, steps) AS (
    SELECT parent_id, 1 FROM units_version WHERE unit_id = %s AND valid_from <= %s AND valid_until > %s
    UNION
    SELECT parent_id, steps + 1 FROM units_version JOIN line ON unit_id = office
    WHERE valid_from <= %s AND valid_until > %s
)
SELECT office FROM line WHERE office IS NOT NULL ORDER BY steps
"""
_BELOW = """
WITH RECURSIVE below (unit) AS (
    SELECT unit_id FROM units_version
    WHERE parent_id IN ({offices}) AND valid_from <= %s AND valid_until > %s
    UNION
    SELECT unit_id FROM units_version JOIN below ON parent_id = unit
    WHERE valid_from <= %s AND valid_until > %s
)
SELECT unit FROM below
"""


def holds(day: object, prefix: str = "") -> Q:
    """Return what holds on a day, or on that of a column by `F`; `prefix` leads to it, as in `versions__`."""
    return Q(**{f"{prefix}valid_from__lte": day, f"{prefix}valid_until__gt": day})


def version_of(unit: Unit, day: date) -> Version | None:
    """Return what is true of a unit on a day; None before it began and after it ended."""
    return unit.versions.filter(holds(day)).select_related("parent").first()


def line_above(unit: Unit, day: date) -> list[int]:
    """Return the ids of the offices above a unit on a day, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [unit.pk, day, day, day, day])
        return [office for (office,) in cursor.fetchall()]


def ids_below(offices: Iterable[int], day: date) -> set[int]:
    """Return the ids of all units below offices on a day, without the offices themselves."""
    found = sorted(set(offices))
    if not found:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_BELOW.format(offices=", ".join(["%s"] * len(found))), [*found, day, day, day, day])
        return {unit for (unit,) in cursor.fetchall()} - set(found)


def offices_right_above(units: QuerySet[Unit], day: date) -> QuerySet[Unit]:
    """Return those of some units that are right above a unit which has nobody below it on a day."""
    now = Version.objects.filter(holds(day))
    parents = now.exclude(parent=None).values("parent")
    return units.filter(pk__in=now.exclude(unit__in=parents).exclude(parent=None).values("parent"))


def units_on(day: date) -> QuerySet[Unit]:
    """Return the units that there are on a day."""
    return Unit.objects.filter(holds(day, "versions__"))


def versions_on(day: date) -> QuerySet[Version]:
    """Return what is true of every unit on a day, each with its unit, office above and services."""
    services = Prefetch("unit__services", Service.objects.filter(holds(day)).order_by("name"))
    return (
        Version.objects.filter(holds(day)).select_related("unit", "parent").prefetch_related(services)
    ).order_by("name")
