"""Letters about a survey to the people of offices: each is sent once, as the audit trail remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tera.portal.accounts.gate import DEED
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.ledger.actions import record
from tera.portal.ledger.models import Event
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.reminding import write_to_each
from tera.portal.units.models import Unit

WHO = "tera worker"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: `deed` and `about` are what the trail says, `template` what its files begin with."""

    deed: str
    about: str
    template: str


def holders(permission: str, unit: Unit, at: datetime) -> list[User]:
    """Return who holds a role for a unit that allows something, and has an e-mail address."""
    held = Assignment.held_on(timezone.localdate(at, ZoneInfo(unit.zone)))
    roles = held.filter(unit=unit, role__in=rules().permissions[permission].roles)
    found = User.objects.filter(pk__in=roles.values("user"), is_active=True).exclude(email="")
    return list(found.order_by("pk"))


def send_once(
    letter: Letter, campaign: Campaign, people: Sequence[User], context: Mapping[str, object]
) -> bool:
    """Send a letter to each of these people unless it was sent; say whether it is now.

    Where nobody got it, nothing is remembered, and it can be tried again.
    """
    if not people:
        return False
    said = {**context, "campaign": campaign, "unit": campaign.unit}
    with translation.override("id"):
        subject = render_to_string(f"{letter.template}_subject.txt", said)
        text = render_to_string(f"{letter.template}.txt", said)
    with transaction.atomic():
        is_new = _is_first(letter, campaign)
        if is_new and not write_to_each(people, subject, text, f"campaign {campaign.code} ({letter.deed})"):
            transaction.set_rollback(True)
            return False
    return is_new


def _is_first(letter: Letter, campaign: Campaign) -> bool:
    """Write into the audit trail that this is sent; False where it was, by whichever worker."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    said = {
        "kind": DEED,
        "who": WHO,
        "deed": letter.deed,
        "unit": campaign.unit.slug,
        "about": letter.about,
    }
    if Event.objects.filter(**said).exists():
        return False
    record(**said)
    return True
