"""What units give and where, from a day on: services and places as a whole.

What held before that day stays as it stood. The queries are a handful however many units there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from tera.portal.units.conditions import require_day
from tera.portal.units.models import Place, Service, Unit
from tera.portal.units.queries import holds
from tera.portal.units.refusals import CannotReorganise

KEYS = {Service: ("code", "name"), Place: ("name", "address")}
Given = tuple[Unit, Mapping[str, str]]


def let_services(unit: Unit, wanted: Mapping[str, str], on: date, *, today: date) -> None:
    """Let a unit give these services, names by code, and no others from a day on; see `let_all`."""
    let_all(Service, [(unit, wanted)], on, today=today)


def let_places(unit: Unit, wanted: Mapping[str, str], on: date, *, today: date) -> None:
    """Let a unit serve people at these places, addresses by name, and no others; see `let_all`."""
    let_all(Place, [(unit, wanted)], on, today=today)


@transaction.atomic
def let_all(model: type[Service | Place], wanted: Sequence[Given], on: date, *, today: date) -> None:
    """Let units have these services, or these places, and no others from a day on.

    Raises:
        CannotReorganise: the day has passed, a unit does not exist then, or a later change or its end is
            planned.
        ValidationError: a code or a name is too long, or a code is none.
    """
    units = [unit for unit, _ in wanted]
    require_day(units, on, today)
    _require_nothing_later(model, units, on)
    key, value = KEYS[model]
    here: dict[int, dict[str, Service | Place]] = defaultdict(dict)
    for entry in model.objects.filter(holds(on), unit__in=units):
        here[entry.unit_id][getattr(entry, key)] = entry
    ended: list[Service | Place] = []
    begun: list[Any] = []  # all of one model, which mypy cannot know
    for unit, pairs in wanted:
        held = {name: getattr(entry, value) for name, entry in here[unit.pk].items()}
        ended += [entry for name, entry in here[unit.pk].items() if pairs.get(name) != held[name]]
        begun += [
            model(unit=unit, valid_from=on, **{key: name, value: said})
            for name, said in pairs.items()
            if held.get(name) != said
        ]
    for entry in begun:
        entry.clean_fields(exclude=["unit"])  # which would be asked for one by one
    # What begins on that very day never was.
    model.objects.filter(pk__in=[entry.pk for entry in ended if entry.valid_from == on]).delete()
    model.objects.filter(pk__in=[entry.pk for entry in ended if entry.valid_from < on]).update(valid_until=on)
    model.objects.bulk_create(begun)


def _require_nothing_later(model: type[Service | Place], units: Sequence[Unit], on: date) -> None:
    later = model.objects.filter(unit__in=units, valid_from__gt=on)
    for slug, day in later.values_list("unit__slug").annotate(last=Max("valid_from")).order_by("unit__slug"):
        raise CannotReorganise("planned", unit=slug, day=day)
