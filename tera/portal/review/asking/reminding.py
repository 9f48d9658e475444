"""Reminding a unit by e-mail that its returned survey waits for it, and its office that it waited in vain."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from tera.engine.workflow import Stage
from tera.portal.accounts.models import User
from tera.portal.review.asking.letters import Letter, holders, send_once
from tera.portal.review.asking.queries import ToMend, to_mend
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

RETURNED = "returned"  # on the day on which it was, or the day after
DAYS_LEFT = (7, 3, 1)  # or a day less, should no round fall on that day; of more days than these only
OVER = "-1"  # the day after the last, or the first on which there is a round
REMIND = "remind-resubmit"


def remind_due(at: datetime) -> int:
    """Write about every survey when it is returned, some days before it is due, and after; return how many.

    Once for each of these days: the audit trail remembers which were sent. What cannot be sent is logged;
    where nobody got it, it is tried again in the next round of the day.
    """
    if not settings.HAS_MAIL:
        return 0
    returned = Campaign.objects.filter(steps__stage=Stage.RETURNED, is_invented=False).distinct()
    found = [(campaign, to_mend(campaign, at)) for campaign in returned.select_related("unit")]
    return sum(_remind(campaign, mend, at) for campaign, mend in found if mend)


def people_to_remind(campaign: Campaign, mend: ToMend, at: datetime) -> list[User]:
    """Return those who can send the survey in again, and once it is overdue those who decide of it too."""
    found = holders("resubmit", campaign.unit, at)
    office = campaign.office_above
    if mend.days_over and office is not None:
        found += [user for user in holders("verify", office, at) if gate.may(user, "verify", campaign)]
    return list(dict.fromkeys(found))


def _remind(campaign: Campaign, mend: ToMend, at: datetime) -> bool:
    returned_on = timezone.localdate(mend.step.at, ZoneInfo(campaign.unit.zone))
    mark = _mark(mend.days_left, (mend.due_on - returned_on).days)
    letter = Letter(REMIND, f"{campaign.code}/{mend.step.number}: {mark}", "review/asking/reminder")
    return bool(mark) and send_once(letter, campaign, people_to_remind(campaign, mend, at), {"mend": mend})


def _mark(days_left: int, days: int) -> str:
    """Return which of the days this is, of so many that the unit got, "" where it is none."""
    if days_left < 0:
        return OVER
    for mark in DAYS_LEFT:
        if mark < days and days_left in {mark, mark - 1}:
            return str(mark)
    return RETURNED if days - days_left in {0, 1} else ""
