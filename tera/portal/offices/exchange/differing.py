"""What a row says of a known unit that is not so already, and whether it may become so on its day."""

from datetime import date

from tera.portal.offices.exchange import known
from tera.portal.offices.exchange.columns import CODE
from tera.portal.offices.exchange.drafts import Draft, Sheet
from tera.portal.offices.exchange.known import Held, Known, Stand
from tera.portal.offices.exchange.pairs import write_pairs
from tera.portal.offices.exchange.plan import Difference
from tera.portal.units.models import FOREVER

OF_STATE = ("name", "short_name", "kind", "grade", "zone")


def differences(draft: Draft, unit: Known, stand: Stand) -> list[Difference]:
    """Return what would change, in the order of the columns."""
    entry, day = draft.entry, draft.day
    said = [(key, stand.state[key], entry.state.get(key)) for key in OF_STATE]
    said.append(("parent", stand.parent, draft.parent))
    codes = known.on(unit.codes, day)
    said += [(f"{CODE}{scheme}", codes.get(scheme, ""), value) for scheme, value in entry.codes.items()]
    found = [Difference(key, old, new) for key, old, new in said if new is not None and new != old]
    for key, held, wanted in (
        ("services", unit.services, entry.services),
        ("places", unit.places, entry.places),
    ):
        here = known.on(held, day)
        if wanted is not None and wanted != here:
            found.append(Difference(key, write_pairs(key, here), write_pairs(key, wanted)))
    return found


def require_day(sheet: Sheet, draft: Draft, unit: Known, found: list[Difference]) -> None:
    """Note why what differs cannot become so on the day of the row: it has passed, or more is planned."""
    said, day = draft.entry.on, draft.day
    value = said.isoformat() if said else ""
    later = max(filter(None, (_planned(unit, each.field, day) for each in found)), default=None)
    if said and said < sheet.today:
        sheet.find(draft, "on", value, "past", today=sheet.today)
    elif unit.ends != FOREVER:
        sheet.find(draft, "slug", draft.slug, "ends", day=unit.ends)
    elif later:
        sheet.find(draft, "on", value, "planned", day=later)


def _planned(unit: Known, field: str, day: date) -> date | None:
    if field == "services":
        return known.planned(unit.services, day)
    if field == "places":
        return known.planned(unit.places, day)
    if field.startswith(CODE):
        scheme = field.removeprefix(CODE)
        return known.planned([code for code in unit.codes if code.key == scheme], day)
    return unit.next_after(day)


def require_codes(sheet: Sheet) -> None:
    """Note codes that two rows claim, or that name another unit then."""
    claimed: dict[tuple[str, str], Draft] = {}
    holders: dict[tuple[str, str], list[tuple[Known, Held]]] = {}
    for unit in sheet.tree.values():
        for code in unit.codes:
            holders.setdefault((code.key, code.value), []).append((unit, code))
    for draft in sheet.drafts.values():
        for scheme, value in filter(lambda pair: pair[1], draft.entry.codes.items()):
            pair = scheme, value
            if pair in claimed:
                row = claimed[pair].entry.row
                sheet.find(draft, f"{CODE}{scheme}", value, "code-twice", row=row)
                continue
            claimed[pair] = draft
            for unit, code in holders.get(pair, []):
                if (
                    unit.slug != draft.slug
                    and code.until > draft.day
                    and not _is_left(sheet, unit, code, draft)
                ):
                    sheet.find(draft, f"{CODE}{scheme}", value, "code-taken", unit=unit.slug)


def _is_left(sheet: Sheet, unit: Known, code: Held, draft: Draft) -> bool:
    """Say whether the file takes a code from the unit that has it, in time for another."""
    other = sheet.drafts.get(unit.slug)
    return bool(
        other and other.day <= draft.day and other.entry.codes.get(code.key, code.value) != code.value
    )
