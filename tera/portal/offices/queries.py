"""Which units somebody may see on a day, and the whole tree as values."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet

from tera.portal.accounts.models import User
from tera.portal.offices.exchange.drafts import Reach
from tera.portal.offices.exchange.known import Held, Known, Stand, Tree
from tera.portal.units.models import FOREVER, Code, Place, Service, State, Unit, Version
from tera.portal.units.queries import holds, ids_below

FIELDS = tuple(entry.name for entry in State._meta.get_fields())  # noqa: SLF001  Django's own way to ask


def visible(user: User, day: date) -> QuerySet[Version]:
    """Return what is true on a day of the units that somebody may see: their offices and what lay below."""
    held = set(user.units_held("see-units").values_list("pk", flat=True))
    versions = Version.objects.filter(holds(day), unit__in=held | ids_below(held, day))
    return versions.select_related("unit", "parent")


def reorganised_by(user: User, today: date) -> QuerySet[Unit]:
    """Return the units that somebody may reorganise, those that begin later too."""
    held = set(user.units_held("reorganise").values_list("pk", flat=True))
    found = held | ids_below(held, today)
    first = Unit.objects.annotate(first=Min("versions__valid_from")).filter(first__gt=today)
    coming = defaultdict(set)
    for pk, day in first.values_list("pk", "first"):
        coming[day].add(pk)
    for day, begun in coming.items():
        found |= begun & ids_below(held, day)
    return Unit.objects.filter(pk__in=found).order_by("name", "pk")


def reach_of(user: User, today: date) -> Reach:
    """Return how far somebody may reorganise."""
    return Reach(frozenset(reorganised_by(user, today).values_list("slug", flat=True)))


def load_tree() -> Tree:
    """Return all units with all that held and will hold of them, in five queries."""
    slugs = dict(Unit.objects.values_list("pk", "slug"))
    stands = defaultdict(list)
    columns = ("unit_id", "valid_from", "valid_until", "parent_id", *FIELDS)
    for unit, since, until, parent, *state in Version.objects.order_by("valid_from").values_list(*columns):
        said = dict(zip(FIELDS, state, strict=True))
        stands[unit].append(Stand(since, until, said, slugs[parent] if parent else ""))
    codes, services = _held(Code, "scheme", "value"), _held(Service, "code", "name")
    places = _held(Place, "name", "address")
    return {
        slug: Known(slug, stands[pk], codes[pk], services[pk], places[pk])
        for pk, slug in slugs.items()
        if stands[pk]
    }


def _held(model: type[Code | Service | Place], key: str, value: str) -> dict[int, list[Held]]:
    held = defaultdict(list)
    columns = ("unit_id", "valid_from", "valid_until", key, value)
    for unit, *entry in model.objects.order_by("valid_from", "pk").values_list(*columns):
        held[unit].append(Held(*entry))
    return held


def standing_day(unit: Unit, day: date) -> date:
    """Return the day nearest to one on which a unit exists: by its tree is asked who may look at the unit."""
    known = list(unit.versions.order_by("valid_from").values_list("valid_from", "valid_until"))
    if not known:
        return day
    first, end = known[0][0], known[-1][1]
    last = end if end == FOREVER else end - timedelta(days=1)
    return max(first, min(day, last))


@dataclass(slots=True)
class Branch:
    """A unit of the tree with what lies below it; `count` is how many that are in all."""

    version: Version
    below: list["Branch"] = field(default_factory=list)
    count: int = 0


def branches(versions: QuerySet[Version]) -> tuple[list[Branch], int]:
    """Return units as a tree, with all of them in one query, and how many they are."""
    found = {version.unit_id: Branch(version) for version in versions.order_by("name", "pk")}
    roots: list[Branch] = []
    for branch in found.values():
        above = found.get(branch.version.parent_id or 0)
        (above.below if above else roots).append(branch)
    for branch in found.values():
        above = found.get(branch.version.parent_id or 0)
        while above:
            above.count += 1
            above = found.get(above.version.parent_id or 0)
    return roots, len(found)


def offices_of(user: User, day: date) -> QuerySet[Unit]:
    """Return the units that somebody may see and that have others below them."""
    above = visible(user, day).exclude(parent=None).values("parent")
    seen = visible(user, day).values("unit")
    return Unit.objects.filter(pk__in=above).filter(pk__in=seen).order_by("name")


def search(versions: QuerySet[Version], day: date, wanted: Mapping[str, Any]) -> QuerySet[Version]:
    """Return those of these units that were searched for: by words, kind, and the office above."""
    if words := wanted.get("cari"):
        codes = Code.objects.filter(holds(day), value__icontains=words).values("unit")
        named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(unit__slug__icontains=words)
        versions = versions.filter(named | Q(unit__in=codes))
    if kind := wanted.get("jenis"):
        versions = versions.filter(kind=kind)
    if office := wanted.get("induk"):
        above = Unit.objects.filter(slug=office).values_list("pk", flat=True)
        versions = versions.filter(unit__in=ids_below(above, day))
    codes_then = Prefetch("unit__codes", Code.objects.filter(holds(day)).order_by("scheme"))
    return versions.prefetch_related(codes_then)
