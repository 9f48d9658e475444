"""What is decided of results: which responses do not count, and the first certification."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery

from tera.engine.transition import NotAllowed
from tera.engine.workflow import Condition, Stage
from tera.intake.exporting import list_named
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.actions import say
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import is_said
from tera.portal.results import certificates, statements
from tera.portal.results.counting import Erased, count, leaves_enough
from tera.portal.results.methods.fields import Field
from tera.portal.results.methods.sheet import empty_fields
from tera.portal.results.models import CONTROL, Certification, Exclusion, Reason, Removed
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import Words, advance, move
from tera.portal.surveys.way import certifying_deed
from tera.portal.units.models import Unit


class CannotExclude(ValueError):
    """These responses cannot be excluded, or named as controls; the message says why."""


class NobodyLeft(CannotExclude):
    """All of these responses were erased at their respondents' wish."""


class LeavesTooFew(CannotExclude):
    """Without these responses so few of the last block would count that they could be read."""


class CannotCertify(ValueError):
    """The result cannot be certified, or not yet; the message says why."""


class SheetIncomplete(CannotCertify):
    """The methods sheet says nothing in some fields; `fields` are these."""

    def __init__(self, fields: Sequence[Field]) -> None:
        """Name the fields that are empty."""
        super().__init__(f"fields of the methods sheet are empty: {', '.join(field.id for field in fields)}")
        self.fields = tuple(fields)


class NotVerified(CannotCertify):
    """The office above has not verified the survey."""


class TooFewLeft(CannotCertify):
    """Exclusions leave so few responses of the last block that a number would be about them alone."""


@transaction.atomic
def propose_exclusion(
    campaign: Campaign, reasons: Mapping[bytes, Reason], *, by: User, office: Unit, note: str = ""
) -> Exclusion:
    """Propose that responses, by their commitments, should not count. It has no effect yet.

    Raises:
        PermissionDenied: this person does not do this for this office.
        CannotExclude: there is nothing to exclude, a response is not sealed here, it is named already, or
            the answers were imported.
    """
    role = _excluding(by, campaign, office)
    _require_own(campaign)
    if not reasons:
        raise CannotExclude("an exclusion names at least one response")
    last = Exclusion.objects.filter(campaign=campaign).order_by("number").last()
    exclusion = Exclusion.objects.create(
        campaign=campaign,
        number=last.number + 1 if last else 1,
        note=note,
        proposed_by=by,
        proposed_for=office,
        count=len(reasons),
    )
    _remove(campaign, reasons, exclusion)
    done(by, role, "propose-exclusion", f"{campaign.code}/{exclusion.number}: {len(reasons)}", campaign.unit)
    return exclusion


@transaction.atomic
def confirm_exclusion(exclusion: Exclusion, *, by: User, office: Unit, answer: str = "") -> None:
    """Confirm an exclusion that another person proposed for another office, and say so in the ledger.

    It takes effect with the certification, or where there is one with its next correction.

    Raises:
        PermissionDenied: this person does not do this for this office, or one of the two people works for
            both offices.
        CannotExclude: it is confirmed or declined already.
        NobodyLeft: what it names was erased since; it can be declined.
        LeavesTooFew: fewer than ten responses of the last block would count.
    """
    campaign = exclusion.campaign
    role = _second(exclusion, by, office)
    since = number_of(campaign) + 1
    _close(exclusion, confirmed_by=by, confirmed_for=office, answer=answer.strip(), since=since)
    if not exclusion.responses.exists():
        raise NobodyLeft(f"all responses of exclusion {exclusion.number} were erased")
    _require_enough(campaign, since)
    say(statements.excluded(exclusion))
    done(by, role, "confirm-exclusion", f"{campaign.code}/{exclusion.number}", campaign.unit)


@transaction.atomic
def decline_exclusion(exclusion: Exclusion, *, by: User, office: Unit, answer: str) -> None:
    """Decline an exclusion that another person proposed for another office, and say why.

    Its responses count again as if nobody had named them, and may be proposed anew. That it was proposed
    and declined is kept.

    Raises:
        PermissionDenied: as of `confirm_exclusion`.
        CannotExclude: it is confirmed or declined already, or no answer is given.
    """
    campaign = exclusion.campaign
    role = _second(exclusion, by, office)
    if not answer.strip():
        raise CannotExclude("whoever declines an exclusion says why")
    _close(exclusion, declined_by=by, declined_for=office, answer=answer.strip())
    Removed.objects.filter(exclusion=exclusion).delete()
    done(by, role, "decline-exclusion", f"{campaign.code}/{exclusion.number}", campaign.unit)


@transaction.atomic
def reveal_controls(campaign: Campaign, commitments: Collection[bytes], *, by: User, office: Unit) -> None:
    """Name the responses that an auditor entered to see whether they would be counted; they are taken off.

    Raises:
        PermissionDenied: this person does not do this for this office.
        CannotExclude: the campaign is not closed, controls are named already, or one is not sealed here.
    """
    role = gate.require(by, "reveal-controls", campaign, office)
    if number_of(campaign):
        raise CannotExclude(f"{campaign.code} is certified; no controls are named any more")
    if not is_said(f"closed/{campaign.code}"):
        raise CannotExclude("control responses are named after the campaign is closed")
    if is_said(f"controls/{campaign.code}") or not commitments:
        raise CannotExclude("control responses are named once, all of them together")
    _remove(campaign, dict.fromkeys(commitments, CONTROL), None)
    _require_enough(campaign, 1)
    say(statements.controls_revealed(campaign, sorted(commitments)))
    done(by, role, "reveal-controls", f"{campaign.code}: {len(commitments)}", campaign.unit)


