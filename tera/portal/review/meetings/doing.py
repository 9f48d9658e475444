"""What is asked with the page of a meeting, by the word in its field "deed"."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tera.portal.accounts.models import User
from tera.portal.review.meetings import actions
from tera.portal.review.meetings.forms import AttendeeForm
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.meetings.queries import today_at
from tera.portal.review.models import Meeting
from tera.portal.surveys.models import Campaign


def _add(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    codes = request.POST.getlist("campaign")
    if not codes:
        raise Refused(Reason.EMPTY)
    campaigns = list(Campaign.objects.select_related("unit").filter(code__in=codes).order_by("code"))
    actions.put_on_agenda(found, campaigns, by=user, at=timezone.now())


def _take_off(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.take_off_agenda(found, request.POST.get("code", ""), by=user)


def _earlier(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.put_earlier(found, request.POST.get("code", ""), 1, by=user)


def _later(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.put_earlier(found, request.POST.get("code", ""), -1, by=user)


def _attend(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.attend(found, form.attendee(), by=user, at=timezone.now())


def _leave(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    number = request.POST.get("number", "")
    actions.leave(found, int(number) if number.isdecimal() and len(number) < LONG else 0, by=user)


def _open(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    is_sure = request.POST.get("day") == today_at(found.office, timezone.now()).isoformat()
    actions.open_meeting(found, by=user, at=timezone.now(), is_sure=is_sure)


def _show(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.show(found, request.POST.get("code", ""), by=user, at=timezone.now())


def _call_off(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.call_off(found, by=user)


def _end(found: Meeting, request: HttpRequest, user: User, form: AttendeeForm) -> None:
    actions.end(found, by=user, at=timezone.now())


LONG = 10  # digits of a number that nothing here has
DEEDS: dict[str, Callable[[Meeting, HttpRequest, User, AttendeeForm], None]] = {
    "add": _add,
    "take-off": _take_off,
    "earlier": _earlier,
    "later": _later,
    "attend": _attend,
    "leave": _leave,
    "open": _open,
    "show": _show,
    "call-off": _call_off,
    "end": _end,
}
PLACES = {"add": "#agenda", "take-off": "#agenda", "earlier": "#agenda", "later": "#agenda"}
PLACES |= {"attend": "#hadir", "leave": "#hadir"}


def after(request: HttpRequest, found: Meeting, deed: str) -> str:
    """Return where somebody goes on who did something: the screen goes on with the screen."""
    if deed == "call-off":
        return reverse("meetings", args=[found.office.slug])
    if request.POST.get("from") == "screen":
        return reverse("meeting-screen", args=[found.pk])
    return reverse("meeting", args=[found.pk]) + PLACES.get(deed, "")
