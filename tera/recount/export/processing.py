"""What stands below the rows of the processing table, as formulas with the engine's exact values.

    sum       = sum of the scores in the column of an item
    count     = number of answers in it
    mean      = sums / counts of the items of an element, on the rulebook's scale        (NRR per unsur)
    weighted  = mean x weight                                                            (NRR tertimbang)
    index     = sum of the weighted means
    converted = index / highest x maximum

Source: PermenPANRB 14/2017, Lampiran, pengolahan data; the figures are those of `tera.engine.index`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.index import ElementMean, MeasureIndex, weight
from tera.recount.export.dataset import Dataset

SUM, COUNT, MEAN, WEIGHTED = "Jumlah nilai", "Jumlah terisi", "NRR per unsur", "NRR tertimbang"
INDEX, CONVERTED, GRADE = "Nilai indeks", "Nilai konversi", "Mutu"


@dataclass(frozen=True, slots=True)
class Cell:
    """A formula, and what it gives."""

    formula: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the rows: its name, and its cells by column."""

    name: str
    cells: Mapping[int, Cell | str]


def lines_below(dataset: Dataset, first: int) -> Iterator[Line]:
    """Yield the lines below rows of which the first is row number `first`, counted from 0."""
    last = first + len(dataset.rows)  # as people count rows, the last of the answers
    columns = {code: place for place, code in enumerate(dataset.codes, 1)}
    answers = {code: f"{name_of(place)}{first + 1}:{name_of(place)}{last}" for code, place in columns.items()}
    joined, width = bytearray(), len(columns)
    for row in dataset.rows:
        joined += row  # bytes.join would take 80 bytes more for each
    answered = {code: joined[place - 1 :: width] for code, place in columns.items()}
    yield Line(
        SUM,
        {
            place: Cell(f"=SUM({answers[code]})", Fraction(sum(answered[code])))
            for code, place in columns.items()
        },
    )
    counts = {code: len(given) - given.count(0) for code, given in answered.items()}
    yield Line(
        COUNT,
        {place: Cell(f"=COUNT({answers[code]})", Fraction(counts[code])) for code, place in columns.items()},
    )
    yield from _measured(dataset.indices, columns, last)


def _measured(indices: Sequence[MeasureIndex], columns: Mapping[str, int], last: int) -> Iterator[Line]:
    """Yield what follows from the sums in row `last` + 1 and the counts in the row after it."""
    means: dict[int, Cell | str] = {}
    weighted: dict[int, Cell | str] = {}
    totals: dict[int, Cell | str] = {}
    converted: dict[int, Cell | str] = {}
    grades: dict[int, Cell | str] = {}
    for found in indices:
        begins, parts = columns[found.instrument.codes[0]], []
        given = [element for element in found.elements if element.mean is not None]
        for element in given:
            place, formula = _mean(found, element, columns, last)
            value = element.mean or Fraction(0)
            share = weight(found.measure, len(given))
            means[place] = Cell(formula, value)
            weighted[place] = Cell(f"={name_of(place)}{last + 3}*{_number(share)}", value * share)
            parts.append(f"{name_of(place)}{last + 4}")
        totals[begins] = Cell(f"=SUM({','.join(parts)})", found.points)
        factor = f"/{_number(found.rulebook.highest.value)}*{_number(found.measure.maximum.value)}"
        converted[begins] = Cell(f"={name_of(begins)}{last + 5}{factor}", found.converted)
        converted[begins + 1] = f"{found.measure.short}, {found.rulebook.title}"
        if found.grade is not None:
            grades[begins] = f"{found.grade.grade} ({found.grade.label['id']})"
    yield Line(MEAN, means)
    yield Line(WEIGHTED, weighted)
    yield Line(INDEX, totals)
    yield Line(CONVERTED, converted)
    yield Line(GRADE, grades)


def _mean(
    found: MeasureIndex, element: ElementMean, columns: Mapping[str, int], last: int
) -> tuple[int, str]:
    """Return in which column the mean of an element stands, and its formula on the rulebook's scale."""
    items = [columns[item.code] for item in found.instrument.items if item.element == element.code]
    mean = f"{_added(items, last + 1)}/{_added(items, last + 2)}"
    rulebook, own = found.rulebook, found.instrument.highest
    lowest, highest = rulebook.lowest.value, rulebook.highest.value
    if own == highest:
        return items[0], f"={mean}"
    if rulebook.six_point_map.rule == "ratio":
        return items[0], f"={mean}*{_number(highest)}/{own}"
    return items[0], f"=({mean}-1)/{own - 1}*{_number(highest - lowest)}+{_number(lowest)}"


def _added(places: Sequence[int], row: int) -> str:
    """Return the sum of cells in a row as a formula has it."""
    cells = [f"{name_of(place)}{row}" for place in places]
    return f"SUM({','.join(cells)})" if len(cells) > 1 else cells[0]


def _number(value: Fraction) -> str:
    """Return a number as a formula has it, exactly."""
    return str(value) if value.denominator == 1 else f"({value})"


def name_of(place: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
