"""Certified scores of a year about the thresholds of the integrity zone, over all units."""

from dataclasses import asdict
from fractions import Fraction
from itertools import pairwise

from tera.engine.catalogue import get_rulebook
from tera.engine.disclosure import K
from tera.engine.index import MeasureIndex
from tera.engine.result import indices_of
from tera.engine.rulebook import Measure
from tera.portal.results.models import Certification
from tera.portal.results.present import in_order, named_thresholds
from tera.portal.results.queries import shown_tallies
from tera.statistics.screening.evidence import LEVEL
from tera.statistics.screening.heaping import find_heaps

Scores = dict[tuple[str, str], dict[int, Fraction]]
WINDOW = Fraction(1, 50)
"""How far from a threshold is near, as a share of the highest score: 0.3 of 15."""


def heaps_of(year: int) -> list[dict[str, object]]:
    """Return the heaps of each measure with thresholds, as JSON keeps them.

    A unit counts once for each measure, with the survey of the year that ended last. All tests of a year
    share one error.
    """
    scores = _scores(year)
    return [
        _kept(rulebook.id, measure, limits, list(scores[rulebook.id, measure.id].values()), len(scores))
        for rulebook in (get_rulebook(name) for name in sorted({name for name, _ in scores}))
        for measure in in_order(rulebook)
        if (rulebook.id, measure.id) in scores and (limits := list(named_thresholds(rulebook, measure.id)))
    ]


def _scores(year: int) -> Scores:
    """Return the scores by rulebook and measure, and by unit."""
    found: Scores = {}
    certified = Certification.objects.filter(campaign__ends_on__year=year, campaign__source="", count__gte=K)
    ordered = certified.select_related("campaign").defer("strata", "means", "tallies_with")
    for entry in ordered.order_by("campaign__ends_on", "pk").iterator(chunk_size=500):
        for index in _indices(entry):
            by_unit = found.setdefault((index.rulebook.id, index.measure.id), {})
            by_unit[entry.campaign.unit_id] = index.converted
    return found


def _indices(entry: Certification) -> tuple[MeasureIndex, ...]:
    campaign = entry.campaign
    return indices_of(shown_tallies(entry.counted), campaign.instruments, campaign.zone_rulebook)


def _kept(
    rulebook: str, measure: Measure, limits: list[Fraction], scores: list[Fraction], tests: int
) -> dict[str, object]:
    between = [(high - low) / 2 for low, high in pairwise(limits)]
    window = min([measure.maximum.value * WINDOW, *between])
    heaps = [
        {**asdict(heap), "threshold": str(heap.threshold), "window": str(heap.window)}
        for heap in find_heaps(scores, limits, window, LEVEL / tests)
    ]
    return {"rulebook": rulebook, "measure": measure.id, "units": len(scores), "heaps": heaps}
