"""What counts of a closed campaign: its blocks without control responses and without what was excluded."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.conf import settings

from tera.engine import disclosure
from tera.engine.breakdown import (
    Breakdown,
    Strata,
    read_means,
    without,
    write_means,
    write_strata,
)
from tera.engine.breakdown import pooled as pooled_strata
from tera.engine.disclosure import K
from tera.engine.tally import Tally, as_values, of_values
from tera.intake.blocks import Block, list_blocks, list_breakdowns
from tera.intake.counting import strata_of, tallies_of
from tera.intake.exporting import list_commitments_left, list_named
from tera.intake.tables import Held
from tera.portal.ledger.models import Statement
from tera.portal.results import certificates, statements
from tera.portal.results.models import CONTROL, Certification, Removed, Superseded
from tera.portal.results.queries import list_late, list_removed_by, pooled
from tera.portal.surveys.models import Campaign

Found = Sequence[tuple[int, Held]]
Correction = tuple[str, str, str]


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

    def as_kept(self) -> dict[str, Any]:
        """Return it as the columns of a certification keep it."""
        return {
            "count": self.count,
            "excluded": self.excluded,
            "controls": self.controls,
            "tallies": as_values(self.tallies),
            "tallies_with": as_values(self.tallies_with),
            "means": {name: write_means(means) for name, means in self.means.items()},
            "strata": write_strata(self.strata),
        }


def count(campaign: Campaign, number: int = 1) -> Counted:
    """Count a closed campaign for the certification with this number.

    Raises:
        Erased: what is excluded is not there any more.
    """
    blocks, removed = list_blocks(settings.INTAKE, [campaign.code]), list_removed_by(campaign, number)
    controls = _found(campaign, [entry for entry in removed if entry.reason == CONTROL])
    excluded = _found(campaign, [entry for entry in removed if entry.reason != CONTROL])
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
        may_be_shown=_leaves_enough(campaign, blocks, removed),
    )


def count_again(former: Certification) -> Counted:
    """Count what a correction of a certified result certifies: the former one without what is excluded since.

    From the former numbers, not from the blocks: who was excluded before and was erased then is in neither.
    It has no strata: both results are seen, and of a service perhaps one person is taken off. Means are kept
    where none or at least k complete forms of a questionnaire are taken off.

    Raises:
        Erased: what is excluded since is not there any more.
    """
    campaign, late = former.campaign, list_late(former.campaign)
    blocks, off = list_blocks(settings.INTAKE, [campaign.code]), _found(campaign, late)
    tallies = _without(of_values(former.tallies), campaign, off)
    less = pooled_strata(strata_of(campaign.form, [held for _, held in off]))
    means = {
        name: read_means(kept) - less.get(name, Counter())
        for name, kept in former.means.items()
        if less.get(name, Counter()).total() not in range(1, K)
    }
    return Counted(
        count=former.count - len(late),
        excluded=former.excluded + len(late),
        controls=former.controls,
        tallies=tallies,
        tallies_with=of_values(former.tallies_with),
        means=means,
        strata={},
        may_be_shown=_leaves_enough(campaign, blocks, list_removed_by(campaign, former.number + 1)),
    )


def leaves_enough(campaign: Campaign, number: int = 1) -> bool:
    """Say whether what is excluded by now leaves a result that may be certified under this number."""
    blocks = list_blocks(settings.INTAKE, [campaign.code])
    return not (blocks and blocks[-1].is_last) or _leaves_enough(
        campaign, blocks, list_removed_by(campaign, number)
    )


def _leaves_enough(campaign: Campaign, blocks: Sequence[Block], removed: Sequence[Removed]) -> bool:
    """Say whether enough is left of the last block; of what is taken off some may be erased."""
    auditor, names = settings.INTAKE.acting_as("auditor"), {bytes.fromhex(one.commitment) for one in removed}
    held = [(number, name) for number, (name, _, _) in list_named(auditor, campaign.code, names)]
    found = [*held, *list_commitments_left(auditor, campaign.code)]
    last, has_earlier = blocks[-1], len(blocks) > 1
    from_last = sum(number == last.number and name in names for number, name in found)
    return disclosure.may_certify(last.responses, from_last, has_earlier=has_earlier)


def corrections_said() -> Counter[Correction]:
    """Return how often the ledger says that a statement was corrected, by statement, reason and office."""
    said = map(Statement.as_said, Statement.objects.filter(kind="corrected"))
    return Counter((one["statement"], one["reason"], one["by_unit"]) for one in said)


def faults_of(campaign: Campaign, corrections: Mapping[Correction, int] | None = None) -> Iterator[str]:
    """Yield where a certified result, or one that was corrected, does not follow, or is not what was said.

    Whoever looks at many campaigns reads `corrections_said` once for all.
    """
    code = campaign.code
    former = list(Superseded.objects.filter(campaign=campaign).order_by("number"))
    kept: list[Certification | Superseded] = [*former, *Certification.objects.filter(campaign=campaign)]
    entries = Statement.objects.filter(kind="certified", name__startswith=f"certified/{code}/")
    said = {entry.name: entry for entry in entries}
    names = [statements.certified_id(code, number) for number, _ in enumerate(kept, 1)]
    if {*names} != said.keys() or any(one.number != number for number, one in enumerate(kept, 1)):
        yield f"{code} is certified in the ledger or in the database, not in both"
        return
    for name, one in zip(names, kept, strict=True):
        if said[name].as_said() != statements.certified(one):
            yield f"the ledger says something else under {name} than the database holds"
        yield from certificates.faults_of(one)
        if not _follows(one):
            yield f"the certified result of {code} does not follow from its blocks"
    why = corrections_said() if former and corrections is None else corrections or {}
    for name, one in zip(names, former, strict=False):
        if why.get((name, one.reason, one.replaced_for.slug)) != 1:
            yield f"{name} was corrected, and the ledger does not say so or says another reason"


def _follows(kept: Certification | Superseded) -> bool:
    """Say whether what was certified follows from the blocks, where it can still be counted."""
    try:
        counted = count(kept.campaign, kept.number)
    except Erased:
        return True  # what is certified stays; it cannot be counted again
    numbers = (counted.count, counted.excluded, counted.controls)
    is_same = as_values(counted.tallies) == kept.tallies
    if isinstance(kept, Certification):
        means = {name: write_means(found) for name, found in counted.means.items()}
        # A correction has no means where the first result had none, or where few complete forms are off.
        is_same &= all(means.get(name) == found for name, found in kept.means.items())
        is_same &= kept.number > 1 or kept.means in ({}, means)
    return is_same and numbers == (kept.count, kept.excluded, kept.controls)


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
