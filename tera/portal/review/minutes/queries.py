"""Reads of minutes: which there are about a survey, and who has yet to sign."""

from django.db.models import QuerySet

from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.review.models import Attendance, Minutes, Signature
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign


def minutes_about(campaign: Campaign) -> QuerySet[Minutes]:
    """Return the minutes of meetings that decided of a survey, the newest first."""
    found = Minutes.objects.filter(meeting__items__campaign=campaign)
    return found.select_related("meeting__office").order_by("-made_at", "-pk")


def signatures_under(minutes: Minutes) -> QuerySet[Signature]:
    """Return the signatures under minutes, in their order."""
    return minutes.signatures.select_related("office", "user").order_by("number")


def not_signed_yet(minutes: Minutes) -> QuerySet[Attendance]:
    """Return who attended with an account and has not signed."""
    signed = minutes.signatures.values("user")
    attended = Attendance.objects.filter(meeting=minutes.meeting, user__isnull=False)
    return attended.exclude(user__in=signed).order_by("pk")


def run_by(minutes: Minutes, user: User) -> list[str]:
    """Return the units on the agenda whose surveys somebody ran: they do not sign for the office then."""
    if not user.assignments.filter(role__in=rules().running).exists():
        return []
    listed = minutes.meeting.items.select_related("campaign__unit").order_by("place", "pk")
    return [item.campaign.unit.name for item in listed if gate.has_run(user, item.campaign)]


def why_not(minutes: Minutes, user: User, *, is_for_unit: bool) -> str:
    """Return why somebody cannot sign, as a word that the page knows, or nothing.

    That is "signed", "absent", or "ran": they ran a survey of which the office, not their unit, decided.
    """
    if minutes.signatures.filter(user=user).exists():
        return "signed"
    if not Attendance.objects.filter(meeting=minutes.meeting, user=user).exists():
        return "absent"
    return "ran" if not is_for_unit and run_by(minutes, user) else ""
