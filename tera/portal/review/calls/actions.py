"""What is done with call-backs: a sample is drawn, each call gets its outcome, and then all contacts go."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tera.engine import sampling
from tera.portal.accounts.gate import DEED, done
from tera.portal.accounts.models import User
from tera.portal.ledger.actions import record
from tera.portal.review.calls.contacts import Contact
from tera.portal.review.calls.queries import PERMISSION, open_round, script
from tera.portal.review.models import Call, CallRound
from tera.portal.review.models.calls import Outcome, Source
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

KEPT = timedelta(days=30)
WHO = "tera worker"  # no account has a space in its name


class CannotCall(ValueError):
    """This cannot be drawn, noted or finished; the message says why."""


@dataclass(frozen=True, slots=True)
class Pool:
    """From whom is drawn: contacts that were given for this only, or the places of a register."""

    source: Source
    population: int
    contacts: Sequence[Contact] = ()

    @classmethod
    def of_contacts(cls, contacts: Sequence[Contact]) -> "Pool":
        """Return the pool of a list."""
        return cls(Source.CONTACTS, len(contacts), contacts)

    @classmethod
    def of_register(cls, population: int) -> "Pool":
        """Return the pool of a register with so many transactions."""
        return cls(Source.REGISTER, population)


@transaction.atomic
def draw(campaign: Campaign, pool: Pool, size: int, *, by: User, at: datetime) -> CallRound:
    """Draw who is called, once; the contacts of all others are kept nowhere.

    Seed, population and sample stand in the audit trail before anybody sees who was drawn, so that whoever
    has the same list can draw again and find the same places.

    Raises:
        PermissionDenied: this person does not call people back for this unit.
        CannotCall: a round is under way, or there is nobody to draw.
    """
    role = gate.require(by, PERMISSION, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if open_round(campaign):
        raise CannotCall("a round is under way; finish it first")
    if pool.population < 1 or size < 1:
        raise CannotCall("a sample is drawn from at least one, and has at least one")
    seed = secrets.token_hex(sampling.SEED_BYTES)
    places = sampling.draw(bytes.fromhex(seed), pool.population, size)
    found = CallRound.objects.create(
        campaign=campaign,
        number=CallRound.objects.filter(campaign=campaign).count() + 1,
        source=pool.source,
        population=pool.population,
        sample=len(places),
        seed=seed,
        delete_on=timezone.localdate(at) + KEPT,
        by=by,
        office=role.acts_for,
        at=at,
    )
    Call.objects.bulk_create(_call(found, pool, place) for place in places)
    drawn = f"population={found.population} sample={found.sample} seed={seed}"
    said = f"{script().id}:{script().sha256[:16]}"
    done(by, role, "draw-calls", f"{found} {found.source} {drawn} {said}", campaign.unit)
    return found


def _call(found: CallRound, pool: Pool, place: int) -> Call:
    named = pool.contacts[place - 1] if pool.contacts else Contact("", "")
    return Call(round=found, place=place, contact=named.contact, reference=named.reference)


@transaction.atomic
def note(found: CallRound, place: int, outcome: Outcome, *, by: User) -> None:
    """Note how a call ended; it can be noted again until the round is finished, and the trail keeps both.

    Raises:
        PermissionDenied: this person does not call for the office that drew the round.
        CannotCall: the round is finished, or did not draw this place.
    """
    role = gate.require(by, PERMISSION, found.campaign, found.office)
    is_over = CallRound.objects.select_for_update().get(pk=found.pk).finished_at is not None
    call = Call.objects.filter(round=found, place=place).first()
    if is_over or call is None:
        raise CannotCall(f"{found} has nobody at place {place} to be called")
    if call.outcome != outcome:
        Call.objects.filter(pk=call.pk).update(outcome=outcome)
        done(by, role, "note-call", f"{found}/{place}: {outcome}", found.campaign.unit)


@transaction.atomic
def finish(found: CallRound, *, by: User, at: datetime) -> None:
    """End a round: what stays is how many calls ended how; whom it drew is deleted.

    Raises:
        PermissionDenied: this person does not call for the office that drew the round.
        CannotCall: it is finished already.
    """
    role = gate.require(by, PERMISSION, found.campaign, found.office)
    if not (told := _end(found.pk, at)):
        raise CannotCall(f"{found} is finished")
    done(by, role, "finish-calls", told, found.campaign.unit)


@transaction.atomic
def forget_due(at: datetime) -> None:
    """Delete whom rounds drew whose day has come, and end them as they are; the worker does it."""
    today = timezone.localdate(at)
    for found in CallRound.objects.filter(finished_at=None, delete_on__lte=today).select_related("campaign"):
        if told := _end(found.pk, at):
            unit = found.campaign.unit.slug
            record(kind=DEED, who=WHO, deed="forget-calls", unit=unit, about=told)
    Call.objects.filter(round__delete_on__lte=today).delete()


def _end(key: int, at: datetime) -> str:
    """Count how calls ended, delete them, and return what is told of it; nothing where it is over already."""
    found = CallRound.objects.select_for_update().get(pk=key)
    if found.finished_at is not None:
        return ""
    counts = Counter(Call.objects.filter(round=found).exclude(outcome="").values_list("outcome", flat=True))
    found.outcomes = {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]}
    found.finished_at = at
    found.save(update_fields=["outcomes", "finished_at"])
    Call.objects.filter(round=found).delete()
    said = " ".join(f"{name}={count}" for name, count in found.outcomes.items())
    return f"{found}: {said or '0'}"
