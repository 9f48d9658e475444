"""What is done with letters: an office keeps its texts, writes a letter, and voids one that was a mistake."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format

from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import Assignment, User
from tera.portal.proposals.letters.choosing import (
    PERMISSION,
    Candidate,
    candidates,
    chosen_of,
    kinds_for,
)
from tera.portal.proposals.letters.document import Draft, Json, encode, fingerprint, units_of, written
from tera.portal.proposals.letters.fitting import cases_for, resting_upon
from tera.portal.proposals.letters.queries import next_number
from tera.portal.proposals.letters.refusing import CannotWrite, Reason
from tera.portal.proposals.letters.texts import SHARED, Texts, missing, own_texts, tidy, unseen
from tera.portal.proposals.models import Case, Letter, LetterKind, Listed, Template
from tera.portal.units.models import Unit

MOST_REASON, MOST_NAMED = 500, 120


@dataclass(frozen=True, slots=True)
class Wish:
    """Which proposals a letter names, and under which number; `skips`: numbers before it may stay free."""

    cases: Collection[int]
    number: int
    skips: bool = False


def may_write(user: User, office: Unit) -> bool:
    """Say whether somebody writes letters in the name of this very office, and not from above it."""
    return user.acting(PERMISSION, office, office=office) is not None


@transaction.atomic
def keep_texts(
    office: Unit, kind: LetterKind, texts: Texts, *, by: User, at: datetime, for_all: bool = False
) -> None:
    """Keep the texts of an office for a kind of letter; those before stay, and letters keep theirs.

    With `for_all` its other kinds have the same letterhead, place and signatory from now on.

    Raises:
        PermissionDenied: this person does not write letters in the name of this office.
    """
    role = require(by, PERMISSION, office, office=office)
    Unit.objects.select_for_update().get(pk=office.pk)
    shared = {name: texts[name] for name in SHARED}
    for other in LetterKind if for_all else ():
        own = own_texts(office, other)
        if other != kind and own is not None and {**own, **shared} != own:
            _keep(office, other, {**own, **shared}, role, at)
    _keep(office, kind, texts, role, at)


def _keep(office: Unit, kind: LetterKind, texts: Texts, role: Assignment, at: datetime) -> None:
    number = Template.objects.filter(office=office, kind=kind).count() + 1
    done(role.user, role, "keep-letter-texts", f"{office.slug}/{kind}/{number}", office)
    Template.objects.create(office=office, kind=kind, number=number, texts=dict(texts), by=role.user, at=at)


@transaction.atomic
def write(draft: Draft, wish: Wish, *, by: User, at: datetime) -> Letter:
    """Write a letter: from then on it is as it is.

    Raises:
        PermissionDenied: this person does not write such letters in the name of this office.
        CannotWrite: the texts, the day, the number or a proposal do not allow it.
    """
    office = draft.office
    role = require(by, PERMISSION, office, office=office)
    if draft.kind not in kinds_for(by, office):
        raise PermissionDenied(PERMISSION)
    if lacking := missing(draft.texts):
        raise CannotWrite(Reason.TEXTS_MISSING, ", ".join(lacking))
    Unit.objects.select_for_update().get(pk=office.pk)  # its letters are numbered one after the other
    waiting = [case.pk for case in cases_for(office, draft.kind)]
    list(Case.objects.select_for_update().filter(pk__in=waiting).order_by("pk"))
    chosen = chosen_of(candidates(office, draft.kind), set(wish.cases))
    _require_day(draft, chosen, at)
    _require_number(draft, wish)
    document = written(draft, units_of(draft, chosen), wish.number)
    if len(document["named"]) > MOST_NAMED:
        raise CannotWrite(Reason.NUMBER_LONG, document["named"])
    letter = _kept(draft, document, role, at)
    Listed.objects.bulk_create(Listed(letter=letter, case=one.case, step=one.step.number) for one in chosen)
    done(by, role, "write-letter", about(letter), office)
    return letter


def _kept(draft: Draft, document: Json, role: Assignment, at: datetime) -> Letter:
    text = encode(document)
    return Letter.objects.create(
        by=role.user,
        office=draft.office,
        at=at,
        kind=draft.kind,
        year=document["year"],
        number=document["number"],
        named=document["named"],
        dated_on=draft.dated_on,
        document=text,
        sha256=fingerprint(text),
    )


def _require_day(draft: Draft, chosen: Sequence[Candidate], at: datetime) -> None:
    """Refuse a day that has yet to come, or is before the decisions of which the letter tells."""
    zone = ZoneInfo(draft.office.zone)
    today = at.astimezone(zone).date()
    decided = max(one.step.at.astimezone(zone).date() for one in chosen)
    if draft.dated_on > today:
        raise CannotWrite(Reason.DAY_TO_COME, date_format(today, "j F Y"))
    if draft.dated_on < decided:
        raise CannotWrite(Reason.DAY_TOO_EARLY, date_format(decided, "j F Y"))


def _require_number(draft: Draft, wish: Wish) -> None:
    """Refuse a number that is used, or that leaves others free without a word."""
    following = next_number(draft.office, draft.dated_on.year)
    if wish.number < following:
        raise CannotWrite(Reason.NUMBER_TAKEN, following)
    if wish.number > following and not wish.skips:
        raise CannotWrite(Reason.NUMBER_SKIPS, following)


@transaction.atomic
def void(letter: Letter, reason: str, *, by: User, at: datetime) -> None:
    """Void a letter that was a mistake; it keeps its number, and its proposals may be named again.

    Raises:
        PermissionDenied: this person does not write letters in the name of this office.
        CannotWrite: there is no reason, it is voided already, or a proposal went further upon it.
    """
    role = require(by, PERMISSION, letter.office, office=letter.office)
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    reason = " ".join(tidy(reason).split())
    if not reason or unseen(reason) or len(reason) > MOST_REASON:
        raise CannotWrite(Reason.NO_REASON, MOST_REASON)
    if letter.voided_at is not None:
        raise CannotWrite(Reason.VOIDED)
    list(Case.objects.select_for_update().filter(listed__letter=letter).order_by("pk"))
    if refusal := no_void(letter):
        raise refusal
    letter.voided_at, letter.voided_by, letter.void_note = at, by, reason
    letter.save(update_fields=["voided_at", "voided_by", "void_note"])
    done(by, role, "void-letter", about(letter), letter.office)


def no_void(letter: Letter) -> CannotWrite | None:
    """Return why a letter cannot be voided: what was told to the national team is corrected by a letter."""
    names = ", ".join(case.unit.short_name for case in resting_upon(letter))
    return CannotWrite(Reason.RESTED_UPON, names) if names else None


def about(letter: Letter) -> str:
    """Return what the audit trail calls a letter."""
    return f"{letter.office.slug}/{letter.year}/{letter.number}"
