"""Reminding a unit by e-mail that its returned survey waits for it, and its office that it waited in vain."""

import logging
from datetime import datetime
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tera.engine.workflow import Stage
from tera.portal.accounts.gate import DEED
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.ledger.actions import record
from tera.portal.ledger.models import Event
from tera.portal.review.asking.queries import ToMend, to_mend
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.way import office_above
from tera.portal.units.models import Unit

DAYS_LEFT = (7, 3, 1)  # or a day less, should no round fall on that day
OVER = -1  # the day after the last, or the first on which there is a round
WHO, REMIND = "tera worker", "remind-resubmit"

logger = logging.getLogger(__name__)


def remind_due(at: datetime) -> int:
    """Remind of every returned survey some days before it must be mended, and the day after; return how many.

    Once for each of these days: the audit trail remembers which were sent. What cannot be sent is logged,
    and tried again in the next round of the day.
    """
    if not settings.HAS_MAIL:
        return 0
    returned = Campaign.objects.filter(steps__stage=Stage.RETURNED, is_invented=False).distinct()
    found = [(campaign, to_mend(campaign, at)) for campaign in returned.select_related("unit")]
    return sum(_remind(campaign, mend, at) for campaign, mend in found if mend and _mark(mend.days_left))


def people_to_remind(campaign: Campaign, mend: ToMend, at: datetime) -> list[User]:
    """Return those who can send the survey in again, and once it is overdue those who decide of it too."""
    found = _holders("resubmit", campaign.unit, at)
    office = office_above(campaign)
    if mend.days_over and office is not None:
        found += [user for user in _holders("verify", office, at) if gate.may(user, "verify", campaign)]
    return list(dict.fromkeys(found))


def _mark(days_left: int) -> int:
    """Return which of the days this is, 0 where it is none."""
    if days_left < 0:
        return OVER
    return next((mark for mark in DAYS_LEFT if days_left in {mark, mark - 1}), 0)


def _holders(permission: str, unit: Unit, at: datetime) -> list[User]:
    held = Assignment.held_on(timezone.localdate(at, ZoneInfo(unit.zone)))
    roles = held.filter(unit=unit, role__in=rules().permissions[permission].roles)
    found = User.objects.filter(pk__in=roles.values("user"), is_active=True).exclude(email="")
    return list(found.order_by("pk"))


def _remind(campaign: Campaign, mend: ToMend, at: datetime) -> bool:
    addresses = [user.email for user in people_to_remind(campaign, mend, at)]
    if not addresses:
        return False
    context = {"campaign": campaign, "mend": mend, "unit": campaign.unit}
    with translation.override("id"):
        subject = render_to_string("review/asking/reminder_subject.txt", context).strip()
        text = render_to_string("review/asking/reminder.txt", context)
    try:
        with transaction.atomic():
            if is_new := _is_first(campaign, mend):
                for address in addresses:
                    send_mail(subject, text, None, [address])
    except (OSError, SMTPException):
        logger.exception("nobody could be reminded to mend campaign %s", campaign.code)
        return False
    return is_new


def _is_first(campaign: Campaign, mend: ToMend) -> bool:
    """Write into the audit trail that this is sent; False where it was, by whichever worker."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    said = {
        "kind": DEED,
        "who": WHO,
        "deed": REMIND,
        "unit": campaign.unit.slug,
        "about": f"{campaign.code}/{mend.step.number}: {_mark(mend.days_left)}",
    }
    if Event.objects.filter(**said).exists():
        return False
    record(**said)
    return True
