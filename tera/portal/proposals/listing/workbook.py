"""A list as XLSX: numbers are numbers, with the exact one as text beside each; no text becomes a formula.

Written in Indonesian, in the words of the office: a file is a working paper.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

import xlsxwriter
from django.utils import translation
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tera.engine.explain import SIGNS
from tera.engine.nearness import Nearness
from tera.engine.number import exact
from tera.engine.proposal import Stage
from tera.engine.rulebook import RESPONDENTS, Criterion
from tera.portal.proposals.cases.wording import STAGES
from tera.portal.proposals.listing.choosing import Asked
from tera.portal.proposals.listing.lines import Line, asked_by, columns_of, rulebooks_of
from tera.portal.proposals.listing.saying import limits, missing_of, near
from tera.portal.proposals.listing.wording import STATES, TITLES
from tera.portal.units.models import Unit, UnitKind

LIST, CRITERIA, ABOUT = "Daftar", "Syarat", "Tentang"
DECIMALS, LANGUAGE = 4, "id"
Cell = str | Fraction | int
OF_CRITERIA = (
    *("Unit", "Kode", "Aturan", "Predikat", "Syarat", "Nilai", "Nilai tepat", "Tanda", "Ambang"),
    *("Terpenuhi", "Kurang", "Kurang tepat", "Pasal"),
)


def as_workbook(
    lines: Sequence[Line],
    asked: Asked,
    *,
    office: Unit,
    offices: Mapping[int, tuple[str, str]],
    cases: Mapping[int, tuple[int, Stage]],
    made_at: datetime,
) -> bytes:
    """Return the workbook of a list, in its order."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with translation.override(LANGUAGE), xlsxwriter.Workbook(written, options) as book:
        bold = book.add_format({"bold": True})
        listed = book.add_worksheet(LIST)
        _write(listed, _listed(lines, asked, offices, cases), bold, (6, 40, 18, 26, 26, 22, 20, 40))
        _write(book.add_worksheet(CRITERIA), _criteria(lines, asked.title), bold, (40, 18, 22, 10, 12))
        _write(book.add_worksheet(ABOUT), _about(lines, asked, office, made_at), bold, (24, 90))
    return written.getvalue()


def _write(sheet: Worksheet, rows: Iterable[Sequence[Cell]], bold: Format, widths: Sequence[int]) -> None:
    sheet.freeze_panes(1, 0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, place, value, *([] if at else [bold]))
            else:
                sheet.write_number(at, place, float(value))


def _listed(
    lines: Sequence[Line],
    asked: Asked,
    offices: Mapping[int, tuple[str, str]],
    cases: Mapping[int, tuple[int, Stage]],
) -> Iterator[Sequence[Cell]]:
    measures = list(dict.fromkeys(one.short for rules in rulebooks_of(lines) for one in columns_of(rules.id)))
    points = [f"{name}{part}" for name in measures for part in ("", " tepat", " dari")]
    head = ("No.", "Unit", "Kode", "Jenis", "Kantor di atas unit", "Aturan", "Keadaan", "Yang masih kurang")
    yield (*head, "Usulan", "Responden", *points)
    kinds = dict(UnitKind.choices)
    for number, line in enumerate(lines, 1):
        case = cases.get(line.unit)
        yield (
            number,
            line.name,
            line.slug,
            kinds[line.kind],
            offices[line.office][1],
            line.rulebook_id,
            str(STATES[line.state]),
            "; ".join(missing_of(line, asked.title, LANGUAGE)),
            str(STAGES[case[1]]) if case else "",
            "" if line.why else line.n,
            *_points(line, measures),
        )


def _points(line: Line, measures: Sequence[str]) -> Iterator[Cell]:
    own = {one.short: one for one in columns_of(line.rulebook_id)} if line.rulebook_id else {}
    for name in measures:
        measure = own.get(name)
        value = line.points.get(measure.id) if measure else None
        if measure is None or value is None:
            yield from ("", "", "")
        else:
            yield from (_near(value, line, measure.id), exact(value), measure.maximum.value)


def _criteria(lines: Sequence[Line], title: str) -> Iterator[Sequence[Cell]]:
    yield OF_CRITERIA
    for line in lines:
        missing = dict(line.missing)
        for criterion in asked_by(line.rulebook_id, title).values() if line.rulebook_id else ():
            yield (
                line.name,
                line.slug,
                line.rulebook_id,
                TITLES[title],
                *_criterion(line, criterion, missing),
            )


def _criterion(line: Line, criterion: Criterion, missing: Mapping[str, Fraction | None]) -> Iterator[Cell]:
    of_people = criterion.measure == RESPONDENTS
    value = Fraction(line.n) if of_people and line.points else line.points.get(criterion.measure)
    short_by = missing.get(criterion.id)
    yield "Jumlah responden" if of_people else criterion.measure.upper()
    yield from ("", "") if value is None else (_near(value, line, criterion.measure), exact(value))
    yield from (SIGNS[criterion.op], criterion.threshold)
    yield "ya" if criterion.id not in missing else "tidak diketahui" if value is None else "tidak"
    if value is None or short_by is None or isinstance(criterion.threshold, str):
        yield from ("", "")
    else:
        yield from (criterion.threshold - _near(value, line, criterion.measure), exact(short_by))
    yield criterion.article


def _near(value: Fraction, line: Line, measure: str) -> Fraction:
    """Return a number with four decimals, or as many as it takes not to look like a threshold it misses."""
    digits, decimals = near(value, limits(line.rulebook_id, measure), DECIMALS)
    return Fraction(digits, 10**decimals)


def _about(lines: Sequence[Line], asked: Asked, office: Unit, made_at: datetime) -> Iterator[Sequence[Cell]]:
    rulebooks = "; ".join(f"{rules.title} ({rules.id})" for rules in rulebooks_of(lines))
    yield ("Daftar unit", f"{TITLES[asked.title]}, {asked.period}")
    yield ("Kantor", office.name)
    yield ("Periode", asked.period)
    yield ("Aturan", rulebooks or "belum ada hasil yang disahkan")
    yield ("Dibuat pada", f"{made_at:%d-%m-%Y %H:%M} {office.get_zone_display()}")
    yield ("Isi", "Hanya hasil yang sudah disahkan, dan hanya syarat yang dijawab oleh survei.")
    yield (
        "Nilai",
        'Dibulatkan ke empat desimal; kolom "tepat" berisi bilangan persisnya, dan itulah yang dinilai.',
    )
    counted = {state: sum(line.state == state for line in lines) for state in Nearness}
    yield from ((f"Unit yang {STATES[state]}", n) for state, n in counted.items())
