"""What counts of a closed campaign: its blocks without control responses and without what was excluded."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.conf import settings

from tera.engine import disclosure
from tera.engine.breakdown import Breakdown, Strata, without, write_means
from tera.engine.breakdown import pooled as pooled_strata
from tera.engine.tally import Tally, as_values
from tera.intake.blocks import list_blocks, list_breakdowns
from tera.intake.counting import strata_of, tallies_of
from tera.intake.exporting import list_named
from tera.intake.tables import Held
from tera.portal.ledger.models import Statement
from tera.portal.results import certificates, statements
from tera.portal.results.models import CONTROL, Certification, Removed
from tera.portal.results.queries import list_removed, pooled
from tera.portal.surveys.models import Campaign

Found = Sequence[tuple[int, Held]]


class Erased(ValueError):
    """A response that is to be taken off was erased, so its answers cannot be."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many responses count, how many do not, and the tallies by instrument id.

    `tallies_with` has the excluded responses in it. `means` are those of respondents who count, by instrument
    id, and `strata` the same by service, month and channel; empty where the blocks do not have them.
    `may_be_shown` is false where a number would be about fewer than k of the last block.
    """

    count: int
    excluded: int
    controls: int
    tallies: Mapping[str, Tally]
    tallies_with: Mapping[str, Tally]
    means: Mapping[str, Counter[Fraction]]
    strata: Strata
    may_be_shown: bool


def count(campaign: Campaign) -> Counted:
    """Count a closed campaign; Erased where what is excluded is not there any more."""
    blocks, removed = list_blocks(settings.INTAKE, [campaign.code]), list_removed([campaign])
    controls = _found(campaign, [entry for entry in removed if entry.reason == CONTROL])
    excluded = _found(campaign, [entry for entry in removed if entry.reason != CONTROL])
    last, has_earlier = blocks[-1], len(blocks) > 1
    from_last = sum(number == last.number for number, _ in (*controls, *excluded))
    with_ = _without(pooled(blocks), campaign, controls)
    tallies = _without(with_, campaign, excluded)
    means, strata = _spread(campaign, (*controls, *excluded), tallies)
    return Counted(
        count=sum(block.responses for block in blocks) - len(removed),
        excluded=len(excluded),
        controls=len(controls),
        tallies=tallies,
        tallies_with=with_,
        means=means,
        strata=strata,
        may_be_shown=disclosure.may_certify(last.responses, from_last, has_earlier=has_earlier),
    )


def leaves_enough(campaign: Campaign) -> bool:
    """Say whether what is excluded by now leaves a result that may be certified."""
    blocks = list_blocks(settings.INTAKE, [campaign.code])
    return not (blocks and blocks[-1].is_last) or count(campaign).may_be_shown


def faults_of(campaign: Campaign) -> Iterator[str]:
    """Yield where a certified result does not follow from the blocks, or the ledger says another one."""
    certification = Certification.objects.filter(campaign=campaign).first()
    said = Statement.objects.filter(name=statements.certified_id(campaign.code)).first()
    if certification is None or said is None:
        if certification or said:
            yield f"{campaign.code} is certified in the ledger or in the database, not in both"
        return
    if said.as_said() != statements.certified(certification):
        yield f"the ledger says something else under {said.name} than the database holds"
    yield from certificates.faults_of(certification)
    try:
        counted = count(campaign)
    except Erased:
        return  # what is certified stays; it cannot be counted again
    kept = (certification.count, certification.excluded, certification.controls)
    means = {name: write_means(found) for name, found in counted.means.items()}
    same = as_values(counted.tallies) == certification.tallies and certification.means in ({}, means)
    if kept != (counted.count, counted.excluded, counted.controls) or not same:
        yield f"the certified result of {campaign.code} does not follow from its blocks"


def _found(campaign: Campaign, removed: Sequence[Removed]) -> Found:
    """Return responses that are taken off, with their blocks."""
    auditor = settings.INTAKE.acting_as("auditor")
    names = [bytes.fromhex(entry.commitment) for entry in removed]
    found = list_named(auditor, campaign.code, names)
    if len(found) != len(names):
        raise Erased(f"a response of {campaign.code} that is to be taken off was erased")
    return found


def _without(tallies: Mapping[str, Tally], campaign: Campaign, removed: Found) -> dict[str, Tally]:
    others = tallies_of(campaign.form, [held for _, held in removed])
    return {name: tally - others[name] for name, tally in tallies.items()}


def _spread(
    campaign: Campaign, removed: Found, tallies: Mapping[str, Tally]
) -> tuple[dict[str, Counter[Fraction]], Strata]:
    """Return the means of respondents who count, and the same by stratum where every block is stratified.

    Only of questionnaires on which each of them answered every item: otherwise a mean is not what the index
    estimates, and would tell of answers to items that are not shown because few gave them.
    """
    kept = sum((part for *_, part in list_breakdowns(settings.INTAKE, [campaign.code])), Breakdown())
    off = strata_of(campaign.form, [held for _, held in removed])
    gone = pooled_strata(off)
    means = {name: spread.means - gone.get(name, Counter()) for name, spread in kept.spreads.items()}
    whole = {name: found for name, found in means.items() if _is_whole(found, tallies.get(name))}
    # Of fewer than k responses in all no breakdown is kept, so there are no strata to take anything from.
    return whole, without(kept.strata, off) if kept.spreads and kept.is_stratified else {}


def _is_whole(means: Counter[Fraction], tally: Tally | None) -> bool:
    return tally is not None and means.total() == tally.complete
