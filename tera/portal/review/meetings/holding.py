"""What every deed in a meeting begins with: who may hold it, and that it has not ended.

A deed locks the row of its meeting first, so that two people who chair it at once do so one after the other.
"""

from enum import StrEnum

from django.core.exceptions import PermissionDenied

from tera.engine.workflow import Condition
from tera.portal.accounts.gate import require
from tera.portal.accounts.models import Assignment, User
from tera.portal.review.meetings.queries import DECIDING, HOLDING
from tera.portal.review.models import Item, Meeting
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign


class Reason(StrEnum):
    """Why something cannot be done in a meeting."""

    ENDED = "ENDED"
    IS_OPEN = "IS_OPEN"
    NOT_OPEN = "NOT_OPEN"
    NOT_CHAIRED = "NOT_CHAIRED"
    CHAIRED = "CHAIRED"
    NO_CHAIR = "NO_CHAIR"
    NO_VERIFIER = "NO_VERIFIER"
    NO_PRESENTER = "NO_PRESENTER"
    OTHER_DAY = "OTHER_DAY"
    CHANGED = "CHANGED"
    NO_DECISION = "NO_DECISION"
    NOT_TO_BE_TAKEN_UP = "NOT_TO_BE_TAKEN_UP"
    NOT_ON_AGENDA = "NOT_ON_AGENDA"
    DECIDED = "DECIDED"
    UNDECIDED = "UNDECIDED"
    LACKING = "LACKING"
    HAS_AGENDA = "HAS_AGENDA"
    NO_AGENDA = "NO_AGENDA"
    ATTENDS = "ATTENDS"
    NO_ATTENDEE = "NO_ATTENDEE"
    NO_QUESTION = "NO_QUESTION"
    EMPTY = "EMPTY"


class Refused(ValueError):
    """It cannot be done, or not now: `reason`, which units or people, and which conditions are `missing`."""

    def __init__(self, reason: Reason, *names: str, missing: tuple[Condition, ...] = ()) -> None:
        """Name what it is about."""
        about = ", ".join((*names, *missing))
        super().__init__(f"{reason}: {about}" if about else str(reason))
        self.reason, self.names, self.missing = reason, names, missing


def hold(meeting: Meeting, by: User, *, is_under_way: bool = False) -> tuple[Meeting, Assignment]:
    """Return a meeting as it is now, locked, and the role by which somebody holds it.

    Args:
        meeting: which.
        by: who.
        is_under_way: that it must have been opened.

    Raises:
        PermissionDenied: they hold no meetings of its office.
        Refused: it has ended, or was not opened.
    """
    role = require(by, HOLDING, meeting.office)
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if fresh.ended_at is not None:
        raise Refused(Reason.ENDED)
    if is_under_way and fresh.opened_at is None:
        raise Refused(Reason.NOT_OPEN)
    return fresh, role


def item_of(meeting: Meeting, code: str) -> Item:
    """Return the survey with this code on the agenda of a locked meeting; Refused where it is not on it."""
    found = meeting.items.select_related("campaign__unit").filter(campaign__code=code).first()
    if found is None:
        raise Refused(Reason.NOT_ON_AGENDA, code)
    return found


def deciding(by: User, campaign: Campaign) -> Assignment:
    """Return the role by which somebody decides of a survey.

    Raises:
        PermissionDenied: they may not, or ran the surveys of its unit since; it names the unit.
    """
    role = gate.acting(by, DECIDING, campaign)
    if role is None:
        raise PermissionDenied(f"{by.get_username()} does not decide of {campaign.unit.name}")
    return role
