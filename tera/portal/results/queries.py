"""From blocks to results: every number on a page comes from the tallies of sealed blocks, never from rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.conf import settings

from tera.engine.eligibility import Verdict, judge
from tera.engine.index import MeasureIndex, NoAnswers, NotMeasured, compute
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rulebook
from tera.engine.tally import EMPTY, Tally
from tera.intake.blocks import Block, K, list_blocks
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import AnswerCount, count_answers
from tera.portal.units.models import Unit

TARGETS = ("wbk", "wbbm")


@dataclass(frozen=True, slots=True)
class Result:
    """What one or more campaigns of a unit and period found so far.

    `indices` are those of the survey's own rulebook, `zone` those of the integrity zone's by measure id;
    `verdicts` by target. With fewer than k sealed responses there is no index and no verdict.
    """

    campaigns: tuple[Campaign, ...]
    blocks: tuple[Block, ...]
    count: AnswerCount
    tallies: Mapping[str, Tally]
    indices: tuple[MeasureIndex, ...]
    zone: Mapping[str, MeasureIndex]
    verdicts: Mapping[str, Verdict]

    @property
    def campaign(self) -> Campaign:
        """The campaign that began last; its rules are the result's rules."""
        return self.campaigns[-1]

    @property
    def codes(self) -> tuple[str, ...]:
        """The items that any of the campaigns asks, in the order of the questionnaires."""
        return tuple(dict.fromkeys(code for campaign in self.campaigns for code in campaign.form.codes))

    @property
    def unit(self) -> Unit:
        """The unit."""
        return self.campaign.unit

    @property
    def has_index(self) -> bool:
        """Say whether enough responses are sealed to show any number but counts."""
        return bool(self.indices or self.zone)

    @property
    def hidden_items(self) -> set[str]:
        """The items that fewer than k people answered; neither pages nor exports show them."""
        return {code for tally in self.tallies.values() for code, row in tally.counts.items() if not row}

    @property
    def n(self) -> int:
        """The smallest number of respondents of the measures in the verdict."""
        return min((found.n for found in self.zone.values()), default=0)


def result_with(campaign: Campaign) -> Result:
    """Return the result of a campaign together with the others of its unit and period."""
    others = Campaign.objects.filter(unit=campaign.unit, period=campaign.period, source=campaign.source)
    return result_of(list(others.select_related("unit__parent").order_by("starts_on", "code")))


def result_of(campaigns: Sequence[Campaign]) -> Result:
    """Return the pooled result of campaigns of one unit and period."""
    codes = [campaign.code for campaign in campaigns]
    blocks = list_blocks(settings.INTAKE, codes)
    return _result(campaigns, blocks, count_answers(campaigns, blocks))


def results_below(region: Unit, period: str) -> list[tuple[Unit, Result | None]]:
    """Return every unit below a regional office with its result, or None where nothing was opened."""
    units = list(Unit.objects.filter(parent=region).order_by("kind", "name"))
    campaigns = list(
        Campaign.objects.filter(unit__in=units, period=period)
        .select_related("unit")
        .order_by("starts_on", "code")
    )
    blocks = list_blocks(settings.INTAKE, [campaign.code for campaign in campaigns])
    counts = count_answers(campaigns, blocks)
    by_unit = {unit.pk: [entry for entry in campaigns if entry.unit_id == unit.pk] for unit in units}
    return [(unit, _result(by_unit[unit.pk], blocks, counts) if by_unit[unit.pk] else None) for unit in units]


def list_periods(region: Unit) -> list[str]:
    """Return the periods in which units below a regional office were surveyed, latest first."""
    found = Campaign.objects.filter(unit__parent=region).order_by("-starts_on", "period")
    return list(dict.fromkeys(found.values_list("period", flat=True)))


def _result(
    campaigns: Sequence[Campaign], blocks: Iterable[Block], counts: Mapping[str, AnswerCount]
) -> Result:
    codes = {campaign.code for campaign in campaigns}
    own = tuple(block for block in blocks if block.campaign in codes)
    tallies = _pooled(own)
    latest = campaigns[-1]
    asked = {entry.id: entry for campaign in campaigns for entry in campaign.instruments}
    zone = _zone(tallies, asked.values(), latest.zone_rulebook)
    mine = [counts[code] for code in codes]
    total = AnswerCount(
        sum(count.sealed for count in mine),
        sum(count.waiting for count in mine),
        sum(count.target for count in mine),
    )
    return Result(
        campaigns=tuple(campaigns),
        blocks=own,
        count=total,
        tallies=tallies,
        indices=_indices(tallies, asked.values(), latest.survey_rulebook),
        zone=zone,
        verdicts=_verdicts(zone, latest.zone_rulebook),
    )


def _pooled(blocks: Iterable[Block]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for block in blocks:
        for name, tally in block.tallies.items():
            tallies[name] = tallies.get(name, EMPTY) + tally
    return {name: _shown(tally) for name, tally in tallies.items() if tally.respondents >= K}


def _shown(tally: Tally) -> Tally:
    """Return a tally without the items that fewer than k people answered: they count as not answered."""
    counts = {code: row if sum(row.values()) >= K else {} for code, row in tally.counts.items()}
    return replace(tally, counts=counts)


def _indices(
    tallies: Mapping[str, Tally], asked: Iterable[Instrument], rulebook: Rulebook
) -> tuple[MeasureIndex, ...]:
    found = []
    for instrument in asked:
        try:
            found.append(compute(tallies.get(instrument.id, EMPTY), instrument, rulebook))
        except (NoAnswers, NotMeasured):
            continue  # Another rulebook of the campaign measures what this instrument asks.
    return tuple(found)


def _zone(
    tallies: Mapping[str, Tally], asked: Iterable[Instrument], rulebook: Rulebook
) -> dict[str, MeasureIndex]:
    by_construct = {entry.construct: entry for entry in asked if entry.id in tallies}
    found = {}
    for measure in rulebook.measures:
        construct = next((name for name in measure.constructs if name in by_construct), None)
        if construct is not None:
            instrument = by_construct[construct]
            found[measure.id] = compute(tallies[instrument.id], instrument, rulebook)
    return found


def _verdicts(zone: Mapping[str, MeasureIndex], rulebook: Rulebook) -> dict[str, Verdict]:
    if not zone:
        return {}
    values: dict[str, Fraction | str] = {name: found.converted for name, found in zone.items()}
    n = min(found.n for found in zone.values())
    return {target: judge(rulebook, target, values, n, survey_only=True) for target in TARGETS}
