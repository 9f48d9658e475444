"""What printed minutes lead to: whether they are as they were drawn up, and in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import checkpoint_of
from tera.portal.review.minutes import statements
from tera.portal.review.minutes.checking import faults_of, kept
from tera.portal.review.minutes.document import Json, fingerprint
from tera.portal.review.minutes.present import signatures_of
from tera.portal.review.minutes.wording import DECISIONS
from tera.portal.review.models import Minutes
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a survey, in words; `is_public` once its result is certified."""

    campaign: Campaign
    title: Promise
    follows: Promise
    code: str
    due_on: date | None
    is_public: bool


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
    decided: tuple[Decided, ...]
    signatures: tuple[Json, ...]


def check_minutes(minutes: Minutes) -> CheckedMinutes:
    """Return what is true of minutes now; what was decided is read from the ledger, never the document."""
    checkpoint = checkpoint_of(Files(settings.LOG))
    size = checkpoint.size if checkpoint else 0
    name = statements.minutes_id(minutes.meeting)
    said = kept(name)
    under = minutes.signatures.select_related("office", "minutes__meeting__office").order_by("number")
    names = [str(statements.signed(one)["id"]) for one in under]
    return CheckedMinutes(
        minutes=minutes,
        sha256=fingerprint(minutes.document),
        is_whole=not any(faults_of(minutes)),
        said=said,
        day=date.fromisoformat(said["day"]) if said else None,
        log_place=_place(name, size),
        log_size=size,
        decided=_decided(said),
        signatures=tuple(
            {**shown, "place": _place(each, size)}
            for shown, each in zip(signatures_of(under), names, strict=True)
        ),
    )


def _place(name: str, size: int) -> int | None:
    """Return the place of a statement, counted from 1, once the published ledger of this size holds it."""
    found = Statement.objects.filter(name=name, place__lt=size).values_list("place", flat=True).first()
    return None if found is None else found + 1


def _decided(said: Mapping[str, Any]) -> tuple[Decided, ...]:
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
            is_public=hasattr(known[row["campaign"]], "certification"),
        )
        for row in rows
        if row["campaign"] in known
    )
