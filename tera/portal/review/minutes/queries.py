"""Reads of minutes: which there are about a survey, and who has yet to sign."""

from django.db.models import QuerySet

from tera.portal.accounts.models import User
from tera.portal.review.models import Attendance, Minutes, Signature
from tera.portal.surveys.models import Campaign


def minutes_about(campaign: Campaign) -> QuerySet[Minutes]:
    """Return the minutes of meetings that decided of a survey, the newest first."""
    found = Minutes.objects.filter(meeting__items__campaign=campaign)
    return found.select_related("meeting__office").order_by("-made_at", "-pk")


def signatures_under(minutes: Minutes) -> QuerySet[Signature]:
    """Return the signatures under minutes, in their order."""
    return minutes.signatures.select_related("office").order_by("number")


def not_signed_yet(minutes: Minutes) -> QuerySet[Attendance]:
    """Return who attended with an account and has not signed."""
    signed = minutes.signatures.values("user")
    attended = Attendance.objects.filter(meeting=minutes.meeting, user__isnull=False)
    return attended.exclude(user__in=signed).order_by("pk")


def why_not(minutes: Minutes, user: User) -> str:
    """Return why somebody cannot sign, as a word that the page knows: "signed", "absent", or nothing."""
    if minutes.signatures.filter(user=user).exists():
        return "signed"
    attended = Attendance.objects.filter(meeting=minutes.meeting, user=user).exists()
    return "" if attended else "absent"
