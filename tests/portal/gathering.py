"""How surveys come to a meeting: closed, screened and checked, put on its agenda; and how it is opened."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from tera.engine.catalogue import get_checklist
from tera.engine.response import Response
from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.review.checks.actions import Filled, assess
from tera.portal.review.checks.queries import newest
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.actions import Arrangement, Attendee
from tera.portal.review.models import Meeting
from tera.portal.review.models.checks import Layer
from tera.portal.review.models.meeting import Part
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import advance
from tera.portal.units.models import Unit
from tests.portal.deciding import OVER
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(ZoneInfo("Asia/Jakarta")).date()  # where the office is
TOMORROW = TODAY + timedelta(days=1)
ROOM = Arrangement("Rapat verifikasi", TODAY, time(9, 30), "Ruang rapat lantai 2")


def let_answer(campaign: Campaign, *scores: int) -> None:
    """Let people answer, each with one score throughout, and seal what can be sealed before the end."""
    codes = campaign.form.codes
    said = [Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, (one,) * len(codes)) for one in scores]
    inbox.put(settings.INTAKE, campaign.code, [actions.held(response) for response in said])
    actions.seal_due(NOW)


def screened(unit: Unit, code: str, *scores: int) -> Campaign:
    """Return a survey of a unit that is closed and screened."""
    campaign = actions.record(unit=unit, plan=plan_for(TODAY), by=None, at=NOW, code=code)
    let_answer(campaign, *scores)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    advance(campaign, "screen", (), at=NOW)
    return campaign


def check(campaign: Campaign, ratna: User) -> None:
    """Answer every item of the office's checklist."""
    checklist = get_checklist(newest().id)
    good = next(answer.code for answer in checklist.answers if answer.points)
    answers = {item.code: good for item in checklist.items_of(Layer.REGION)}
    assess(campaign, Layer.REGION, Filled(answers), by=ratna, at=NOW)


def gather(office: Unit, ratna: User, *campaigns: Campaign) -> Meeting:
    """Plan a meeting about surveys, let Ratna chair it, and open it."""
    meeting = meetings.plan(office, ROOM, campaigns, by=ratna, at=NOW)
    meetings.attend(meeting, Attendee(Part.CHAIR, ratna), by=ratna, at=NOW)
    meetings.open_meeting(meeting, by=ratna, at=NOW)
    return Meeting.objects.get(pk=meeting.pk)
