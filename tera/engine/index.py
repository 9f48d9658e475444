"""From a tally to an index: means of elements, the index, its conversion and its grade.

    mean of an element   = sum of the scores of its items / number of answers to them
    index                = sum over elements of mean x weight        (weight 1/x for x elements)
    converted            = index / highest score x maximum           (x 25 for SKM, x 15/4 for IPK)
    grade                = the best band whose lower bound the rounded converted value reaches

Source: PermenPANRB 14/2017, Lampiran, pengolahan data; PermenPANRB 10/2019 for the points of 15 and of 20.
Everything is an exact Fraction; only the grade looks at the rounded value.
"""

from dataclasses import dataclass
from fractions import Fraction

from tera.engine.instrument import Instrument
from tera.engine.number import Converted, Points, rounded, shown
from tera.engine.rulebook import Band, Measure, Rulebook
from tera.engine.tally import Tally


class NoAnswers(ValueError):
    """Nobody answered; publish "no data", never 0."""


class NotMeasured(ValueError):
    """The rulebook has no measure for what this instrument asks."""


@dataclass(frozen=True, slots=True)
class ElementMean:
    """The mean of one element (NRR): n answers, their sum as given, the mean on the rulebook's scale.

    `mean` is None where nobody answered.
    """

    code: str
    n: int
    sum: int
    mean: Points | None


@dataclass(frozen=True, slots=True)
class MeasureIndex:
    """The index of one measure with everything that led to it."""

    rulebook: Rulebook
    instrument: Instrument
    measure: Measure
    n: int
    elements: tuple[ElementMean, ...]
    points: Points
    converted: Converted
    grade: Band | None

    @property
    def points_shown(self) -> str:
        """The index rounded for people, such as `3.15`."""
        return shown(self.points, self.measure.decimals)

    @property
    def converted_shown(self) -> str:
        """The converted index rounded for people, such as `78.63`."""
        return shown(self.converted, self.measure.decimals)


def compute(tally: Tally, instrument: Instrument, rulebook: Rulebook) -> MeasureIndex:
    """Return the index that these answers give under this rulebook.

    Raises:
        NoAnswers: the tally holds no answer to this instrument.
        NotMeasured: the rulebook has no measure for the construct of this instrument.
    """
    measure = rulebook.measure_of(instrument.construct)
    if measure is None:
        raise NotMeasured(f"{rulebook.id} has no measure for {instrument.construct} ({instrument.id})")
    elements = element_means(tally, instrument, rulebook)
    means = [element.mean for element in elements if element.mean is not None]
    if not means:
        raise NoAnswers(f"nobody answered {instrument.id}")
    points = Points(sum((mean * weight(measure, len(means)) for mean in means), Fraction(0)))
    converted = convert(points, measure, rulebook)
    return MeasureIndex(
        rulebook=rulebook,
        instrument=instrument,
        measure=measure,
        n=tally.respondents,
        elements=elements,
        points=points,
        converted=converted,
        grade=grade(converted, measure),
    )


def element_means(tally: Tally, instrument: Instrument, rulebook: Rulebook) -> tuple[ElementMean, ...]:
    """Return the mean of every element, in the order of the instrument."""
    means = []
    for element in instrument.elements:
        n, total = tally.of_items(item.code for item in instrument.items_of(element))
        mean = mapped(Fraction(total, n), instrument, rulebook) if n else None
        means.append(ElementMean(element.code, n, total, mean))
    return tuple(means)


def mapped(mean: Fraction, instrument: Instrument, rulebook: Rulebook) -> Points:
    """Return a mean of the instrument's scale on the rulebook's scale.

    Where both have the same highest score nothing changes. Otherwise the rulebook's named map applies:
    `ratio` is mean x highest / instrument's highest, `linear` is the line through both ends. Both maps are
    affine, so mapping a mean equals the mean of mapped answers.
    """
    lowest, highest = rulebook.lowest.value, rulebook.highest.value
    if instrument.highest == highest:
        return Points(mean)
    if rulebook.six_point_map.rule == "ratio":
        return Points(mean * highest / instrument.highest)
    return Points((mean - 1) / (instrument.highest - 1) * (highest - lowest) + lowest)


def weight(measure: Measure, elements: int) -> Fraction:
    """Return the weight of each of so many elements: exactly 1/x, or the number that the rule names."""
    return measure.weights.value if measure.weights.value is not None else Fraction(1, elements)


def convert(points: Fraction, measure: Measure, rulebook: Rulebook) -> Converted:
    """Return an index of the rulebook's scale as points of the measure's maximum."""
    return Converted(points / rulebook.highest.value * measure.maximum.value)


def grade(converted: Fraction, measure: Measure) -> Band | None:
    """Return the band of a converted value, which is rounded first; None where the measure has no bands."""
    value = rounded(converted, measure.decimals)
    return next((band for band in measure.bands if value >= band.start.value), None)
