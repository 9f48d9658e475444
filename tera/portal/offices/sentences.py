"""What a deed will do and from which day on, in sentences, before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from tera.portal.offices.wording import field_name, long_day, value_of
from tera.portal.units.actions import Founding
from tera.portal.units.models import Unit, UnitKind, Version


def of_founding(plan: Founding, on: date) -> list[str]:
    """Tell of a unit that begins."""
    facts = {"day": long_day(on), "name": plan.state["name"], "kind": UnitKind(plan.state["kind"]).label}
    if plan.parent is None:
        return [_("Mulai %(day)s ada unit baru %(name)s (%(kind)s), tanpa induk.") % facts]
    facts["parent"] = plan.parent.name
    return [_("Mulai %(day)s ada unit baru %(name)s (%(kind)s) di bawah %(parent)s.") % facts]


def of_change(before: Version, new: Mapping[str, object], on: date) -> list[str]:
    """Tell of a move first, then of every other field."""
    facts = {"day": long_day(on), "name": before.name}
    told = []
    if "parent" in new:
        told += _of_move(before, new["parent"], facts)
    if "name" in new:
        told.append(_("Mulai %(day)s %(name)s bernama %(new)s.") % {**facts, "new": new["name"]})
    for key in (key for key in new if key not in ("parent", "name")):
        values = {"old": value_of(key, getattr(before, key)), "new": value_of(key, str(new[key]))}
        told.append(
            _("Mulai %(day)s %(field)s %(name)s: %(old)s menjadi %(new)s.")
            % {**facts, **values, "field": field_name(key)}
        )
    return told


def _of_move(before: Version, parent: object, facts: dict[str, str]) -> list[str]:
    if isinstance(parent, Unit):
        told = [_("Mulai %(day)s %(name)s berada di bawah %(parent)s.") % {**facts, "parent": parent.name}]
    else:
        told = [_("Mulai %(day)s %(name)s tidak mempunyai induk.") % facts]
    if before.parent:
        told.append(_("Hasil sebelum tanggal itu tetap milik %(old)s.") % {"old": before.parent.name})
    return told


def of_end(unit: Unit, on: date) -> list[str]:
    """Tell of a unit that ends."""
    return [
        _("Mulai %(day)s %(name)s tidak ada lagi.") % {"day": long_day(on), "name": unit.name},
        _("Survei dan hasilnya sebelum tanggal itu tetap tersimpan dan dapat dibaca."),
    ]


def of_merger(units: Sequence[Unit], into: Unit, on: date) -> list[str]:
    """Tell of units whose place another takes."""
    facts = {"day": long_day(on), "names": _listed(unit.name for unit in units), "into": into.name}
    return [
        _("Mulai %(day)s %(into)s menggantikan %(names)s, yang berakhir.") % facts,
        _("Unit yang ada di bawahnya pindah ke bawah %(into)s.") % facts,
        _("Hasil sebelum tanggal itu tetap milik unit yang lama."),
    ]


def of_split(unit: Unit, into: Sequence[Founding], on: date) -> list[str]:
    """Tell of units that take the place of one."""
    names = _listed(plan.state["name"] for plan in into)
    facts = {"day": long_day(on), "names": names, "name": unit.name}
    return [
        _("Mulai %(day)s %(name)s berakhir dan digantikan %(names)s.") % facts,
        _("Hasil sebelum tanggal itu tetap milik unit yang lama."),
    ]


def of_giving(what: str, before: Mapping[str, str], after: Mapping[str, str], on: date) -> list[str]:
    """Tell of services, or of places, that begin, are written in another way, or end."""
    facts = {"day": long_day(on), "what": what}
    told = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        each = {**facts, "key": key, "old": old or "–", "new": new or "–"}
        if old is None:
            told.append(_("Mulai %(day)s %(what)s baru: %(key)s, %(new)s.") % each)
        elif new is None:
            told.append(_("Mulai %(day)s %(what)s ini tidak ada lagi: %(key)s, %(old)s.") % each)
        elif old != new:
            told.append(_("Mulai %(day)s %(what)s %(key)s: %(old)s menjadi %(new)s.") % each)
    return told or [_("Pada %(day)s %(what)s tidak berubah.") % facts]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
