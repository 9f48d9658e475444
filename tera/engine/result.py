"""From tallies to a result: the indices that rulebooks give, and what the integrity zone judges of them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from tera.engine.eligibility import Verdict, judge
from tera.engine.index import MeasureIndex, NoAnswers, NotMeasured, compute
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rulebook
from tera.engine.tally import EMPTY, Tally


def indices_of(
    tallies: Mapping[str, Tally], asked: Iterable[Instrument], rulebook: Rulebook
) -> tuple[MeasureIndex, ...]:
    """Return the indices of a rulebook that these tallies give, in the order of the instruments."""
    found = []
    for instrument in asked:
        try:
            found.append(compute(tallies.get(instrument.id, EMPTY), instrument, rulebook))
        except (NoAnswers, NotMeasured):
            continue  # Another rulebook of the campaign measures what this instrument asks.
    return tuple(found)


def zone_of(
    tallies: Mapping[str, Tally], asked: Iterable[Instrument], rulebook: Rulebook
) -> dict[str, MeasureIndex]:
    """Return the indices that the integrity zone judges, by measure id.

    A measure takes the first of its constructs that was asked and has an answer.
    """
    by_construct = {
        entry.construct: entry for entry in asked if any(tallies.get(entry.id, EMPTY).counts.values())
    }
    found = {}
    for measure in rulebook.measures:
        construct = next((name for name in measure.constructs if name in by_construct), None)
        if construct is not None:
            instrument = by_construct[construct]
            found[measure.id] = compute(tallies[instrument.id], instrument, rulebook)
    return found


def verdicts_of(zone: Mapping[str, MeasureIndex], rulebook: Rulebook) -> dict[str, Verdict]:
    """Return, for every title, what the criteria say that a survey can answer; nothing without an index."""
    if not zone:
        return {}
    values: dict[str, Fraction | str] = {name: found.converted for name, found in zone.items()}
    n = min(found.n for found in zone.values())
    return {target.id: judge(rulebook, target.id, values, n, survey_only=True) for target in rulebook.targets}
