"""In which part of a meeting somebody can be noted: minutes must not call anybody what they are not."""

from datetime import date

from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.models import Meeting
from tera.portal.review.models.meeting import Part
from tera.portal.surveys import gate
from tera.portal.units.models import Unit
from tera.portal.units.queries import line_above

VERIFYING = ("verify", "assess-inspectorate")  # one of them makes a verifier
PRESENTING = "answer-questions"  # who runs the surveys of a unit


def verifying_roles() -> frozenset[str]:
    """Return the roles that decide of surveys, or check them for the inspectorate."""
    return frozenset(role for one in VERIFYING for role in rules().permissions[one].roles)


def running_roles() -> frozenset[str]:
    """Return the roles that run surveys, and present them."""
    return frozenset(rules().permissions[PRESENTING].roles)


def require_part(meeting: Meeting, part: Part, user: User | None, today: date) -> None:
    """Refuse to note as verifier who verifies nothing for the office, as presenter who runs nothing here.

    A guest presents perhaps, for not everybody of a unit has an account, but verifies nothing. Everybody else
    who can attend observes, and takes the minutes.
    """
    if part == Part.VERIFIER and not (user and _verifies(user, meeting.office, today)):
        raise Refused(Reason.NO_VERIFIER, meeting.office.name)
    if part == Part.PRESENTER and user is not None and not _presents(user, meeting):
        raise Refused(Reason.NO_PRESENTER, user.first_name or user.get_username())


def _verifies(user: User, office: Unit, today: date) -> bool:
    """Say whether somebody holds such a role at an office or above it, and so for units below it."""
    line = [office.pk, *line_above(office, today)]
    held = Assignment.held_on(today).filter(user=user, unit__in=line, role__in=verifying_roles())
    return held.exists()


def _presents(user: User, meeting: Meeting) -> bool:
    listed = meeting.items.select_related("campaign__unit")
    return any(gate.may(user, PRESENTING, item.campaign) for item in listed)