@transaction.atomic
def certify(campaign: Campaign, *, by: User | None, at: datetime) -> Certification:
    """Certify the result of a closed campaign, which publishes it: exclusions take effect as one set.

    Once: what is excluded afterwards takes effect with a correction.

    Imported answers are certified by nobody, with their import.

    Raises:
        PermissionDenied: this person does not certify this campaign.
        CannotCertify: it is not closed in the ledger, or it is certified already.
        NotVerified: there is an office above its unit, which has not verified it.
        SheetIncomplete: a field of the methods sheet is empty.
        TooFewLeft: exclusions leave too few responses.
    """
    role = None if by is None else gate.require(by, "certify", campaign)
    if role is None and not campaign.source:
        raise PermissionDenied
    if number_of(campaign):
        raise CannotCertify(f"{campaign.code} is certified already")
    if not is_said(f"closed/{campaign.code}"):
        raise CannotCertify(f"{campaign.code} is not closed in the ledger yet")
    if empty := empty_fields(campaign):
        raise SheetIncomplete(empty)
    _go_on(campaign, role, at)
    try:
        counted = count(campaign)
    except Erased as error:
        raise CannotCertify(str(error)) from error
    if not counted.may_be_shown:
        raise TooFewLeft("the exclusions leave too few responses of the last block to show a number")
    certification = Certification(
        campaign=campaign,
        **counted.as_kept(),
        certified_by=by,
        certified_for=role.acts_for if role else campaign.unit,
        certified_at=at,
    )
    certificates.keep(certification)
    say(statements.certified(certification))
    if by is not None:
        done(by, role, "certify", campaign.code, campaign.unit)
    return certification


@transaction.atomic
def tell_published(at: datetime) -> None:
    """Take certified results that stand in the published ledger on to being published, corrected ones too."""
    places = Statement.objects.filter(kind="certified", place__isnull=False)
    steps = Step.objects.filter(campaign=OuterRef("pk")).order_by("-number")
    waiting = Campaign.objects.annotate(at=Subquery(steps.values("stage")[:1])).filter(
        at=Stage.CERTIFIED, certification__isnull=False
    )
    names = {
        statements.certified_id(campaign.code, campaign.certification.number): campaign
        for campaign in waiting.select_related("certification")
    }
    for name in places.filter(name__in=names).values_list("name", flat=True):
        advance(names[name], "publish", {Condition.IN_LEDGER}, at=at)


def _go_on(campaign: Campaign, role: Assignment | None, at: datetime) -> None:
    """Take a campaign on to being certified, by the way that is its own."""
    holds = {Condition.SHEET_COMPLETE}
    if campaign.source:
        holds.add(Condition.IMPORTED)
    if campaign.office_above is None:
        holds.add(Condition.NO_OFFICE_ABOVE)
    deed = "certify-imported" if role is None else certifying_deed(campaign)
    words = Words(statement=statements.certified_id(campaign.code))
    try:
        move(campaign, deed, holds, at=at, role=role, words=words)
    except NotAllowed as error:
        raise NotVerified(str(error)) from error


def _excluding(by: User, campaign: Campaign, office: Unit) -> Assignment:
    """Return the role by which somebody excludes for their own office; PermissionDenied for others.

    A role that was lent makes nobody somebody of another office: else two people of one office would decide.
    """
    role = gate.require(by, "exclude-responses", campaign, office)
    if office not in by.own_offices():
        raise PermissionDenied
    return role


def _second(exclusion: Exclusion, by: User, office: Unit) -> Assignment:
    """Return the role by which a second person answers for a second office; PermissionDenied for others."""
    role = _excluding(by, exclusion.campaign, office)
    if not exclusion.is_answered_by_others(by, office):
        raise PermissionDenied
    _require_own(exclusion.campaign)
    return role


def _close(exclusion: Exclusion, **answer: User | Unit | str | int) -> None:
    """Write the answer of the second office, of which there is one; CannotExclude where it is there."""
    waiting = Exclusion.objects.filter(pk=exclusion.pk, confirmed_by=None, declined_by=None)
    is_first = waiting.update(**answer)
    exclusion.refresh_from_db()
    if not is_first:
        what = "confirmed" if exclusion.confirmed_by_id else "declined"
        raise CannotExclude(f"exclusion {exclusion.number} is {what} already")


def _require_own(campaign: Campaign) -> None:
    """Wait for whoever decides of this campaign now; refuse imported answers, which no office certified."""
    number_of(campaign)
    if campaign.source:
        raise CannotExclude(f"the answers of {campaign.code} were imported; nothing is taken off them")


def number_of(campaign: Campaign) -> int:
    """Wait for whoever decides of this campaign now; return how often it is certified, with corrections."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    numbers = Certification.objects.filter(campaign=campaign).values_list("number", flat=True)
    return numbers.first() or 0


def _require_enough(campaign: Campaign, number: int) -> None:
    """Refuse what would make certification impossible: nothing that two offices decided is taken back."""
    if not leaves_enough(campaign, number):
        raise LeavesTooFew("fewer than ten responses of the last block would count; they could be read")


def _remove(campaign: Campaign, reasons: Mapping[bytes, str], exclusion: Exclusion | None) -> None:
    found = {
        name for _, (name, _, _) in list_named(settings.INTAKE.acting_as("auditor"), campaign.code, reasons)
    }
    if missing := len(reasons.keys() - found):
        raise CannotExclude(
            f"{missing} of {len(reasons)} are not among the sealed responses of {campaign.code}"
        )
    if Removed.objects.filter(campaign=campaign, commitment__in=[name.hex() for name in reasons]).exists():
        raise CannotExclude("a response that is excluded or a control already is named again")
    Removed.objects.bulk_create(
        Removed(campaign=campaign, commitment=name.hex(), reason=reason, exclusion=exclusion)
        for name, reason in reasons.items()
    )
