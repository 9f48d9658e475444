"""Compares a file of units with the tree and says what it would do, or everything that is wrong with it."""

from datetime import date

from tera.portal.offices.exchange.columns import CODE, read_header
from tera.portal.offices.exchange.differing import differences, require_codes, require_day
from tera.portal.offices.exchange.drafts import Draft, Reach, Sheet, read_drafts
from tera.portal.offices.exchange.findings import Finding
from tera.portal.offices.exchange.known import Tree
from tera.portal.offices.exchange.parents import above, join
from tera.portal.offices.exchange.plan import Beginning, Change, Difference, Plan
from tera.portal.offices.exchange.reading import Table, Unreadable, read


def plan_of(content: bytes, tree: Tree, today: date, reach: Reach | None = None) -> Plan:
    """Return what an uploaded file would do; one that cannot be read is one finding."""
    try:
        table = read(content)
    except Unreadable as error:
        return Plan(findings=(Finding(0, "", "", str(error)),))
    return make_plan(table, tree, today, reach)


def make_plan(table: Table, tree: Tree, today: date, reach: Reach | None = None) -> Plan:
    """Return what a file would do to the tree, with all its faults at once.

    Args:
        table: the cells of the file.
        tree: all units with all that held and will hold.
        today: changes are from today on; what began earlier stays as it stood.
        reach: whom the file comes from; None may do everything.
    """
    header, findings = read_header(table.header)
    sheet = Sheet(header, tree, today, reach, findings)
    if "slug" in header.fields:
        read_drafts(sheet, table)
        join(sheet)
        require_codes(sheet)
    found = [(draft, *_changed(sheet, draft)) for draft in sheet.drafts.values()]
    if not table.rows and not findings:
        findings.append(Finding(0, "", "", "file-no-rows"))
    if findings:
        return Plan(findings=tuple(sorted(findings, key=sheet.position)), ignored=header.ignored)
    changes = [_change(sheet, draft, changed) for draft, _, changed in found if changed]
    beginnings = [_beginning(sheet, draft) for draft, is_known, _ in found if not is_known]
    return Plan(
        tuple(sorted(beginnings, key=lambda each: (each.depth, each.on, each.row))),
        tuple(sorted(changes, key=lambda each: (each.on, each.depth, each.row))),
        len(found) - len(changes) - len(beginnings),
        ignored=header.ignored,
    )


def _changed(sheet: Sheet, draft: Draft) -> tuple[bool, list[Difference]]:
    """Return whether the unit is known, and what differs; what somebody may not do becomes a finding."""
    known, stand = draft.known, draft.stand
    if known is None or stand is None:
        _require_reach(sheet, draft, is_known=False)
        return False, []
    found = differences(draft, known, stand)
    if found:
        require_day(sheet, draft, known, found)
        _require_reach(sheet, draft, is_known=True)
    return True, found


def _require_reach(sheet: Sheet, draft: Draft, *, is_known: bool) -> None:
    reach, parent = sheet.reach, draft.parent
    if reach is None:
        return
    if is_known and draft.slug not in reach.slugs:
        sheet.find(draft, "slug", draft.slug, "not-yours")
    elif parent == "" and draft.moves:
        sheet.find(draft, "parent", "", "not-yours-root")
    elif parent in sheet.tree and draft.moves and parent not in reach.slugs:
        sheet.find(draft, "parent", parent or "", "not-yours")


def _beginning(sheet: Sheet, draft: Draft) -> Beginning:
    entry = draft.entry
    return Beginning(
        row=entry.row,
        slug=draft.slug,
        on=draft.day,
        depth=sum(slug not in sheet.tree for slug in above(sheet, draft.slug, draft.day)),
        state=entry.state,
        parent=draft.parent or "",
        codes={scheme: value for scheme, value in entry.codes.items() if value},
        services=entry.services or {},
        places=entry.places or {},
    )


def _change(sheet: Sheet, draft: Draft, found: list[Difference]) -> Change:
    entry, fields = draft.entry, {each.field for each in found}
    return Change(
        row=entry.row,
        slug=draft.slug,
        on=draft.day,
        depth=len(list(above(sheet, draft.slug, draft.day))),
        differences=tuple(found),
        state={key: value for key, value in entry.state.items() if key in fields},
        parent=draft.parent if "parent" in fields else None,
        codes={scheme: value for scheme, value in entry.codes.items() if f"{CODE}{scheme}" in fields},
        services=entry.services if "services" in fields else None,
        places=entry.places if "places" in fields else None,
    )
