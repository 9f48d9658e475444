"""The certified results upon which a proposal rests: those of one unit and one period, counted together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from tera.engine.certificate import Verified
from tera.engine.eligibility import Verdict, judge
from tera.engine.index import MeasureIndex
from tera.engine.result import zone_of
from tera.engine.rulebook import Rulebook
from tera.engine.workflow import Stage
from tera.portal.results.queries import Result, certified_statements, result_of, verification_of
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


@dataclass(frozen=True, slots=True)
class Basis:
    """What is certified of a unit in a period: nothing as long as one of its surveys is not.

    `results` are the ids of the certified statements, sorted; `minutes` those of the minutes that verified
    them. `n` is the smallest number of respondents of the measures, None without a measure.
    """

    result: Result | None
    results: tuple[str, ...]
    minutes: tuple[str, ...]
    values: Mapping[str, Fraction]
    n: int | None

    @property
    def is_certified(self) -> bool:
        """Say whether there is a result that a proposal may rest upon."""
        return bool(self.results)

    @property
    def is_in_minutes(self) -> bool:
        """Say whether meetings verified all of it."""
        return self.result is not None and len(self.minutes) == len(self.result.campaigns)

    def as_values(self) -> dict[str, Any]:
        """Return what a step keeps of it."""
        return {
            "results": list(self.results),
            "minutes": list(self.minutes),
            "values": {name: str(value) for name, value in self.values.items()},
            "n": self.n,
        }


NOTHING = Basis(None, (), (), {}, None)


def surveys() -> QuerySet[Campaign]:
    """Return the surveys that were answered here.

    Those that a meeting rejected have no result and never get one: they stand in nobody's way.
    """
    return Campaign.objects.filter(source="").exclude(steps__stage=Stage.REJECTED)


def surveys_of(unit: Unit, period: str) -> QuerySet[Campaign]:
    """Return the surveys of a unit and period upon which a proposal may rest, the first one first."""
    found = surveys().filter(unit=unit, period=period)
    return found.select_related("unit__parent").order_by("starts_on", "code")


def results_of(campaigns: Sequence[Campaign]) -> tuple[str, ...]:
    """Return the ids of the statements that certify surveys, sorted; none as long as one is not certified."""
    found = certified_statements(campaigns)
    return tuple(sorted(found)) if len(found) == len(campaigns) else ()


def basis_of(unit: Unit, period: str, rulebook: Rulebook) -> Basis:
    """Return what is certified of a unit in a period, in the points of a rulebook."""
    campaigns = list(surveys_of(unit, period))
    results = results_of(campaigns)
    if not results:
        return NOTHING
    result = result_of(campaigns)
    zone = zone_under(result, rulebook)
    found = [verification_of(campaign) for campaign in campaigns]
    return Basis(
        result=result,
        results=results,
        minutes=tuple(one.minutes for one in found if isinstance(one, Verified)),
        values={name: index.converted for name, index in zone.items()},
        n=min((index.n for index in zone.values()), default=None),
    )


def zone_under(result: Result, rulebook: Rulebook) -> dict[str, MeasureIndex]:
    """Return the indices that a rulebook takes from the answers of a result, by measure id."""
    asked = {entry.id: entry for campaign in result.campaigns for entry in campaign.instruments}
    return zone_of(result.tallies, asked.values(), rulebook)


def survey_verdict(basis: Basis, rulebook: Rulebook, target: str) -> Verdict:
    """Return what the criteria of a title say that a survey can answer."""
    return judge(rulebook, target, dict(basis.values), basis.n, survey_only=True)
