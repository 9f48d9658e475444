"""The certified periods of a unit before that of a campaign."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from tera.engine.index import MeasureIndex
from tera.engine.instrument import Instrument
from tera.engine.result import indices_of, zone_of
from tera.engine.tally import EMPTY, Tally
from tera.portal.results.models import Certification
from tera.portal.results.queries import shown_tallies
from tera.portal.surveys.models import Campaign

MOST_PERIODS = 7
LARGE = ("strata", "means", "tallies_with")


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a unit: its certified campaigns that were answered here, added up."""

    name: str
    campaigns: tuple[Campaign, ...]
    tallies: Mapping[str, Tally]

    @property
    def latest(self) -> Campaign:
        """The campaign that began last; its rules are the period's rules."""
        return self.campaigns[-1]

    @property
    def instruments(self) -> dict[str, Instrument]:
        """What was asked, by id."""
        return {entry.id: entry for campaign in self.campaigns for entry in campaign.instruments}

    @property
    def zone(self) -> dict[str, MeasureIndex]:
        """The indices of the integrity zone."""
        return zone_of(self.tallies, self.instruments.values(), self.latest.zone_rulebook)

    @property
    def by_instrument(self) -> dict[str, MeasureIndex]:
        """An index of each questionnaire, by the survey's rulebook or else the zone's."""
        found = indices_of(self.tallies, self.instruments.values(), self.latest.survey_rulebook)
        return {entry.instrument.id: entry for entry in (*self.zone.values(), *found)}


def periods_before(campaign: Campaign) -> list[Period]:
    """Return the last periods of the unit with a certified result, oldest first."""
    earlier = Certification.objects.filter(
        campaign__unit=campaign.unit, campaign__source="", campaign__starts_on__lt=campaign.starts_on
    ).exclude(campaign__period=campaign.period)
    by_period: dict[str, list[Certification]] = {}
    for entry in earlier.select_related("campaign").defer(*LARGE).order_by("campaign__starts_on"):
        by_period.setdefault(entry.campaign.period, []).append(entry)
    return [_period(name, entries) for name, entries in list(by_period.items())[-MOST_PERIODS:]]


def _period(name: str, entries: list[Certification]) -> Period:
    parts = [shown_tallies(entry.counted) for entry in entries]
    names = {instrument for part in parts for instrument in part}
    tallies = {each: reduce(add, (part.get(each, EMPTY) for part in parts)) for each in sorted(names)}
    return Period(name, tuple(entry.campaign for entry in entries), tallies)
