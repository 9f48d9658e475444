"""What is kept of looking through a survey before its result is certified."""

from tera.portal.review.models.calls import Call, CallRound
from tera.portal.review.models.checks import Assessment, Photo, Visit
from tera.portal.review.models.dossier import Masked, Summary
from tera.portal.review.models.meeting import Attendance, Finding, Item, Meeting
from tera.portal.review.models.minutes import Minutes, Signature
from tera.portal.review.models.questions import Question
from tera.portal.review.models.screening import Heaping, Screening, Status

__all__ = [
    "Assessment",
    "Attendance",
    "Call",
    "CallRound",
    "Finding",
    "Heaping",
    "Item",
    "Masked",
    "Meeting",
    "Minutes",
    "Photo",
    "Question",
    "Screening",
    "Signature",
    "Status",
    "Summary",
    "Visit",
]
