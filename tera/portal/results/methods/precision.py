"""How far an index may be off by chance, and how far those who did not answer could move it."""

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.index import MeasureIndex, convert, mapped
from tera.portal.results.proving import means_of
from tera.portal.results.queries import Result
from tera.statistics.uncertainty.gaffke import lower_bound
from tera.statistics.uncertainty.missing import manski_bounds
from tera.statistics.uncertainty.proof import Evidence

SHOWN = 100  # bounds are shown with two decimals


@dataclass(frozen=True, slots=True)
class Precise:
    """An index of the law and its lower bound at 95 %, one-sided; None where it is not known.

    The bound is in the points of the measure and rounded down.
    """

    found: MeasureIndex
    lower: Fraction | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which points the index lies if everybody of the population had answered."""

    found: MeasureIndex
    lowest: Fraction
    highest: Fraction


def measures_of(result: Result) -> list[MeasureIndex]:
    """Return every index of a result, those of the survey's own rulebook first."""
    return [*result.indices, *result.zone.values()]


def precision_of(result: Result) -> dict[str, Precise]:
    """Return each index with its lower bound, by measure and rulebook."""
    means = means_of(result)
    return {
        _name(found): Precise(found, _lower(Evidence(found, means.get(found.instrument.id, Counter()))))
        for found in measures_of(result)
    }


def bounds_of(result: Result, population: int) -> dict[str, Bounds]:
    """Return how far each index could move if everybody of the population had answered.

    There are none where more answered than were served.
    """
    found = {}
    for entry in measures_of(result):
        if 0 < entry.n <= population:
            worst, best = _ends(entry)
            bounds = manski_bounds(entry.points, Fraction(entry.n, population), worst, best)
            low, high = (convert(bound, entry.measure, entry.rulebook) for bound in bounds)
            found[_name(entry)] = Bounds(entry, low, high)
    return found


def _name(found: MeasureIndex) -> str:
    return f"{found.measure.id}/{found.rulebook.id}"


def _ends(found: MeasureIndex) -> tuple[Fraction, Fraction]:
    """Return the points of the rulebook's scale that the worst and the best answers give."""
    worst, best = Fraction(1), Fraction(found.instrument.highest)
    return mapped(worst, found.instrument, found.rulebook), mapped(best, found.instrument, found.rulebook)


def _lower(evidence: Evidence) -> Fraction | None:
    """Return the bound in the points of the measure, rounded down; None where it cannot be judged."""
    if not evidence.is_judged:
        return None
    return Fraction(math.floor(lower_bound(evidence.points, evidence.lowest) * SHOWN), SHOWN)
