"""Charts, laid out here and drawn by templates as SVG.

Places are shares of the width ("53.2%"), so a drawing fills a phone and a wide page alike and its text never
shrinks. They carry a decimal point whatever the language is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.explain import said
from tera.engine.index import MeasureIndex, convert, grade


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a grade begins on the scale of the elements, and its letter."""

    x: str
    grade: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One element: its name, its mean, how far its bar runs, and the grade that the mean would earn."""

    name: str
    mean: Fraction
    width: str
    grade: str
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class ElementChart:
    """The means of all elements, highest first; ties stay in the order of the questionnaire."""

    low: Fraction
    high: Fraction
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]

    @property
    def lowest(self) -> Bar:
        """The element that needs most attention."""
        return self.bars[-1]


def element_chart(result: MeasureIndex, language: str) -> ElementChart:
    """Return the chart of the elements of one index."""
    low, high = result.rulebook.lowest.value, result.rulebook.highest.value
    names = {entry.code: entry.name for entry in result.instrument.elements}
    means = [(entry.code, entry.mean) for entry in result.elements if entry.mean is not None]
    means.sort(key=lambda pair: pair[1], reverse=True)
    least = means[-1][1]
    bars = tuple(
        Bar(
            name=said(names[code], language),
            mean=mean,
            width=place(mean, low, high),
            grade=_grade(mean, result),
            is_lowest=mean == least,
        )
        for code, mean in means
    )
    marks = tuple(Mark(place(start, low, high), letter) for letter, start in _grades(result))
    return ElementChart(low, high, bars, marks)


def _grade(mean: Fraction, result: MeasureIndex) -> str:
    band = grade(convert(mean, result.measure, result.rulebook), result.measure)
    return band.grade if band else ""


def _grades(result: MeasureIndex) -> list[tuple[str, Fraction]]:
    """Return where each grade begins, on the scale of the elements."""
    factor = result.measure.maximum.value / result.rulebook.highest.value
    return [(band.grade, band.start.value / factor) for band in result.measure.bands]


@dataclass(frozen=True, slots=True)
class Scale:
    """A line from the lowest to the highest value with a sign, and a gold line per threshold with its name.

    `reached` is "all", "some" or "none" of the thresholds; each has a sign of its own shape.
    """

    low: Fraction
    high: Fraction
    dot_x: str
    thresholds: tuple[tuple[str, str], ...]
    reached: str


def scale(
    value: Fraction, thresholds: Sequence[tuple[Fraction, str]], low: Fraction, high: Fraction
) -> Scale:
    """Return the scale of a value and of what is asked of it."""
    lines = tuple((place(number, low, high), name) for number, name in thresholds)
    met = {value >= number for number, _ in thresholds}
    reached = "some" if len(met) == 2 else "all" if True in met else "none"
    return Scale(low, high, place(value, low, high), lines, reached)


def place(number: Fraction, low: Fraction, high: Fraction) -> str:
    """Return where a number lies between two ends, as a share of the width; outside them it is on an end."""
    share = (min(max(number, low), high) - low) / (high - low)
    return f"{float(share):.1%}"


def low_end(values: Iterable[Fraction], lowest: Fraction) -> Fraction:
    """Return where scales begin: the half point below all values and thresholds, so no space is wasted."""
    return max(
        min(((value - Fraction(1, 4)) * 2 // 1 / Fraction(2) for value in values), default=lowest), lowest
    )
