"""What printed minutes lead to: whether they are as they were drawn up, and in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise

from tera.engine.certificate import Unverified
from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import checkpoint_of
from tera.portal.results.queries import verification_of
from tera.portal.review.minutes import statements
from tera.portal.review.minutes.checking import faults_of, kept
from tera.portal.review.minutes.codes import grouped
from tera.portal.review.minutes.document import Json, fingerprint
from tera.portal.review.minutes.present import signatures_of
from tera.portal.review.minutes.queries import minutes_about, signatures_under
from tera.portal.review.minutes.wording import DECISIONS
from tera.portal.review.models import Minutes
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


@dataclass(frozen=True, slots=True)
class Verified:
    """What minutes decided of a survey, as the ledger says it under an id: which office, when, and what."""

    office: Unit
    day: date
    decision: Promise
    statement: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a survey, in words, and what became of it by now.

    `later` are newer minutes about it, if there are any; `certified_on` is set once its result is public.
    """

    campaign: Campaign
    title: Promise
    follows: Promise
    code: str
    due_on: date | None
    later: Verified | None
    certified_on: date | None


@dataclass(frozen=True, slots=True)
class CheckedMinutes:
    """Minutes that were looked up: `said` is what the ledger says of them, empty where it knows none.

    `log_place` is where that stands in the published ledger, None until it does; `sha256` is computed now.
    """

    minutes: Minutes
    sha256: str
    is_whole: bool
    said: Mapping[str, Any]
    day: date | None
    log_place: int | None
    log_size: int
    grouped: str
    decided: tuple[Decided, ...]
    signatures: tuple[Json, ...]


def check_minutes(minutes: Minutes) -> CheckedMinutes:
    """Return what is true of minutes now; what was decided is read from the ledger, never the document."""
    checkpoint = checkpoint_of(Files(settings.LOG))
    size = checkpoint.size if checkpoint else 0
    name = statements.minutes_id(minutes.meeting)
    said = kept(name)
    under = signatures_under(minutes).select_related("minutes__meeting__office")
    names = [str(statements.signed(one)["id"]) for one in under]
    return CheckedMinutes(
        minutes=minutes,
        sha256=fingerprint(minutes.document),
        is_whole=not any(faults_of(minutes)),
        said=said,
        day=date.fromisoformat(said["day"]) if said else None,
        log_place=place_of(name, size),
        log_size=size,
        grouped=grouped(minutes.code),
        decided=_decided(minutes, said),
        signatures=tuple(
            {**shown, "place": place_of(each, size)}
            for shown, each in zip(signatures_of(under), names, strict=True)
        ),
    )


def place_of(name: str, size: int) -> int | None:
    """Return the place of a statement, counted from 1, once the published ledger of this size holds it."""
    found = Statement.objects.filter(name=name, place__lt=size).values_list("place", flat=True).first()
    return None if found is None else found + 1


def verified_in(campaign: Campaign) -> Verified | Unverified | None:
    """Return how a certified result was verified, or why it was not; None where no statement says so."""
    found = verification_of(campaign)
    return found if isinstance(found, Unverified) else _said(found.minutes, campaign.code)


def _said(name: str, campaign: str) -> Verified | None:
    """Return what the ledger says under the id of minutes about a campaign, if it says something."""
    said = kept(name)
    decisions = [row["decision"] for row in said.get("decisions", ()) if row["campaign"] == campaign]
    office = Unit.objects.filter(slug=said.get("by_unit", "")).first()
    if office is None or not decisions:
        return None
    return Verified(office, date.fromisoformat(said["day"]), DECISIONS[decisions[0]][0], name)


def _later(minutes: Minutes, campaign: Campaign) -> Verified | None:
    newest = minutes_about(campaign).first()
    if newest is None or newest == minutes:
        return None
    return _said(statements.minutes_id(newest.meeting), campaign.code)


def _decided(minutes: Minutes, said: Mapping[str, Any]) -> tuple[Decided, ...]:
    rows: list[Mapping[str, str]] = list(said.get("decisions", ()))
    codes = [row["campaign"] for row in rows]
    campaigns = Campaign.objects.filter(code__in=codes).select_related("unit", "certification")
    known = {campaign.code: campaign for campaign in campaigns}
    return tuple(
        Decided(
            known[row["campaign"]],
            *DECISIONS[row["decision"]],
            code=row["decision"],
            due_on=date.fromisoformat(row["due_on"]) if "due_on" in row else None,
            later=_later(minutes, known[row["campaign"]]),
            certified_on=_certified_on(known[row["campaign"]]),
        )
        for row in rows
        if row["campaign"] in known
    )


def _certified_on(campaign: Campaign) -> date | None:
    """Return when its result was certified, which is when it became public."""
    certification = getattr(campaign, "certification", None)
    return (
        certification.certified_at.astimezone(ZoneInfo(campaign.unit.zone)).date() if certification else None
    )
