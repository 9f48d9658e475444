"""Reads of corrected results: what was certified before, and why it is no longer what holds."""

from collections.abc import Collection
from dataclasses import dataclass

from tera.engine.index import MeasureIndex
from tera.engine.result import indices_of, zone_of
from tera.portal.results.models import Superseded
from tera.portal.results.present import in_order
from tera.portal.results.queries import shown_tallies
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Former:
    """A result that was corrected, with its indices as they were shown: the survey's own, then the zone's."""

    kept: Superseded
    measures: tuple[MeasureIndex, ...]


def list_formers(campaigns: Collection[Campaign]) -> list[Former]:
    """Return the former results of campaigns, the one that was corrected last first."""
    kept = Superseded.objects.filter(campaign__in=campaigns).select_related("campaign__unit", "replaced_for")
    return [Former(one, _measures(one)) for one in kept.order_by("-replaced_at", "-number")]


def document_of(campaign: Campaign, number: int) -> str:
    """Return the certificate with a number, former ones too; "" where there is none."""
    if number == campaign.certification.number:
        return campaign.certification.document
    kept = Superseded.objects.filter(campaign=campaign, number=number)
    return kept.values_list("document", flat=True).first() or ""


def _measures(one: Superseded) -> tuple[MeasureIndex, ...]:
    campaign = one.campaign
    tallies, asked = shown_tallies(one.counted), campaign.instruments
    own = indices_of(tallies, asked, campaign.survey_rulebook)
    zone, known = zone_of(tallies, asked, campaign.zone_rulebook), {found.instrument.id for found in own}
    rest = [zone[measure.id] for measure in in_order(campaign.zone_rulebook) if measure.id in zone]
    return (*own, *(found for found in rest if found.instrument.id not in known))
