"""Where a unit lies among units of its kind and period below the same office."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tera.engine.rulebook import Measure
from tera.portal.results.charts import low_end, place
from tera.portal.results.present import in_order
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.like import summaries_like


@dataclass(frozen=True, slots=True)
class Other:
    """A unit on the strip."""

    name: str
    value: Fraction
    x: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The units on one line; `against` says how far the own lies above their mean, where that is known."""

    measure: Measure
    units: tuple[Other, ...]
    low: Fraction
    above: int
    against: Mapping[str, Any]

    @property
    def own(self) -> Other:
        """The unit whose dossier it is."""
        return next(unit for unit in self.units if unit.is_own)

    @property
    def difference(self) -> Fraction:
        """How far it lies above the mean of all, or below it."""
        return Fraction(self.against.get("value", 0))

    @property
    def distance(self) -> Fraction:
        """The same without its sign."""
        return abs(self.difference)


def strips(case: Case) -> list[Strip]:
    """Return a strip for each measure that two units or more have.

    Who may compare units sees all that are closed; others, such as the unit itself, those whose results are
    certified and therefore public. What statistics say is of all, so it is for the former only.
    """
    like = [
        entry
        for entry in summaries_like(case.campaign)
        if entry.campaign == case.campaign or case.may_compare or entry.values["is_certified"]
    ]
    found = []
    for measure in in_order(case.campaign.zone_rulebook):
        values = {
            entry.campaign: Fraction(entry.values["zone"][measure.id])
            for entry in like
            if measure.id in entry.values["zone"]
            and entry.campaign.zone_rulebook_id == case.campaign.zone_rulebook_id
        }
        if len(values) < 2 or case.campaign not in values:
            continue
        own, low = values[case.campaign], low_end(values.values(), Fraction(0))
        units = tuple(
            Other(
                campaign.unit.short_name,
                value,
                place(value, low, measure.maximum.value),
                campaign == case.campaign,
            )
            for campaign, value in sorted(values.items(), key=lambda pair: pair[1], reverse=True)
        )
        against = case.values.get("against", {}).get(measure.id, {}) if case.may_compare else {}
        found.append(Strip(measure, units, low, sum(value > own for value in values.values()), against))
    return found
