"""What is done with a meeting: it is planned, people and surveys come to it, it is opened, and it ends."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.db import transaction

from tera.engine.transition import NotAllowed
from tera.engine.workflow import Stage
from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import Assignment, User
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings.choices import DEEDS
from tera.portal.review.meetings.holding import Reason, Refused, deciding, hold, item_of
from tera.portal.review.meetings.parts import require_part
from tera.portal.review.meetings.queries import (
    HOLDING,
    TAKING_UP,
    attendable,
    items_of,
    open_items,
    today_at,
)
from tera.portal.review.minutes.actions import draw_up
from tera.portal.review.minutes.statements import minutes_id
from tera.portal.review.models import Attendance, Item, Meeting, Minutes
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import decided_by
from tera.portal.surveys.stages import Words, move, stage_of
from tera.portal.units.models import Unit


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a meeting is called, when it begins, and where: a room or a link."""

    title: str
    held_on: date
    begins_at: time
    place: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who attends and as what: somebody with an account, or a guest with a name and an office."""

    part: Part
    user: User | None = None
    name: str = ""
    office_name: str = ""


@transaction.atomic
def plan(
    office: Unit, what: Arrangement, campaigns: Iterable[Campaign], *, by: User, at: datetime
) -> Meeting:
    """Plan a meeting of an office, and put surveys on its agenda, which takes them up.

    Raises:
        PermissionDenied: this person holds no meetings of this office, or may not decide of one of them.
        Refused: a survey cannot be taken up; nothing happened then.
    """
    role = require(by, HOLDING, office)
    Unit.objects.select_for_update().get(pk=office.pk)  # its meetings are numbered one after the other
    last = Meeting.objects.filter(office=office).order_by("number").last()
    number = last.number + 1 if last else 1
    meeting = Meeting.objects.create(by=by, office=office, at=at, number=number, **asdict(what))
    done(by, role, "plan-meeting", str(meeting), office)
    for campaign in campaigns:
        _take_up(meeting, campaign, by, at)
    return meeting


@transaction.atomic
def put_on_agenda(meeting: Meeting, campaigns: Iterable[Campaign], *, by: User, at: datetime) -> None:
    """Put more surveys on the agenda of a meeting that has not ended; raises as `plan`."""
    meeting, _ = hold(meeting, by)
    for campaign in campaigns:
        _take_up(meeting, campaign, by, at)


@transaction.atomic
def take_off_agenda(meeting: Meeting, code: str, *, by: User) -> None:
    """Postpone a survey of which nothing is decided: it stays in verification, for another meeting.

    Raises:
        PermissionDenied: as of `hold`.
        Refused: the meeting has ended, or something is decided of it.
    """
    meeting, role = hold(meeting, by)
    item = item_of(meeting, code)
    if item.decision:
        raise Refused(Reason.DECIDED, item.campaign.unit.name)
    item.delete()
    _number(items_of(meeting))
    done(by, role, "take-off-agenda", f"{meeting}: {code}", item.campaign.unit)


@transaction.atomic
def put_earlier(meeting: Meeting, code: str, places: int, *, by: User) -> None:
    """Put a survey so many places earlier on the agenda, later where that is negative."""
    meeting, role = hold(meeting, by)
    mine, items = item_of(meeting, code), items_of(meeting)
    now = items.index(mine)
    items.insert(max(now - places, 0), items.pop(now))
    _number(items)
    done(by, role, "order-agenda", f"{meeting}: {code}", meeting.office)


@transaction.atomic
def attend(meeting: Meeting, who: Attendee, *, by: User, at: datetime) -> Attendance:
    """Note that somebody attends; a meeting has one chair.

    Raises:
        PermissionDenied: as of `hold`.
        Refused: they attend already, hold no role that brings them here, somebody else is in the chair, or
            they would be and hold no meetings of this office; or their roles do not fit the part.
    """
    meeting, role = hold(meeting, by)
    chair = meeting.attendances.filter(part=Part.CHAIR).first()
    if who.part == Part.CHAIR and chair is not None:
        raise Refused(Reason.CHAIRED, chair.name)
    if who.part == Part.CHAIR and not (who.user and who.user.may(HOLDING, meeting.office)):
        raise Refused(Reason.NO_CHAIR, meeting.office.name)
    require_part(meeting, who.part, who.user, today_at(meeting.office, at))
    name, office, office_name = who.name, None, who.office_name
    if who.user is not None:
        held = _role_of(meeting, who.user, today_at(meeting.office, at))
        name, office = who.user.first_name or who.user.get_username(), held.acts_for
        office_name = office.name
        if meeting.attendances.filter(user=who.user).exists():
            raise Refused(Reason.ATTENDS, name)
    if not (name and office_name):
        raise Refused(Reason.EMPTY)
    found = meeting.attendances.create(
        user=who.user, name=name, office=office, office_name=office_name, part=who.part
    )
    done(by, role, "attend-meeting", f"{_nameless(meeting, found)}, {who.part}", meeting.office)
    return found


@transaction.atomic
def leave(meeting: Meeting, attendance: int, *, by: User) -> None:
    """Strike somebody off those who attend; the chair stays while the meeting is under way."""
    meeting, role = hold(meeting, by)
    found = meeting.attendances.filter(pk=attendance).first()
    if found is None:
        raise Refused(Reason.NO_ATTENDEE)
    if found.part == Part.CHAIR and meeting.opened_at is not None:
        raise Refused(Reason.NOT_CHAIRED)
    about = _nameless(meeting, found)
    found.delete()
    done(by, role, "leave-meeting", about, meeting.office)


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: User, at: datetime, is_sure: bool = True) -> None:
    """Open a meeting; Refused where it is open already, or has not exactly one chair.

    Refused too on another day than that for which it is planned, unless whoever opens it `is_sure`.
    """
    meeting, role = hold(meeting, by)
    if meeting.opened_at is not None:
        raise Refused(Reason.IS_OPEN)
    if meeting.attendances.filter(part=Part.CHAIR).count() != 1:
        raise Refused(Reason.NOT_CHAIRED)
    if not is_sure and today_at(meeting.office, at) != meeting.held_on:
        raise Refused(Reason.OTHER_DAY)
    meeting.opened_at = at
    meeting.save(update_fields=["opened_at"])
    done(by, role, "open-meeting", str(meeting), meeting.office)


@transaction.atomic
def call_off(meeting: Meeting, *, by: User) -> None:
    """Strike a meeting that has nothing on its agenda: it does not take place, or all was postponed."""
    meeting, role = hold(meeting, by)
    if meeting.items.exists():
        raise Refused(Reason.HAS_AGENDA)
    done(by, role, "call-off-meeting", str(meeting), meeting.office)
    meeting.delete()


@transaction.atomic
def show(meeting: Meeting, code: str, *, by: User, at: datetime) -> None:
    """Let everybody's screen show a survey of the agenda; without a code, all of them."""
    meeting, role = hold(meeting, by, is_under_way=True)
    item = item_of(meeting, code) if code else None
    if item is not None and item.presented_at is None:
        item.presented_at = at
        item.save(update_fields=["presented_at"])
    meeting.shown = item
    meeting.save(update_fields=["shown"])
    done(by, role, "show-in-meeting", f"{meeting}: {code}", item.campaign.unit if item else meeting.office)


