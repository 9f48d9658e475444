"""Reminding those who run a survey, by e-mail, that its target is not reached."""

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.surveys.models import Campaign, Reminder
from tera.portal.surveys.queries import AnswerCount, count_answers

DAYS_LEFT = (30, 14, 7, 3, 1)  # or a day less, should no round fall on that day

logger = logging.getLogger(__name__)


def remind_due(at: datetime) -> int:
    """Remind of every open survey whose target is not reached, some days before its end; return how many.

    Once for each of these days, whoever else does this meanwhile. What cannot be sent is logged; where nobody
    got it, it is tried again in the next round of the day.
    """
    if not settings.HAS_MAIL:
        return 0
    today = timezone.localdate(at)
    open_now = Campaign.objects.filter(source="", is_invented=False, starts_on__lte=today, ends_on__gte=today)
    due = [one for one in open_now.select_related("unit") if _mark(one.days_left(at))]
    counts = count_answers(due)
    return sum(
        _remind(campaign, counts[campaign.code], at)
        for campaign in due
        if counts[campaign.code].total < counts[campaign.code].target
    )


def people_of(campaign: Campaign, at: datetime) -> list[User]:
    """Return those who run the surveys of the campaign's unit itself and have an e-mail address."""
    roles = rules().permissions["open-survey"].roles
    held = Assignment.held_on(timezone.localdate(at)).filter(unit=campaign.unit, role__in=roles)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(email="")
    return list(found.order_by("pk"))


def write_to_each(people: Sequence[User], subject: str, text: str, about: str) -> bool:
    """Write to each of them, and say whether anybody could be reached; the log names who could not."""
    line, reached = " ".join(subject.split()), False
    for user in people:
        try:
            send_mail(line, text, None, [user.email])
            reached = True
        except (OSError, SMTPException, ValueError):  # the last where an address or a subject is none
            logger.exception("%s could not be reminded of %s", user.get_username(), about)
    if not reached:
        logger.error("nobody could be reminded of %s", about)
    return reached


def _mark(days_left: int) -> int:
    """Return which of the days this is, 0 where it is none."""
    return next((mark for mark in DAYS_LEFT if days_left in {mark, mark - 1}), 0)


def _remind(campaign: Campaign, count: AnswerCount, at: datetime) -> bool:
    days_left = campaign.days_left(at)
    people = people_of(campaign, at)
    if not people:
        return False
    context = {"campaign": campaign, "count": count, "days_left": days_left, "unit": campaign.unit}
    with translation.override("id"):
        subject = render_to_string("surveys/reminder_subject.txt", context)
        text = render_to_string("surveys/reminder.txt", context)
    with transaction.atomic():
        _, is_new = Reminder.objects.get_or_create(
            campaign=campaign, days_left=_mark(days_left), defaults={"day": timezone.localdate(at)}
        )
        if is_new and not write_to_each(people, subject, text, f"campaign {campaign.code}"):
            transaction.set_rollback(True)
            return False
    return is_new
