"""Opens an XLSX workbook as a stream of rows of text.

A formula that was never calculated and an error such as #N/A are not blanks: they are shown as what they are,
so that whoever reads the answers refuses them. A workbook with answers on two sheets is refused.
"""

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import IO

UNCALCULATED = "a formula without a value"
WIDEST = 1000
Rows = Generator[list[str], None, None]


class BadFile(ValueError):
    """The file cannot be used; the message names file, row, column, value and what is allowed."""


def rows(path: Path, file: IO[bytes], known: Callable[[Sequence[str]], int]) -> Rows:
    """Yield the rows of the one sheet whose first row has columns that somebody wants.

    Raises:
        BadFile: not a workbook, or two sheets with such columns.
    """
    try:
        with warnings.catch_warnings():
            # It warns about fonts and validations that it does not keep; answers are not concerned.
            warnings.simplefilter("ignore", UserWarning)
            yield from _rows(path, file, known)
    except (BadFile, GeneratorExit):
        raise
    except Exception as error:
        kind = f"{type(error).__name__}: {error}"[:80]
        raise BadFile(f"{path}: not a readable XLSX file ({kind})") from error


def _rows(path: Path, file: IO[bytes], known: Callable[[Sequence[str]], int]) -> Rows:
    import openpyxl  # noqa: PLC0415  it loads numpy too, which who never opens a workbook need not wait for

    values = openpyxl.load_workbook(file, read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(file, read_only=True)
    firsts = {sheet.title: _first_row(sheet) for sheet in values.worksheets}
    fitting = [title for title, cells in firsts.items() if known(cells)]
    if len(fitting) > 1:
        raise BadFile(f"{path}: answers on the sheets {' and '.join(fitting)}; one sheet is allowed")
    if not firsts:
        raise BadFile(f"{path}: the workbook has no sheet")
    title = fitting[0] if fitting else next(iter(firsts))
    pairs = zip_longest(_cells(values[title]), _cells(formulas[title]), fillvalue=())
    for number, (found, written) in enumerate(pairs, 1):
        if len(found) > WIDEST:
            raise BadFile(f"{path}, row {number}: {len(found)} columns; {WIDEST} are allowed")
        yield [_text(value, cell) for value, cell in zip_longest(found, written)]


def _first_row(sheet: object) -> list[str]:
    return [_text(value, None) for value in next(_cells(sheet), ())[:WIDEST]]


def _cells(sheet: object) -> Iterator[tuple[object, ...]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # what a file says of its size may be wrong
    return iter(sheet.iter_rows(values_only=True))  # type: ignore[attr-defined]


def _text(value: object, written: object) -> str:
    if value is None:
        return UNCALCULATED if isinstance(written, str) and written.startswith("=") else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
