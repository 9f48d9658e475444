"""Grows what a regional office did with surveys that have ended: checks, a meeting, minutes; all invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tera.portal.accounts.models import User
from tera.portal.review.checks.actions import Filled, assess
from tera.portal.review.checks.queries import newest
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.actions import Arrangement, Attendee
from tera.portal.review.meetings.item.actions import decide
from tera.portal.review.minutes.signing import Hand, sign
from tera.portal.review.models import Meeting
from tera.portal.review.models.checks import Layer
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.review.models.minutes import Method
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, advance
from tera.portal.units.models import Unit

HOUR, LATER = time(9, 0), timedelta(days=1)
FOLLOW_UP = "FOLLOW_UP"


@dataclass(frozen=True, slots=True)
class Table:
    """Who sits at the table: the verifier takes the chair, the head of the region is there too."""

    region: Unit
    verifier: User
    head: User
    texts: Mapping[str, Any]


def verify(table: Table, campaigns: Sequence[Campaign], clerks: Mapping[int, User], at: datetime) -> None:
    """Let units and region answer the checklist, and a meeting verify these surveys and sign its minutes."""
    for campaign in campaigns:
        advance(campaign, "screen", (), at=at)
        assess(campaign, Layer.UNIT, _filled(table, Layer.UNIT), by=clerks[campaign.unit_id], at=at)
        assess(campaign, Layer.REGION, _filled(table, Layer.REGION), by=table.verifier, at=at)
    meeting = _plan(table, table.texts["title"], campaigns, at, at)
    meetings.open_meeting(meeting, by=table.verifier, at=at)
    for campaign in campaigns:
        words = Words(table.texts["note"])
        decide(meeting, campaign.code, Decision.VERIFIED, words, by=table.verifier, at=at)
    minutes = meetings.end(meeting, by=table.verifier, at=at)
    for user in (table.verifier, table.head):
        sign(
            minutes, Hand(user, Method.LOGIN), at=at, pdf=bytes
        )  # which only a certified signature is put on


def plan_next(table: Table, campaigns: Sequence[Campaign], clerks: Mapping[int, User], at: datetime) -> None:
    """Put surveys on the agenda of a meeting to come."""
    for campaign in campaigns:
        advance(campaign, "screen", (), at=at)
        assess(campaign, Layer.UNIT, _filled(table, Layer.UNIT), by=clerks[campaign.unit_id], at=at)
    _plan(table, table.texts["next_title"], campaigns, at + LATER, at)


def _plan(table: Table, title: str, campaigns: Sequence[Campaign], day: datetime, at: datetime) -> Meeting:
    there = day.astimezone(ZoneInfo(table.region.zone)).date()
    what = Arrangement(title, there, HOUR, table.texts["place"])
    meeting = meetings.plan(table.region, what, campaigns, by=table.verifier, at=at)
    for part, user in ((Part.CHAIR, table.verifier), (Part.OBSERVER, table.head)):
        meetings.attend(meeting, Attendee(part, user), by=table.verifier, at=at)
    return meeting


def _filled(table: Table, layer: Layer) -> Filled:
    """Return invented answers of a layer to every item of the newest checklist."""
    items = newest().items_of(layer)
    remarks = {item.code: table.texts["remark"] for item in items}
    if FOLLOW_UP in remarks and layer == Layer.UNIT:
        remarks[FOLLOW_UP] = table.texts["follow_up"]
    return Filled({item.code: table.texts["answer"] for item in items}, remarks, table.texts["note"])
