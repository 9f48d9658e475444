"""The offices above the units of a file: found by slug or code, there on the day, and never in a circle."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tera.portal.offices.exchange.drafts import Draft, Sheet
from tera.portal.units.models import FOREVER


def join(sheet: Sheet) -> None:
    """Give every draft the slug of the office above it; what cannot be becomes a finding."""
    owners = _owners(sheet)
    for draft in sheet.drafts.values():
        said = draft.entry.parent
        if said is None:
            continue
        found = {said} if said in sheet.drafts or said in sheet.tree else owners.get(said, set())
        if not said:
            draft.parent = ""
        elif len(found) == 1:
            draft.parent = next(iter(found))
        else:
            sheet.find(draft, "parent", said, "parent-ambiguous" if found else "parent-unknown")
        if draft.parent and draft.moves:
            _require_standing(sheet, draft, draft.parent)
    _refuse_circles(sheet)


def above(sheet: Sheet, slug: str, day: date) -> Iterator[str]:
    """Yield the offices above a unit on a day as they would be, the nearest first, until one comes again."""
    seen: set[str] = set()
    while (slug := _parent(sheet, slug, day)) and slug not in seen:
        seen.add(slug)
        yield slug


def _owners(sheet: Sheet) -> dict[str, set[str]]:
    """Return the units by code, alone and with its scheme, that there are or will be."""
    owners: dict[str, set[str]] = defaultdict(set)
    for draft in sheet.drafts.values():
        for scheme, value in filter(lambda pair: pair[1], draft.entry.codes.items()):
            owners[value].add(draft.slug)
            owners[f"{scheme}:{value}"].add(draft.slug)
    for known in sheet.tree.values():
        said = sheet.drafts[known.slug].entry.codes if known.slug in sheet.drafts else {}
        for code in known.codes:
            if code.until > sheet.today and code.key not in said:
                owners[code.value].add(known.slug)
                owners[f"{code.key}:{code.value}"].add(known.slug)
    return owners


def _require_standing(sheet: Sheet, draft: Draft, parent: str) -> None:
    """Refuse an office that begins later, has ended, or will end."""
    known, drafted = sheet.tree.get(parent), sheet.drafts.get(parent)
    said = draft.entry.parent or parent
    if known is None and drafted and drafted.day > draft.day:
        sheet.find(draft, "parent", said, "parent-later", day=drafted.day)
    elif known and known.ends != FOREVER:
        sheet.find(draft, "parent", said, "parent-ended", day=known.ends)
    elif known and known.begins > draft.day:
        sheet.find(draft, "parent", said, "parent-later", day=known.begins)


def _parent(sheet: Sheet, slug: str, day: date) -> str:
    draft, known = sheet.drafts.get(slug), sheet.tree.get(slug)
    if draft and draft.moves and draft.parent is not None and draft.day <= day:
        return draft.parent  # where it does not move, what is planned stays
    stand = known.on(day) if known else None
    return stand.parent if stand else ""


def _refuse_circles(sheet: Sheet) -> None:
    """Find each circle once, at its first row."""
    caught: set[str] = set()
    for draft in sheet.drafts.values():
        if draft.moves and draft.slug not in caught and (line := _circle(sheet, draft)):
            caught.update(line)
            sheet.find(draft, "parent", draft.entry.parent or "", "circle", line=_drawn(draft.slug, line))


def _circle(sheet: Sheet, draft: Draft) -> list[str]:
    """Return the offices above a unit where it is one of them, on its day or when one of them moves later."""
    days, seen = [draft.day], set()
    while days:
        day = days.pop()
        seen.add(day)
        line = list(above(sheet, draft.slug, day))
        if draft.slug in line:
            return line
        later = {moved for slug in line for moved in _moves(sheet, slug) if moved > day}
        days += later - seen
    return []


def _moves(sheet: Sheet, slug: str) -> list[date]:
    """Return the days on which something else may be above a unit."""
    draft, known = sheet.drafts.get(slug), sheet.tree.get(slug)
    return [*([draft.day] if draft else []), *(stand.since for stand in (known.stands if known else []))]


def _drawn(slug: str, line: list[str]) -> str:
    return " → ".join([slug, *line[: line.index(slug) + 1]])
