"""Reads of exclusions: what was proposed and became of it, and which responses typed lines name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from tera.engine.response import BadCode
from tera.intake.exporting import list_named
from tera.intake.receipts import find
from tera.portal.accounts.gate import DEED
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event
from tera.portal.results.models import Exclusion, Reason, Removed
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

PERMISSION = "exclude-responses"
HEX_DIGITS = 64
_DEEDS = ("propose-exclusion", "confirm-exclusion", "decline-exclusion")


class Fault(StrEnum):
    """Why a line names no response that could be excluded."""

    NOT_UNDERSTOOD = "not understood"
    NOT_FOUND = "not found"
    NAMED = "named already"


@dataclass(frozen=True, slots=True)
class Lines:
    """What typed lines name: commitments, each once, and which lines (counted from 1) name none, and why."""

    found: tuple[bytes, ...]
    faults: tuple[tuple[int, Fault], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An exclusion with how many responses it names for each reason; no reasons where it was declined.

    `offices` are those in whose name whoever looks at it may answer it.
    """

    exclusion: Exclusion
    reasons: Sequence[tuple[Reason, int]]
    proposed_at: datetime | None
    answered_at: datetime | None
    offices: Sequence[Unit]


def read_lines(campaign: Campaign, text: str) -> Lines:
    """Return the sealed responses of a campaign that lines name, by receipt code or by commitment."""
    typed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    read = {number: _read(line) for number, line in typed}
    wanted = {name for name in read.values() if name}
    database = settings.INTAKE.acting_as("auditor")
    sealed = {name for _, (name, _, _) in list_named(database, campaign.code, wanted)}
    named = Removed.objects.filter(campaign=campaign, commitment__in=[name.hex() for name in sealed])
    taken = {bytes.fromhex(name) for name in named.values_list("commitment", flat=True)}
    faults = [(number, fault) for number, name in read.items() if (fault := _fault(name, sealed, taken))]
    return Lines(tuple(sorted(sealed - taken)), tuple(faults))


def _read(line: str) -> bytes | None:
    """Return the commitment that a line names, empty where there is none; None where it is no name."""
    if len(line) == HEX_DIGITS:
        try:
            return bytes.fromhex(line)
        except ValueError:
            return None
    try:
        place = find(settings.INTAKE, line)
    except BadCode:
        return None
    return place.commitment if place else b""


def _fault(name: bytes | None, sealed: set[bytes], taken: set[bytes]) -> Fault | None:
    if name is None:
        return Fault.NOT_UNDERSTOOD
    if name not in sealed:
        return Fault.NOT_FOUND
    return Fault.NAMED if name in taken else None


def list_proposals(campaign: Campaign, user: User) -> list[Proposal]:
    """Return what was proposed for a campaign, the latest first, as somebody sees it."""
    found = Exclusion.objects.filter(campaign=campaign).select_related(
        "proposed_for", "confirmed_for", "declined_for", "proposed_by"
    )
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    named = Removed.objects.filter(campaign=campaign, exclusion__isnull=False)
    for number, reason in named.values_list("exclusion__number", "reason"):
        counts[number][reason] += 1
    days, offices = dict(_days(campaign)), offices_of(user, campaign)
    return [
        Proposal(
            exclusion=one,
            reasons=[(reason, counts[one.number][reason]) for reason in Reason if counts[one.number][reason]],
            proposed_at=days.get((one.number, True)),
            answered_at=days.get((one.number, False)),
            offices=_second_offices(one, user, offices),
        )
        for one in found.order_by("-number")
    ]


def offices_of(user: User, campaign: Campaign) -> list[Unit]:
    """Return the offices in whose name somebody may propose and answer exclusions; lent roles give none."""
    mine = sorted(user.own_offices(), key=lambda office: office.pk)
    return [office for office in mine if gate.acting(user, PERMISSION, campaign, office) is not None]


def _second_offices(exclusion: Exclusion, user: User, offices: Sequence[Unit]) -> list[Unit]:
    is_answered = exclusion.confirmed_by_id or exclusion.declined_by_id
    if is_answered or exclusion.campaign.source:
        return []
    return [office for office in offices if exclusion.is_answered_by_others(user, office)]


def _days(campaign: Campaign) -> Iterator[tuple[tuple[int, bool], datetime]]:
    """Yield when exclusions were proposed (True) and answered, by number: the audit trail knows."""
    start = f"{campaign.code}/"
    trail = Event.objects.filter(kind=DEED, unit=campaign.unit.slug, deed__in=_DEEDS)
    for event in trail.filter(about__startswith=start).order_by("pk"):
        number = event.about.removeprefix(start).partition(":")[0]
        yield (int(number), event.deed == _DEEDS[0]), event.at