@transaction.atomic
def end(meeting: Meeting, *, by: User, at: datetime) -> Minutes:
    """End a meeting: every decision takes effect, and the minutes are drawn up, or nothing happens.

    Raises:
        PermissionDenied: this person holds no meetings of its office, or may not decide of a unit, which
            is named: nobody decides of a unit whose surveys they ran.
        Refused: there is no survey, nothing is decided of one, or a decision may not be any more; each unit
            is named.
    """
    meeting, role = hold(meeting, by, is_under_way=True)
    items = items_of(meeting)
    if not items:
        raise Refused(Reason.NO_AGENDA)
    if waiting := [item.campaign.unit.name for item in items if not item.decision]:
        raise Refused(Reason.UNDECIDED, *waiting)
    for item in items:
        _effect(item, by, at)
    meeting.ended_at, meeting.shown = at, None
    meeting.save(update_fields=["ended_at", "shown"])
    done(by, role, "end-meeting", str(meeting), meeting.office)
    return draw_up(meeting, role=role, at=at)


def _effect(item: Item, by: User, at: datetime) -> None:
    """Let a decision take effect, and keep the step on its item."""
    campaign, deed = item.campaign, DEEDS[Decision(item.decision)]
    role = deciding(by, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    holds = holds_of(campaign, today_at(item.meeting.office, at))
    try:
        words = Words(item.note, item.due_on, minutes_id(item.meeting))
        item.step = move(campaign, deed, holds, at=at, role=role, words=words)
    except NotAllowed as error:
        raise Refused(Reason.LACKING, campaign.unit.name, missing=error.missing) from error
    item.save(update_fields=["step"])
    done(by, role, deed, f"{campaign.code}: {item.decision}", campaign.unit)


def _take_up(meeting: Meeting, campaign: Campaign, by: User, at: datetime) -> None:
    """Put a survey last on the agenda, and take it up where it is not in verification yet."""
    role, name = deciding(by, campaign), campaign.unit.name
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    today = today_at(meeting.office, at)
    is_ours = Campaign.objects.filter(decided_by(meeting.office, today), pk=campaign.pk).exists()
    stage = stage_of(campaign)
    elsewhere = Item.objects.filter(open_items(), campaign=campaign)
    if not is_ours or stage not in TAKING_UP or elsewhere.exists():
        raise Refused(Reason.NOT_TO_BE_TAKEN_UP, name)
    last = meeting.items.order_by("place").last()
    meeting.items.create(campaign=campaign, place=last.place + 1 if last else 1)
    if stage != Stage.IN_VERIFICATION:
        try:
            move(campaign, TAKING_UP[stage], holds_of(campaign, today), at=at, role=role)
        except NotAllowed as error:
            raise Refused(Reason.NOT_TO_BE_TAKEN_UP, name, missing=error.missing) from error
    done(by, role, "put-on-agenda", f"{meeting}: {campaign.code}", campaign.unit)


def _nameless(meeting: Meeting, found: Attendance) -> str:
    """Return what the trail, which keeps all for good, calls somebody who attends: never a guest's name."""
    account = f" {found.user.get_username()}" if found.user else ""
    return f"{meeting}: {found.pk}{account}"


def _number(items: list[Item]) -> None:
    """Number the agenda from 1 on."""
    for place, item in enumerate(items, 1):
        item.place = place
    Item.objects.bulk_update(items, ["place"])


def _role_of(meeting: Meeting, user: User, today: date) -> Assignment:
    """Return the role by which somebody attends; Refused where they hold none that brings them here."""
    found = next((one for one in attendable(meeting.office, today) if one.user_id == user.pk), None)
    if found is None:
        raise Refused(Reason.NO_ATTENDEE, user.get_username())
    return found
