"""A ministry of a thousand units from one workbook: checked, begun, changed, exported, surveyed at once."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from benchmarks.installation import measured

if TYPE_CHECKING:
    from tera.portal.accounts.models import User
    from tera.portal.units.models import Unit

UNITS = 1000
Found = TypeVar("Found")


def measure() -> dict[str, object]:
    """Return seconds in an installation of its own."""
    return measured(_measure)


def _measure() -> dict[str, object]:
    from django.utils import timezone

    from tera.portal.accounts.models import Assignment, User
    from tera.portal.offices.actions import import_units
    from tera.portal.offices.exchange import writing
    from tera.portal.offices.exchange.planning import plan_of
    from tera.portal.offices.queries import load_tree, reach_of
    from tera.portal.units.actions import Founding, found
    from tests.portal.ministry import as_workbook, ministry

    today = timezone.localdate()
    state = {"name": "Kementerian", "short_name": "Kementerian", "kind": "KEMENTERIAN"}
    top = found(Founding("kementerian", state))
    maya = User.objects.create_user("maya")
    Assignment.objects.create(user=maya, role="MINISTRY", unit=top)
    rows = [row for row in ministry(UNITS) if row[0] != "kementerian"]
    content, other = as_workbook(rows), as_workbook([_otherwise(row) for row in rows])

    plan, checked = _timed(lambda: plan_of(content, load_tree(), today, reach_of(maya, today)))
    _, begun = _timed(lambda: import_units(plan, maya, today))
    again, unchanged = _timed(lambda: plan_of(content, load_tree(), today, reach_of(maya, today)))
    changing, compared = _timed(lambda: plan_of(other, load_tree(), today, reach_of(maya, today)))
    _, changed = _timed(lambda: import_units(changing, maya, today))
    tree = load_tree()
    _, exported = _timed(lambda: writing.as_workbook(writing.rows(tree, tree, today)))
    return {
        "units": len(plan.beginnings) + 1,
        "checked_s": checked,
        "begun_s": begun,
        "checked_and_begun_s": round(checked + begun, 2),
        "found_unchanged": again.unchanged,
        "checked_unchanged_s": unchanged,
        "changed": len(changing.changes),
        "checked_and_changed_s": round(compared + changed, 2),
        "exported_s": exported,
        **_measure_campaigns(top, maya, round(checked + begun, 2)),
    }


def _measure_campaigns(top: "Unit", maya: "User", imported: float) -> dict[str, object]:
    """Open a survey for every unit that serves the public, at once, and let the worker publish the pages."""
    from django.conf import settings
    from django.utils import timezone

    from tera.portal.surveys.actions import publish_new
    from tera.portal.surveys.scheduling import open_below
    from tests.portal.plans import plan_for

    settings.INTAKE.create()
    now = timezone.now()
    opened, opening = _timed(lambda: open_below(top, plan_for(timezone.localdate()), by=maya, at=now))
    _, publishing = _timed(publish_new)
    return {
        "campaigns": len(opened.campaigns),
        "opened_s": opening,
        "imported_and_opened_s": round(imported + opening, 2),
        "published_by_the_worker_s": publishing,
    }


def _otherwise(row: list[str]) -> list[str]:
    """Return a row with another name, code and service, where it has one."""
    services, places, satker = row[8:]
    return [
        row[0],
        f"{row[1]} baru",
        *row[2:8],
        services and "PASPOR=Paspor biasa",
        places,
        satker and f"9{satker}",
    ]


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    start = time.perf_counter()
    found = work()
    return found, round(time.perf_counter() - start, 2)
