"""Signing minutes: once each, by who attended, for the office or for a unit on the agenda."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tera.portal.accounts import gate
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.ledger.actions import say
from tera.portal.review.minutes import queries, statements
from tera.portal.review.minutes.certifying import Signer, certified
from tera.portal.review.models import Attendance, Item, Minutes, Signature
from tera.portal.review.models.minutes import Method
from tera.portal.surveys import gate as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

FOR_OFFICE, FOR_UNIT = "sign-minutes", "sign-for-unit"


class CannotSign(ValueError):
    """These minutes cannot be signed by this person; the message says why."""


class DidNotAttend(CannotSign):
    """Only who attended the meeting signs its minutes."""


class SignedAlready(CannotSign):
    """Everybody signs once."""


class RanSurvey(CannotSign):
    """Who ran the surveys of a unit on the agenda does not sign for the office that decided of them."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs and how: `campaign` is set where it is for the unit whose survey this is."""

    by: User
    method: Method
    campaign: Campaign | None = None
    passphrase: str = ""

    @property
    def permission(self) -> str:
        """The permission that it takes."""
        return FOR_UNIT if self.campaign else FOR_OFFICE


def sign(minutes: Minutes, hand: Hand, *, at: datetime, pdf: Callable[[], bytes]) -> Signature:
    """Put a signature under minutes, and say in the ledger that an office signed them, never who.

    Args:
        minutes: what is signed is their sha256.
        hand: who signs, and how they showed a moment ago that it is them.
        at: when.
        pdf: prints what a certified signature is put on; asked for no other method.

    Raises:
        PermissionDenied: none of their roles allows it.
        DidNotAttend, SignedAlready: they may not, or not again.
        RanSurvey: they ran a survey that the office decided of; they may sign for its unit.
        CannotSign: their unit was not on the agenda.
        CertifierFailed: the certification authority did not sign; nothing is kept.
    """
    role = require(minutes, hand)
    _require_fitting(minutes, hand)
    content = b""
    if hand.method == Method.CERTIFIED:  # outside the transaction: an authority may take its time
        content = certified(pdf(), _signer(hand, role), hand.passphrase)
    return _keep(minutes, hand, role, content, at=at)


def require(minutes: Minutes, hand: Hand) -> Assignment:
    """Return the role by which somebody signs; PermissionDenied where there is none."""
    if hand.campaign is not None:
        return surveys.require(hand.by, FOR_UNIT, hand.campaign)
    return gate.require(hand.by, FOR_OFFICE, minutes.meeting.office)


def _require_fitting(minutes: Minutes, hand: Hand) -> None:
    if hand.campaign and not Item.objects.filter(meeting=minutes.meeting, campaign=hand.campaign).exists():
        raise CannotSign(f"{hand.campaign.code} was not on the agenda of {minutes}")
    if not Attendance.objects.filter(meeting=minutes.meeting, user=hand.by).exists():
        raise DidNotAttend(f"{hand.by} did not attend {minutes}")
    if hand.campaign is None and (ran := queries.run_by(minutes, hand.by)):
        raise RanSurvey(f"{hand.by} ran the surveys of {', '.join(ran)}")
    if Signature.objects.filter(minutes=minutes, user=hand.by).exists():
        raise SignedAlready(f"{hand.by} signed {minutes} already")


@transaction.atomic
def _keep(minutes: Minutes, hand: Hand, role: Assignment, content: bytes, *, at: datetime) -> Signature:
    Minutes.objects.select_for_update().get(pk=minutes.pk)
    _require_fitting(minutes, hand)
    last = Signature.objects.filter(minutes=minutes).order_by("number").last()
    signature = Signature.objects.create(
        minutes=minutes,
        number=last.number + 1 if last else 1,
        user=hand.by,
        name=name_of(hand.by),
        role=role.role,
        office=_office(hand, role),
        method=hand.method,
        content=content,
        salt=secrets.token_hex(16),
        at=at,
    )
    say(statements.signed(signature))
    about = f"{minutes}/{signature.number}: {hand.method}"
    unit = hand.campaign.unit if hand.campaign else minutes.meeting.office
    gate.done(hand.by, role, hand.permission, about, unit)
    return signature


def name_of(user: User) -> str:
    """Return what stands under a signature."""
    return user.get_full_name() or user.get_username()


def _office(hand: Hand, role: Assignment) -> Unit:
    """Return in whose name it is: the unit's, also where the role is held for an office above it."""
    return hand.campaign.unit if hand.campaign else role.acts_for


def _signer(hand: Hand, role: Assignment) -> Signer:
    title = rules().roles[role.role].title["id"]
    return Signer(hand.by.get_username(), name_of(hand.by), title, _office(hand, role).name)
