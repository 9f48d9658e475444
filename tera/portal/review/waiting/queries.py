"""Everything that waits for somebody, of all their roles together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tera.portal.accounts.models import User
from tera.portal.review.waiting.for_offices import lines_of_offices
from tera.portal.review.waiting.for_people import minutes_for, proposals_for
from tera.portal.review.waiting.for_units import lines_of_units
from tera.portal.review.waiting.line import Line

MOST = 15


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody, as far as it is shown, and how many lines are left out."""

    lines: tuple[Line, ...]
    left_out: int


def waiting_for(user: User, at: datetime, more: Iterable[Line] = ()) -> Waiting:
    """Return what waits for somebody: what they sign and run first, then what they decide for an office.

    `more` waits too, of what lies above surveys.
    """
    units = user.units_held("answer-questions")
    offices = list(user.units_held("verify").order_by("name"))
    found = [
        *minutes_for(user, units),
        *lines_of_units(units, at),
        *proposals_for(user),
        *more,
        *lines_of_offices(user, offices, at),
    ]
    return Waiting(tuple(found[:MOST]), max(0, len(found) - MOST))
