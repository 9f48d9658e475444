"""XLSX: the processing table of the law's annex with its sums, the codebook, and tables of who answered.

One respondent a row and, below, what PermenPANRB 14/2017 (Lampiran, pengolahan data) computes from the rows:
sums, means (NRR), weighted means, index, conversion. These are formulas, and the value that stands with each
is the engine's, so a reader that does not calculate shows the same.
"""

from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tera.recount.export import codebook
from tera.recount.export.dataset import STEP, Dataset, Told, tells_nobody
from tera.recount.export.processing import Line, lines_below

MOST_ROWS = 1_000_000  # a sheet has 1,048,576
ANSWERS, CODEBOOK, RESPONDENTS = "Tabel pengolahan", "Buku kode", "Tabel responden"
NUMBER = "No."


class TooMany(ValueError):
    """A sheet cannot hold so many rows; CSV and Parquet can."""


def write(dataset: Dataset, file: IO[bytes], folder: str, told: Told = tells_nobody) -> None:
    """Write a workbook; rows pass through files in `folder`, so that memory holds one row of them.

    Raises:
        TooMany: there are more rows than a sheet holds.
    """
    if len(dataset.rows) > MOST_ROWS:
        raise TooMany(f"{len(dataset.rows)} rows; a sheet holds {MOST_ROWS}")
    options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        _answers(book.add_worksheet(ANSWERS), dataset, bold, told)
        _listing(book.add_worksheet(CODEBOOK), bold, _codebook(dataset), (22, 40, 14, 30, 8, 60, 8, 30, 40))
        if dataset.tables:
            tables = [codebook.TABLES, *codebook.table_lines(dataset)]
            _listing(book.add_worksheet(RESPONDENTS), bold, tables, (14, 30, 14, 40, 18))


def _answers(sheet: Worksheet, dataset: Dataset, bold: Format, told: Told) -> None:
    sheet.freeze_panes(2, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(dataset.codes), 13)
    sheet.write_row(0, 1, [item.column.upper() for item in dataset.items.values()], bold)
    sheet.write_row(1, 0, [NUMBER, *dataset.codes], bold)
    number = sheet.write_number
    for at, row in enumerate(dataset.rows, 2):
        number(at, 0, at - 1)
        for place, score in enumerate(row, 1):
            if score:
                number(at, place, score)
        if not at % STEP:
            told(at)
    for at, line in enumerate(lines_below(dataset, first=2), len(dataset.rows) + 2):
        _below(sheet, at, line, bold)


def _below(sheet: Worksheet, at: int, line: Line, bold: Format) -> None:
    sheet.write_string(at, 0, line.name, bold)
    for place, cell in sorted(line.cells.items()):
        if isinstance(cell, str):
            sheet.write_string(at, place, cell, bold)
        else:
            sheet.write_formula(at, place, cell.formula, bold, float(cell.value))


def _codebook(dataset: Dataset) -> Iterable[Sequence[str | int]]:
    yield (dataset.title,)
    yield from dataset.about
    yield ()
    yield codebook.HEADER
    yield from codebook.lines(dataset)


def _listing(
    sheet: Worksheet, bold: Format, rows: Iterable[Sequence[str | int]], widths: Sequence[int]
) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    headings = {codebook.HEADER, codebook.TABLES}
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            write_cell = sheet.write_number if isinstance(value, int) else sheet.write_string
            write_cell(at, place, value, *([bold] if row in headings or len(row) == 1 else []))
