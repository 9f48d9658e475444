"""What is done with tickets: issuing a batch, which is said in the ledger and printed once."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tera.engine.ticket import CODE_BYTES, batch_root, ticket_hash
from tera.intake import tickets
from tera.intake.wallet import Ticket
from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.actions import say
from tera.portal.surveys.models import Campaign
from tera.portal.tickets import printing
from tera.portal.tickets.models import Batch
from tera.portal.tickets.printing import Order
from tera.portal.units.models import Unit

DAYS = 14  # a ticket is for somebody who was just served


class TakesNone(ValueError):
    """The campaign is not open, or takes no tickets."""


def may_issue(user: User, unit: Unit) -> bool:
    """Say whether this person issues tickets of a unit: for the office above it, never for itself."""
    return user.may("issue-tickets", unit)


def issue(campaign: Campaign, order: Order, *, link: str, by: User, at: datetime) -> bytes:
    """Issue a batch of tickets and return the PDF that has their codes: nothing else ever has them.

    It is printed first: what cannot be printed is not issued. Should the ledger or the intake fail, nobody
    has seen a code. Its last day is never after that of the survey to which it leads.

    Raises:
        PermissionDenied: this person does not oversee the unit.
        TakesNone: the campaign is not open now, or takes no tickets.
    """
    role = require(by, "issue-tickets", campaign.unit)
    if not (campaign.takes_tickets and campaign.is_open(at)):
        raise TakesNone(campaign.code)
    codes = [secrets.token_bytes(CODE_BYTES) for _ in range(order.count)]
    today = campaign.form.local_day(at)
    expires_on = min(today + timedelta(days=DAYS), campaign.ends_on)
    printed = printing.print_tickets(campaign, order, codes, link=link, expires_on=expires_on)
    _write(campaign.unit, order.service, codes, (today, expires_on), by, role)
    return printed


@transaction.atomic
def _write(
    unit: Unit, service: str, codes: Sequence[bytes], days: tuple[date, date], by: User, role: Assignment
) -> None:
    hashes = [ticket_hash(code) for code in codes]
    issued_on, expires_on = days
    batch = Batch.objects.create(
        unit=unit, service=service, count=len(codes), issued_on=issued_on, expires_on=expires_on, issued_by=by
    )
    say(statement(batch, batch_root(hashes)))
    done(by, role, "issue-tickets", f"{batch}: {batch.count}", unit)
    tickets.issue(settings.INTAKE, Ticket(str(batch), unit.slug, service, expires_on, issued_on), hashes)


def statement(batch: Batch, root: bytes) -> dict[str, object]:
    """Return what the ledger says of a batch."""
    return {
        "kind": "tickets_issued",
        "id": str(batch),
        "unit": batch.unit.slug,
        **({"service": batch.service} if batch.service else {}),
        "count": batch.count,
        "root": root.hex(),
        "expires_on": batch.expires_on.isoformat(),
    }
