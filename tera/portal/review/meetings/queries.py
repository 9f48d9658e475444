"""Reads of meetings: which there are, what can be put on an agenda, and who can attend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q

from tera.engine.workflow import Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.review.models import Item, Meeting
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.queries import decided_by
from tera.portal.surveys.stages import latest_steps
from tera.portal.units.models import Unit
from tera.portal.units.queries import ids_below, line_above

PERMISSION, HOLDING, DECIDING = "see-meetings", "hold-meetings", "verify"
# How a survey is taken up from its stage; one that is in verification already needs nothing.
TAKING_UP = {
    Stage.SCREENED: "take-up",
    Stage.RESUBMITTED: "take-up",
    Stage.RETURNED: "take-up-overdue",
    Stage.IN_VERIFICATION: "",
}
_BEYOND = (Stage.VERIFIED, Stage.REJECTED, Stage.CERTIFIED)
_FROM_ABOVE = ("INSPECTORATE", "MINISTRY")  # roles that come to a meeting of an office below theirs


@dataclass(frozen=True, slots=True)
class Counted:
    """A meeting with how many surveys are on its agenda, and of how many something is decided."""

    meeting: Meeting
    items: int
    decided: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """The meetings of an office: those to come first of all, then the latest."""

    under_way: Sequence[Counted]
    coming: Sequence[Counted]
    past: Sequence[Counted]


def today_at(office: Unit, at: datetime) -> date:
    """Return the day that it is at an office."""
    return at.astimezone(ZoneInfo(office.zone)).date()


def meetings_of(office: Unit) -> Meetings:
    """Return the meetings of an office."""
    found = Meeting.objects.filter(office=office).annotate(
        listed=Count("items"), settled=Count("items", filter=~Q(items__decision=""))
    )
    all_ = [Counted(one, one.listed, one.settled) for one in found.order_by("held_on", "begins_at", "pk")]
    return Meetings(
        [one for one in all_ if one.meeting.opened_at and not one.meeting.ended_at],
        [one for one in all_ if not one.meeting.opened_at],
        [one for one in reversed(all_) if one.meeting.ended_at],
    )


def open_items() -> Q:
    """Return which items are on the agenda of a meeting that has not ended."""
    return Q(meeting__ended_at=None)


def takeable(office: Unit, today: date) -> list[Campaign]:
    """Return the surveys that an office can put on an agenda, period by period, the latest first.

    One that was returned can be when its unit let the day pass by which it was to be mended.
    """
    waits = Item.objects.filter(open_items(), campaign=OuterRef("pk"))
    below = Campaign.objects.filter(decided_by(office, today), ~Exists(waits))
    below = below.exclude(steps__stage__in=_BEYOND)
    found = list(below.select_related("unit").order_by("-starts_on", "unit__short_name", "code"))
    steps = latest_steps(found)
    free = [one for one in found if one.code in steps and can_be_taken_up(steps[one.code], today)]
    periods = list(dict.fromkeys(one.period for one in free))
    return sorted(free, key=lambda one: periods.index(one.period))


def can_be_taken_up(last: Step, today: date) -> bool:
    """Say whether a survey that took this step last may be put on an agenda on a day."""
    if last.stage == Stage.RETURNED:
        return last.due_on is not None and last.due_on < today
    return last.stage in TAKING_UP


def next_meeting_of(campaign: Campaign) -> Meeting | None:
    """Return the meeting that has a survey on its agenda and has not ended; None where none has."""
    found = Item.objects.filter(open_items(), campaign=campaign).select_related("meeting__office").first()
    return found.meeting if found else None


def items_of(meeting: Meeting) -> list[Item]:
    """Return the surveys on the agenda, in their order."""
    return list(meeting.items.select_related("campaign__unit", "decided_by").order_by("place", "pk"))


def attendable(office: Unit, today: date) -> list[Assignment]:
    """Return who can attend a meeting of an office, each by the role that comes first by name of its office.

    That is whoever holds a role for the office or below it, and the inspectorate and ministry above.
    """
    inside = {office.pk} | ids_below([office.pk], today)
    above = Q(unit__in=line_above(office, today), role__in=_FROM_ABOVE)
    held = Assignment.held_on(today).filter(Q(unit__in=inside) | above, user__is_active=True)
    found: dict[int, Assignment] = {}
    for one in held.select_related("user", "unit", "office").order_by("unit__name", "user__username", "pk"):
        found.setdefault(one.user_id, one)
    return list(found.values())


def barred(user: User, campaigns: Sequence[Campaign]) -> set[int]:
    """Return the ids of the surveys of which somebody may not decide: they ran those of the unit since."""
    if not user.assignments.filter(role__in=rules().running).exists():
        return set()
    return {campaign.pk for campaign in campaigns if not gate.may(user, DECIDING, campaign)}
