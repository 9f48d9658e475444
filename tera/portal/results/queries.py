"""From blocks to results: every number on a page comes from the tallies of sealed blocks, never from rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from tera.engine import disclosure
from tera.engine.certificate import Unverified, Verified
from tera.engine.disclosure import K
from tera.engine.eligibility import Verdict
from tera.engine.index import MeasureIndex
from tera.engine.result import indices_of, verdicts_of, zone_of
from tera.engine.tally import EMPTY, Tally
from tera.engine.workflow import Stage
from tera.intake.blocks import Block, list_blocks
from tera.portal.ledger.queries import count_said, is_said
from tera.portal.results.models import CONTROL, Certification, Removed
from tera.portal.surveys import periods
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.queries import AnswerCount, count_answers, stood_below
from tera.portal.units.models import Unit
from tera.portal.units.queries import holds

TARGETS = ("wbk", "wbbm")
DECIDED = {"verify": "VERIFIED", "verify-with-notes": "VERIFIED_WITH_NOTES"}  # as minutes call it
_IN_FORCE = Coalesce(F("campaign__certification__number"), 1)
_IS_SAID = Q(reason=CONTROL) | Q(exclusion__confirmed_for__isnull=False)
# Of a response that does not count; one that two offices excluded later counts until the result is corrected.
IS_OFF = Q(reason=CONTROL) | Q(exclusion__confirmed_for__isnull=False, exclusion__since__lte=_IN_FORCE)


@dataclass(frozen=True, slots=True)
class Result:
    """What one or more campaigns of a unit and period found so far.

    `shown` are the blocks that the numbers hold: all once it is certified, and then without exclusions.
    `indices` are those of the survey's own rulebook, `zone` those of the integrity zone's by measure id;
    `verdicts` by target. With fewer than k responses to show there is no index and no verdict.
    """

    campaigns: tuple[Campaign, ...]
    blocks: tuple[Block, ...]
    shown: tuple[Block, ...]
    certifications: tuple[Certification, ...]
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
    def is_certified(self) -> bool:
        """Say whether all of it is certified, so that nothing of it changes any more."""
        return len(self.certifications) == len(self.campaigns)

    @property
    def excluded(self) -> int:
        """How many responses were excluded."""
        return sum(entry.excluded for entry in self.certifications)

    @property
    def removed(self) -> int:
        """How many responses do not count: excluded ones and control responses."""
        return self.excluded + sum(entry.controls for entry in self.certifications)

    @property
    def listed(self) -> tuple[Block, ...]:
        """The blocks whose single answers may be exported.

        Once responses are removed the last one is not among them: of its answers it would show theirs.
        """
        torn = {entry.campaign.code for entry in self.certifications if entry.excluded or entry.controls}
        return tuple(block for block in self.shown if not (block.is_last and block.campaign in torn))

    def listed_items(self, campaign: Campaign) -> set[str]:
        """Return the items of a campaign in such an export.

        Where it leaves out a block, only those that everybody must answer: of others the block may hold few
        answers, and the certified tally has them. What its own result hides stays hidden.
        """
        if self.listed == self.blocks and not count_erased(self.campaigns):
            for entry in self.certifications:
                if entry.campaign == campaign:
                    return _items(shown_tallies(entry.counted))
        return self.shown_items & {item.code for item in campaign.form.items if item.required}

    @property
    def waiting(self) -> int:
        """How many responses are not in the numbers yet."""
        return self.count.total - sum(block.responses for block in self.shown)

    @property
    def has_ended(self) -> bool:
        """Say whether the last block of every campaign is sealed."""
        return sum(block.is_last for block in self.blocks) == len(self.campaigns)

    @property
    def shown_items(self) -> set[str]:
        """The items of which answers are shown, on pages and in exports."""
        return _items(self.tallies)

    @property
    def n(self) -> int:
        """The smallest number of respondents of the measures in the verdict."""
        return min((found.n for found in self.zone.values()), default=0)


class Computed(TypedDict):
    """What follows from tallies."""

    indices: tuple[MeasureIndex, ...]
    zone: Mapping[str, MeasureIndex]
    verdicts: Mapping[str, Verdict]


def result_with(campaign: Campaign) -> Result:
    """Return the result of a campaign together with the others of its unit and period."""
    return result_of(list(alike(campaign).select_related("unit__parent").order_by("starts_on", "code")))


def alike(campaign: Campaign) -> QuerySet[Campaign]:
    """Return a campaign and the others of its unit and period, which are counted together."""
    return Campaign.objects.filter(unit=campaign.unit, period=campaign.period, source=campaign.source)


def result_of(campaigns: Sequence[Campaign]) -> Result:
    """Return the pooled result of campaigns of one unit and period."""
    codes = [campaign.code for campaign in campaigns]
    blocks = list_blocks(settings.INTAKE, codes)
    return _result(campaigns, blocks, count_answers(campaigns, blocks), _certified(campaigns))


def results_each(campaigns: Sequence[Campaign]) -> dict[str, Result]:
    """Return the result of each campaign by itself, by code, with as few queries as for one."""
    blocks = list_blocks(settings.INTAKE, [campaign.code for campaign in campaigns])
    counts, certified = count_answers(campaigns, blocks), _certified(campaigns)
    return {campaign.code: _result([campaign], blocks, counts, certified) for campaign in campaigns}


def results_below(region: Unit, period: str, today: date) -> list[tuple[Unit, Result | None]]:
    """Return the units below a regional office with their results, or None where nothing was opened.

    The tree is that of the period: a campaign belongs to the office above its unit on its first day, and
    stays there when the unit moves.
    """
    campaigns = list(
        Campaign.objects.filter(stood_below(region), period=period, source="")
        .select_related("unit")
        .order_by("starts_on", "code")
    )
    units = _units_below(region, period, today, {campaign.unit for campaign in campaigns})
    blocks = list_blocks(settings.INTAKE, [campaign.code for campaign in campaigns])
    counts, certified = count_answers(campaigns, blocks), _certified(campaigns)
    found: list[tuple[Unit, Result | None]] = []
    for unit in units:
        mine = [entry for entry in campaigns if entry.unit_id == unit.pk]
        found.append((unit, _result(mine, blocks, counts, certified) if mine else None))
    return found


def _units_below(region: Unit, period: str, today: date, surveyed: set[Unit]) -> list[Unit]:
    """Return the units that were surveyed for an office, and those below it that nobody surveyed."""
    known = periods.named(period)
    day = min(known.last, today) if known else today
    here = Unit.objects.filter(holds(day, "versions__"), versions__parent=region)
    elsewhere = Campaign.objects.filter(period=period, source="").exclude(unit__in=surveyed).values("unit")
    found = {*surveyed, *here.exclude(pk__in=elsewhere)}
    return sorted(found, key=lambda unit: (unit.kind, unit.name))


def with_excluded(result: Result) -> Result | None:
    """Return a certified result with the excluded responses in it, where it may be shown beside the other."""
    is_shown = all(entry.shown_with for entry in result.certifications if entry.excluded)
    if not (result.is_certified and result.excluded and is_shown):
        return None
    tallies = _added(entry.shown_with or shown_tallies(entry.counted) for entry in result.certifications)
    return replace(result, tallies=tallies, **_computed(result.campaigns, tallies))


def verification_of(campaign: Campaign) -> Verified | Unverified:
    """Return the minutes in which a result was verified, or why there are none; its certificate says so."""
    if campaign.source:
        return Unverified.IMPORTED
    step = Step.objects.filter(campaign=campaign, stage=Stage.VERIFIED).order_by("number").last()
    if step is None:
        return Unverified.NO_OFFICE_ABOVE
    return Verified(step.statement, DECIDED[step.deed]) if step.statement else Unverified.BEFORE


def count_erased(campaigns: Sequence[Campaign]) -> int:
    """Return how many sealed responses were erased at their respondents' wish."""
    return sum(count_said("erased", f"erased/{campaign.code}/") for campaign in campaigns)


