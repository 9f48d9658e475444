"""A list as XLSX: numbers are numbers, with the exact one as text beside each; no text becomes a formula."""

import io
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tera.portal.proposals.listing.about import rows_about
from tera.portal.proposals.listing.sheets import Cell, Number, Sheet, rows_of_criteria, rows_of_units

Formats = Callable[[int], Format]
HELD = 2  # columns that stay where a sheet is moved sideways


def as_workbook(sheet: Sheet) -> bytes:
    """Return the workbook of a list, in its order and in the language in force."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(written, options) as book:
        names = (_("Daftar"), _("Syarat"), _("Tentang"))
        listed, criteria, about = map(book.add_worksheet, names)
        _table(listed, rows_of_units(sheet), book, (6, 40, 18, 20, 18, 26, 26, 30, 40, 40))
        _table(criteria, rows_of_criteria(sheet), book, (40, 18, 20, 26, 10, 18))
        _write(about, rows_about(sheet), book, (30, 60, 30))
    return written.getvalue()


def _table(sheet: Worksheet, rows: Iterable[Sequence[Cell]], book: Workbook, widths: Sequence[int]) -> None:
    """Write rows that can be filtered, under a head that stays where it is."""
    height, width = _write(sheet, rows, book, widths)
    sheet.freeze_panes(1, HELD)
    sheet.autofilter(0, 0, max(height - 1, 1), width - 1)


def _write(
    sheet: Worksheet, rows: Iterable[Sequence[Cell]], book: Workbook, widths: Sequence[int]
) -> tuple[int, int]:
    """Write rows, and return how many there are and how many columns."""
    bold, formats = book.add_format({"bold": True, "text_wrap": True, "valign": "top"}), _formats(book)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    height = most = 0
    for at, row in enumerate(rows):
        height, most = at + 1, max(most, len(row))
        for place, value in enumerate(row):
            if isinstance(value, Number):
                sheet.write_number(at, place, float(value.value), formats(value.decimals))
            elif isinstance(value, str):
                sheet.write_string(at, place, value, *([] if at else [bold]))
            else:
                sheet.write_number(at, place, float(Fraction(value)), formats(0))
    return height, most


def _formats(book: Workbook) -> Formats:
    """Return what gives the format of numbers with so many decimals; each is made once."""
    known: dict[int, Format] = {}

    def format_of(decimals: int) -> Format:
        if decimals not in known:
            digits = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            known[decimals] = book.add_format({"num_format": digits})
        return known[decimals]

    return format_of
