"""Opens a CSV or XLSX file as a header and a stream of rows of text, whatever program wrote it.

Separator, byte order mark, line ends and encoding are found out, not asked for. A file that cannot be read as
a table is refused with the reason.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import python_calamine

SEPARATORS = ",;\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = Iterator[list[str]]


class BadFile(ValueError):
    """The file cannot be used; the message names file, row, column, value and what is allowed."""


@contextmanager
def opened(path: Path, known: Callable[[Sequence[str]], int]) -> Iterator[Rows]:
    """Open a table and yield its rows, the header first.

    Args:
        path: a CSV or XLSX file.
        known: how many of these cells are column names that somebody wants; the separator is the one that
            finds most of them.

    Raises:
        BadFile: missing, empty, unreadable, or not a table.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if not start:
                raise BadFile(f"{path}: the file is empty")
            rows = _workbook(path) if start.startswith((_ZIP, _OLE)) else _csv(file, start, known)
            yield rows
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: the text is not readable; save the file as CSV UTF-8 or XLSX") from error
    except csv.Error as error:
        raise BadFile(f"{path}: not a CSV file: {error}") from error


def _csv(file: IO[bytes], start: bytes, known: Callable[[Sequence[str]], int]) -> Rows:
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    # Columns that nobody asked for may hold any bytes; only names and answers have to be plain.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    first = text.readline()
    text.seek(0)
    headers = {mark: next(csv.reader([first], delimiter=mark), []) for mark in SEPARATORS}
    separator = max(SEPARATORS, key=lambda mark: (known(headers[mark]), len(headers[mark])))
    return csv.reader(text, delimiter=separator, strict=True)


def _workbook(path: Path) -> Rows:
    try:
        workbook = python_calamine.load_workbook(str(path))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError) as error:
        raise BadFile(f"{path}: not a readable XLSX file: {error}") from error
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
