"""The units below an office as they stood on a day: one question for each level of the tree."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tera.portal.units.models import Service, Unit, UnitKind, Version
from tera.portal.units.queries import holds

OVERSEEING = (UnitKind.MINISTRY, UnitKind.DIRECTORATE, UnitKind.INSPECTORATE, UnitKind.REGION)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and the office right above it."""

    unit: int
    slug: str
    name: str
    kind: str
    office: int


@dataclass(frozen=True, slots=True)
class Below:
    """What lies below an office: all units by key, and the offices right above any, itself too."""

    units: dict[int, Place]
    offices: frozenset[int]

    def serving(self, day: date) -> list[Place]:
        """Return the units that serve the public: those with services, and those with nobody below.

        Of these only what is not there to oversee others, such as an inspectorate or a region of no units.
        """
        parents = self.offices & self.units.keys()
        overseeing = [key for key, one in self.units.items() if not _serves(one, parents)]
        services = Service.objects.filter(holds(day), unit__in=overseeing)
        with_services = set(services.values_list("unit", flat=True))
        return [one for key, one in self.units.items() if key in with_services or _serves(one, parents)]


def _serves(place: Place, parents: Container[int]) -> bool:
    return place.unit not in parents and place.kind not in OVERSEEING


def below(office: Unit, day: date) -> Below:
    """Return what lies below an office on a day."""
    units: dict[int, Place] = {}
    now = Version.objects.filter(holds(day))
    level = now.filter(parent=office)
    while found := [row for row in level.values_list(*_COLUMNS) if row[0] not in units]:
        units |= {row[0]: Place(*row) for row in found}
        level = now.filter(parent__in=level.values("unit"))
    return Below(units, frozenset({office.pk, *(one.office for one in units.values())}))


def is_unmoved(first: date, last: date) -> bool:
    """Say whether the tree of units is the same on two days, because nothing began or ended between them."""
    ends = Q(valid_from__gt=first, valid_from__lte=last) | Q(valid_until__gt=first, valid_until__lte=last)
    return not Version.objects.filter(ends).exists()


_COLUMNS = ("unit", "unit__slug", "unit__name", "unit__kind", "parent")