def waiting_for_analysis() -> QuerySet[Certification]:
    """Return the certified results whose precision was not computed yet and can be, the oldest first."""
    waiting = Certification.objects.filter(analysis=None, count__gte=K).exclude(means={})
    return waiting.order_by("certified_at", "pk")


def is_ready(campaign: Campaign) -> bool:
    """Say whether a campaign is closed in the ledger and not certified yet."""
    return is_said(f"closed/{campaign.code}") and not _certified([campaign])


def certified_statements(campaigns: Iterable[Campaign]) -> list[str]:
    """Return the ids of the statements that certify these campaigns as they hold now, sorted by campaign."""
    found = Certification.objects.filter(campaign__in=campaigns).order_by("campaign__code")
    return [f"certified/{code}/{number}" for code, number in found.values_list("campaign__code", "number")]


def list_removed(campaigns: Sequence[Campaign]) -> list[Removed]:
    """Return the responses that do not count, by commitment: controls, and what two offices excluded."""
    return list(Removed.objects.filter(IS_OFF, campaign__in=campaigns).order_by("commitment"))


def list_said(campaign: Campaign) -> list[Removed]:
    """Return the responses of which the ledger says that they are controls or excluded, by commitment."""
    said = Removed.objects.filter(_IS_SAID, campaign=campaign).select_related("exclusion")
    return list(said.order_by("commitment"))


def list_removed_by(campaign: Campaign, number: int) -> list[Removed]:
    """Return the responses that the certification with this number takes off, by commitment."""
    return [one for one in list_said(campaign) if one.exclusion is None or one.exclusion.since <= number]


def list_late(campaign: Campaign) -> list[Removed]:
    """Return the responses that were excluded since the certification: they count until it is corrected."""
    late = Removed.objects.filter(_IS_SAID, campaign=campaign, exclusion__since__gt=_IN_FORCE)
    return list(late.order_by("commitment"))


