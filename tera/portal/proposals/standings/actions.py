"""Brings the table of standings up to date. It can be made again at any time: nothing is decided by it."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.models import Judged, Standing
from tera.portal.proposals.standings import queries
from tera.portal.proposals.standings.judging import JUDGED, judged, standing_now
from tera.portal.results.models import Certification
from tera.portal.units.models import Unit

MOST, PORTION = 50, 5_000
_READ = ("pk", "rulebook_id", "measures", "n", *JUDGED)
# One statement for each row, sent together: an UPDATE with a CASE for thousands of rows takes a minute.
# The columns are those of JUDGED, in its order.
_WRITE = "UPDATE proposals_standing SET rules = %s, wbk = %s, wbbm = %s, missing = %s WHERE id = %s"


def refresh_due(*, most: int = MOST) -> int:
    """Bring so many units and periods up to date at most, and return how many were.

    Two workers may do so at the same time: who comes second finds the same and writes the same.
    """
    certified = queries.due().values_list("campaign__unit", "campaign__period")
    waiting = dict.fromkeys(certified[:most])
    waiting |= dict.fromkeys(queries.reopened().values_list("unit", "period")[:most])
    for unit, period in waiting:
        refresh(unit, period)
    return len(waiting)


@transaction.atomic
def refresh(unit_id: int, period: str) -> None:
    """Keep how a unit stands in a period by what is certified now, or that it has no standing."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    campaigns = list(surveys_of(unit, period))
    # Read before the results: what is certified in between has another number, and is due again.
    numbers = Certification.objects.filter(campaign__in=campaigns).values_list("campaign", "number")
    for campaign, number in list(numbers):
        Judged.objects.update_or_create(campaign_id=campaign, defaults={"number": number})
    found = standing_now(campaigns)
    if found is None:
        Standing.objects.filter(unit=unit, period=period).delete()
    else:
        Standing.objects.update_or_create(unit=unit, period=period, defaults=found)


def rejudge_outdated() -> int:
    """Judge everything again where a rulebook changed with the program; return how many standings changed."""
    return rejudge_all() if queries.is_outdated() else 0


def rejudge_all() -> int:
    """Judge every standing again by its own points and respondents; return how many changed."""
    changed, last = 0, 0
    while True:
        last, found = _rejudge_after(last)
        if not last:
            return changed
        changed += found


@transaction.atomic
def _rejudge_after(last: int) -> tuple[int, int]:
    """Judge one portion, and return its last key, 0 behind the end, and how many changed."""
    kept = Standing.objects.filter(pk__gt=last).order_by("pk").select_for_update()
    rows = list(kept.values_list(*_READ)[:PORTION])
    changed = []
    for pk, rulebook, measures, n, *before in rows:
        found = judged(rulebook, measures, n)
        after = [found[name] for name in JUDGED]
        if after != before:
            changed.append((pk, after))
    _write(changed)
    return (rows[-1][0] if rows else 0), len(changed)


def _write(changed: Sequence[tuple[int, Sequence[Any]]]) -> None:
    if changed:
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE, [(*map(_cell, values), pk) for pk, values in changed])


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
