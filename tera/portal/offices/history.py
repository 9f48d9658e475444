"""What became of a unit, day by day: names, offices above, codes, services, places, its heirs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from tera.portal.offices.wording import field_name, value_of
from tera.portal.units.models import EVER, FOREVER, Dated, State, Unit, Version

FIELDS = tuple(entry.name for entry in State._meta.get_fields())  # noqa: SLF001  Django's own way to ask


class Moment(NamedTuple):
    """A day on which something changed; `day` is None for what was so from the first."""

    day: date | None
    lines: list[str]
    is_planned: bool


def history_of(unit: Unit, today: date) -> list[Moment]:
    """Return what became of a unit, and what is planned, the latest first."""
    told: dict[date, list[str]] = defaultdict(list)
    versions = list(unit.versions.select_related("parent").order_by("valid_from"))
    if versions:
        first, last = versions[0], versions[-1]
        where = {"parent": first.parent.name} if first.parent else {}
        begun = _("Berdiri sebagai %(name)s di bawah %(parent)s") if where else _("Berdiri sebagai %(name)s")
        told[first.valid_from].append(begun % {"name": first.name, **where})
        for before, after in pairwise(versions):
            told[after.valid_from] += _changes(before, after)
        if last.valid_until != FOREVER:
            told[last.valid_until].append(_("Berakhir"))
    _tell(
        told,
        ((code, _("kode %(scheme)s") % {"scheme": code.scheme}, code.value) for code in unit.codes.all()),
    )
    _tell(told, ((each, field_name("services"), each.name) for each in unit.services.all()))
    _tell(told, ((each, field_name("places"), each.name) for each in unit.places.all()))
    for origin in unit.origins.select_related("before"):
        told[origin.day].append(_("Menggantikan %(name)s") % {"name": origin.before.name})
    for succession in unit.successions.select_related("after"):
        told[succession.day].append(_("Digantikan %(name)s") % {"name": succession.after.name})
    return [
        Moment(None if day == EVER else day, told[day], day > today) for day in sorted(told, reverse=True)
    ]


def _changes(before: Version, after: Version) -> list[str]:
    said = [(key, getattr(before, key), getattr(after, key)) for key in FIELDS]
    said.append(
        ("parent", before.parent.name if before.parent else "", after.parent.name if after.parent else "")
    )
    return [
        _("%(field)s: %(old)s → %(new)s")
        % {"field": field_name(key), "old": value_of(key, old), "new": value_of(key, new)}
        for key, old, new in said
        if old != new
    ]


def _tell(told: dict[date, list[str]], entries: Iterable[tuple[Dated, str, str]]) -> None:
    for dated, what, name in entries:
        facts = {"what": what, "name": name}
        told[dated.valid_from].append(_("Ada %(what)s: %(name)s") % facts)
        if dated.valid_until != FOREVER:
            told[dated.valid_until].append(_("Tidak ada lagi %(what)s: %(name)s") % facts)