def count_late(campaigns: Collection[Campaign]) -> int:
    """Return how many responses were excluded since these campaigns were certified."""
    late = Removed.objects.filter(_IS_SAID, campaign__in=campaigns, exclusion__since__gt=_IN_FORCE)
    return late.count()


def correctable() -> QuerySet[Campaign]:
    """Return the campaigns of which two offices excluded k responses or more since the certification."""
    late = Removed.objects.filter(_IS_SAID, exclusion__since__gt=_IN_FORCE).values("campaign")
    enough = late.annotate(n=Count("pk")).filter(n__gte=K)
    return Campaign.objects.filter(pk__in=enough.values("campaign"))


def does_count(campaign: Campaign, commitment: bytes) -> bool | None:
    """Say whether a sealed response counts in the certified result; None before it is certified."""
    if not _certified([campaign]):
        return None
    return not Removed.objects.filter(IS_OFF, campaign=campaign, commitment=commitment.hex()).exists()


def is_to_be_taken_off(code: str, commitment: bytes) -> bool:
    """Say whether a response is named to be taken off a result that is not certified yet: until then needed.

    Once there is a certified result, nobody is kept from erasing: what is excluded late may wait for ever.
    """
    named = Removed.objects.filter(campaign__code=code, commitment=commitment.hex())
    return named.filter(campaign__certification=None).exists()


def list_periods(region: Unit) -> list[str]:
    """Return the periods in which units below a regional office were surveyed, latest first."""
    found = Campaign.objects.filter(stood_below(region), source="").order_by("-starts_on", "period")
    return list(dict.fromkeys(found.values_list("period", flat=True)))


def _result(
    campaigns: Sequence[Campaign],
    blocks: Iterable[Block],
    counts: Mapping[str, AnswerCount],
    certified: Mapping[str, Certification],
) -> Result:
    codes = {campaign.code for campaign in campaigns}
    own = tuple(block for block in blocks if block.campaign in codes)
    shown = tuple(block for block in own if not block.is_last or _is_revealed(block, certified))
    tallies = _disclosed(campaigns, shown, certified)
    mine = [counts[code] for code in codes]
    total = AnswerCount(
        sum(count.sealed for count in mine),
        sum(count.waiting for count in mine),
        sum(count.target for count in mine),
    )
    return Result(
        campaigns=tuple(campaigns),
        blocks=own,
        shown=shown,
        certifications=tuple(certified[code] for code in codes if code in certified),
        count=total,
        tallies=tallies,
        **_computed(campaigns, tallies),
    )


def _computed(campaigns: Sequence[Campaign], tallies: Mapping[str, Tally]) -> Computed:
    """Return what tallies give under the rules of the campaign that began last."""
    latest, asked = campaigns[-1], {entry.id: entry for each in campaigns for entry in each.instruments}
    zone = zone_of(tallies, asked.values(), latest.zone_rulebook)
    return {
        "indices": indices_of(tallies, asked.values(), latest.survey_rulebook),
        "zone": zone,
        "verdicts": verdicts_of(zone, latest.zone_rulebook),
    }


def _is_revealed(block: Block, certified: Mapping[str, Certification]) -> bool:
    """Say whether the certified result of its campaign, of k responses or more, shows a block."""
    return block.campaign in certified and bool(certified[block.campaign].counted)


def _certified(campaigns: Sequence[Campaign]) -> dict[str, Certification]:
    found = (
        Certification.objects.filter(campaign__in=campaigns)
        .select_related("campaign")
        .defer("strata", "document")
    )
    return {entry.campaign.code: entry for entry in found}


def _disclosed(
    campaigns: Sequence[Campaign], shown: Sequence[Block], certified: Mapping[str, Certification]
) -> dict[str, Tally]:
    """Return what may be shown of campaigns together, by instrument id."""
    parts = []
    for campaign in campaigns:
        if campaign.code in certified:
            parts.append(shown_tallies(certified[campaign.code].counted))
            continue
        required = {item.code for item in campaign.form.items if item.required}
        before = pooled(block for block in shown if block.campaign == campaign.code)
        parts.append({name: disclosure.shown_before(tally, required) for name, tally in before.items()})
    together = _added(parts)
    return {name: disclosure.shown(tally) for name, tally in together.items() if tally.respondents >= K}


def _items(tallies: Mapping[str, Tally]) -> set[str]:
    return {code for tally in tallies.values() for code, row in tally.counts.items() if row}


def shown_tallies(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return tallies by instrument id without the items that too few people answered."""
    return {name: disclosure.shown(tally) for name, tally in tallies.items()}


def pooled(blocks: Iterable[Block]) -> dict[str, Tally]:
    """Return the tallies of blocks together, by instrument id."""
    return _added(block.tallies for block in blocks)


def _added(parts: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for part in parts:
        for name, tally in part.items():
            tallies[name] = tallies.get(name, EMPTY) + tally
    return tallies
