"""Does what a file of units says, in one transaction: wholly or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from django.db import transaction

from tera.portal.offices.exchange.plan import Beginning, Change, Plan
from tera.portal.units import actions, giving
from tera.portal.units.codes import Claim, end_codes, give_codes
from tera.portal.units.models import Place, Service, Unit


@transaction.atomic
def carry_out(plan: Plan, today: date) -> None:
    """Begin and change units as planned: new ones level by level, with a handful of queries for each.

    Raises:
        CannotReorganise: the tree is not that for which the plan was made.
        ValueError: the plan has findings.
    """
    if plan.findings:
        raise ValueError("a plan with findings is not carried out")
    units: dict[str, Unit] = _known(plan)
    by_day = {day: list(some) for day, some in groupby(plan.changes, lambda each: each.on)}
    for day, some in by_day.items():  # before any is given, because a code may go from one unit to another
        end_codes([(units[each.slug], scheme) for each in some for scheme in each.codes], day)
    for (_, day), level in groupby(plan.beginnings, lambda each: (each.depth, each.on)):
        begun = actions.found_all([_founding(each, units) for each in level], day)
        units |= {unit.slug: unit for unit in begun}
    for day, some in by_day.items():
        said = [(units[each.slug], new) for each in some if (new := _said(each, units))]
        actions.change_all(said, day, today=today)
        _give(some, units, day, today)


def _known(plan: Plan) -> dict[str, Unit]:
    named: Iterable[Beginning | Change] = (*plan.beginnings, *plan.changes)
    slugs = {slug for each in named for slug in (each.slug, each.parent) if slug}
    return {unit.slug: unit for unit in Unit.objects.filter(slug__in=slugs)}


def _founding(each: Beginning, units: Mapping[str, Unit]) -> actions.Founding:
    parent = units[each.parent] if each.parent else None
    return actions.Founding(each.slug, each.state, parent, each.codes, each.services, each.places)


def _said(change: Change, units: Mapping[str, Unit]) -> dict[str, object]:
    said: dict[str, object] = dict(change.state)
    if change.parent is not None:
        said["parent"] = units[change.parent] if change.parent else None
    return said


def _give(changes: Sequence[Change], units: Mapping[str, Unit], day: date, today: date) -> None:
    claims = [
        Claim(units[each.slug], scheme, value)
        for each in changes
        for scheme, value in each.codes.items()
        if value
    ]
    give_codes(claims, day)
    services = [(units[each.slug], each.services) for each in changes if each.services is not None]
    giving.let_all(Service, services, day, today=today)
    places = [(units[each.slug], each.places) for each in changes if each.places is not None]
    giving.let_all(Place, places, day, today=today)
