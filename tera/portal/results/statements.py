"""What the ledger says of exclusions, controls and certified results; docs/protocol.md is the contract."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from tera.engine.block import root_of
from tera.engine.disclosure import K
from tera.engine.result import indices_of
from tera.engine.tally import EMPTY, Tally
from tera.portal.ledger.models import Statement as Said
from tera.portal.ledger.queries import count_said
from tera.portal.results.models import Certification, Exclusion, Removed, Superseded
from tera.portal.results.queries import shown_tallies
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.statements import Statement, revealed
from tera.portal.units.models import Unit


def excluded(exclusion: Exclusion) -> Statement:
    """Return that two offices exclude responses: how many, and why."""
    code, reasons = (
        exclusion.campaign.code,
        Counter(Removed.objects.filter(exclusion=exclusion).values_list("reason", flat=True)),
    )
    assert exclusion.confirmed_for is not None  # noqa: S101  said when it is confirmed
    return {
        "kind": "excluded",
        "id": f"excluded/{code}/{exclusion.number}",
        "campaign": code,
        "count": reasons.total(),
        "reasons": [{"reason": reason, "count": count} for reason, count in sorted(reasons.items())],
        "proposed_by": exclusion.proposed_for.slug,
        "confirmed_by": exclusion.confirmed_for.slug,
    }


def controls_revealed(campaign: Campaign, commitments: Sequence[bytes]) -> Statement:
    """Return how many control responses an auditor had entered, and the root over them."""
    return {
        "kind": "controls_revealed",
        "id": f"controls/{campaign.code}",
        "campaign": campaign.code,
        "count": len(commitments),
        "root": root_of(sorted(commitments)).hex(),
    }


def certified_id(code: str, number: int = 1) -> str:
    """Return the id of the statement that certifies a campaign; a correction has the next number."""
    return f"certified/{code}/{number}"


def certified(certification: Certification | Superseded) -> Statement:
    """Return a certified result: counts, and if they are of k responses or more, tally and points."""
    campaign, count = certification.campaign, certification.count
    said: Statement = {
        "kind": "certified",
        "id": certified_id(campaign.code, certification.number),
        "campaign": campaign.code,
        "count": count,
        "excluded": certification.excluded,
        "controls": certification.controls,
        "by_unit": certification.certified_for.slug,
    }
    if certification.document:
        said["certificate"] = hashlib.sha256(certification.document.encode()).hexdigest()
    if count < K:
        return said
    tallies, with_ = certification.counted, certification.shown_with
    said |= {"tally": _tally(campaign, tallies), "measures": _measures(campaign, tallies)}
    return said | ({"all": _tally(campaign, with_)} if with_ else {})


def corrected(name: str, reason: str, office: Unit) -> Statement:
    """Return that a statement is corrected, and why; whoever says it holds the place of the next number.

    In the transaction that says it: nobody else takes the same number meanwhile.
    """
    Said.objects.select_for_update().order_by("pk").first()
    return {
        "kind": "corrected",
        "id": f"corrected/{count_said('corrected', 'corrected/') + 1}",
        "statement": name,
        "reason": reason,
        "by_unit": office.slug,
    }


def _tally(campaign: Campaign, tallies: Mapping[str, Tally]) -> list[Statement]:
    return revealed(campaign.form.codes, sum(tallies.values(), EMPTY))


def _measures(campaign: Campaign, tallies: Mapping[str, Tally]) -> list[Statement]:
    """Return the points of every measure of `opened` that has an answer, in its order."""
    rulebooks = {entry.id: entry for entry in (campaign.survey_rulebook, campaign.zone_rulebook)}
    tallies = shown_tallies(tallies)
    return [
        {"measure": f"{found.measure.id}/{rulebook.id}", "points": str(found.points)}
        for rulebook in rulebooks.values()
        for found in indices_of(tallies, campaign.instruments, rulebook)
    ]
