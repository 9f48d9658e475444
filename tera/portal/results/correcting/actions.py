"""The one way in which a certified result changes: counted again, numbered, and said why."""

from datetime import datetime

from django.db import transaction

from tera.engine import disclosure
from tera.engine.disclosure import K
from tera.engine.tally import of_values
from tera.engine.transition import NotAllowed
from tera.engine.workflow import Condition
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.actions import say
from tera.portal.results import certificates, statements
from tera.portal.results.actions import number_of
from tera.portal.results.correcting.erased import let_go
from tera.portal.results.counting import Counted, Erased, count_again
from tera.portal.results.models import Analysis, Certification, Content, Superseded
from tera.portal.results.queries import list_late
from tera.portal.surveys import gate
from tera.portal.surveys.actions import tell_of_erased
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, move

PERMISSION = "certify"
MOST_REASON, FEWEST_LETTERS = 300, 5
KEPT = tuple(field.name for field in Content._meta.fields)  # noqa: SLF001  what both tables have


class CannotCorrect(ValueError):
    """The result cannot be corrected, or not yet; the message says why."""


class BadReason(CannotCorrect):
    """This cannot stand in the ledger as the reason."""


class TooFewLate(CannotCorrect):
    """So few were excluded since the certification that the difference would show what they said."""


class TooClose(CannotCorrect):
    """Some number of the former result would be about a few people more than that of the new one."""


@transaction.atomic
def correct(campaign: Campaign, reason: str, *, by: User, at: datetime) -> Certification:
    """Correct a certified result by what two offices excluded since; the former one stays for everybody.

    Args:
        campaign: whose result.
        reason: why, for everybody to read.
        by: whoever may certify it.
        at: when.

    Raises:
        PermissionDenied: this person does not certify this campaign.
        BadReason: it is empty, too long, no words or cannot be printed.
        TooFewLate: fewer than ten were excluded since it was certified.
        TooClose: answers to a question, or to a questionnaire, would be a few fewer than before.
        CannotCorrect: it is not certified, or nothing was excluded since.
    """
    role = gate.require(by, PERMISSION, campaign)
    number, reason = number_of(campaign), require_reason(reason)
    if not number:
        raise CannotCorrect(f"{campaign.code} is not certified")
    let_go(campaign.code)
    tell_of_erased()  # before the result: so many of the excluded it may still hold
    certification, late = Certification.objects.get(campaign=campaign), len(list_late(campaign))
    words = Words(reason, statement=statements.certified_id(campaign.code, number + 1))
    try:
        move(
            campaign, "correct", {Condition.LATE_EXCLUSION} if late else set(), at=at, role=role, words=words
        )
    except NotAllowed as error:
        raise CannotCorrect(str(error)) from error
    counted = _counted(certification, late)
    _keep_former(certification, reason, role, at)
    for name, value in counted.as_kept().items():
        setattr(certification, name, value)
    certification.number = number + 1
    certification.certified_by, certification.certified_for = by, role.acts_for
    certification.certified_at = at
    certificates.keep(certification)
    # What was found of the former result, also where a later survey is compared with it.
    Analysis.objects.filter(certification__campaign__unit=campaign.unit).delete()
    say(statements.corrected(statements.certified_id(campaign.code, number), reason, role.acts_for))
    say(statements.certified(certification))
    done(by, role, "correct", f"{campaign.code}/{number + 1}", campaign.unit)
    return certification


def require_reason(text: str) -> str:
    """Return a reason as the ledger holds it, on one line; BadReason says what is wrong with it."""
    reason = " ".join(text.split())
    if not reason.isprintable():
        raise BadReason("a sign in the reason cannot be printed")
    if len(reason) > MOST_REASON or sum(sign.isalpha() for sign in reason) < FEWEST_LETTERS:
        raise BadReason(f"a reason has {FEWEST_LETTERS} letters or more, and at most {MOST_REASON} signs")
    return reason


def _counted(former: Certification, late: int) -> Counted:
    """Return what counts now, if it may stand beside the former result."""
    if late < K:
        raise TooFewLate(f"{late} responses were excluded since; a correction takes off {K} or more")
    try:
        counted = count_again(former)
    except Erased as error:
        raise CannotCorrect(str(error)) from error
    if not counted.may_be_shown or not disclosure.may_correct(of_values(former.tallies), counted.tallies):
        raise TooClose(f"some number would be about fewer than {K} people fewer than before")
    return counted


def _keep_former(former: Certification, reason: str, role: Assignment, at: datetime) -> None:
    Superseded.objects.create(
        campaign=former.campaign,
        **{name: getattr(former, name) for name in KEPT},
        reason=reason,
        replaced_by=role.user,
        replaced_for=role.acts_for,
        replaced_at=at,
    )
