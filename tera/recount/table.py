"""Opens a CSV or XLSX file as a stream of rows of text, whatever program wrote it.

Separator, byte order mark, line ends and encoding are found out, not asked for. A file that cannot be read as
a table is refused with the reason.
"""

import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from tera.recount import workbook
from tera.recount.workbook import BadFile, Rows

SEPARATORS = ",;\t|"
LONGEST_LINE = 1 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
Known = Callable[[Sequence[str]], int]

__all__ = ["BadFile", "Rows", "opened"]


@contextmanager
def opened(path: Path, known: Known) -> Iterator[Rows]:
    """Open a table and yield its rows, the header first.

    Args:
        path: a CSV or XLSX file, or `-` for stdin.
        known: how many of these cells are column names that somebody wants; the separator and the sheet are
            those that find most of them.

    Raises:
        BadFile: missing, empty, unreadable, or not a table.
    """
    try:
        with _source(path) as file:
            start = file.read(4)
            file.seek(0)
            if not start:
                raise BadFile(f"{path}: the file is empty")
            if start.startswith(_OLE):
                raise BadFile(f"{path}: an old or a protected workbook; save it as XLSX without a password")
            read = workbook.rows if start.startswith(_ZIP) else _csv
            with closing(read(path, file, known)) as rows:
                yield rows
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from error
    except UnicodeError as error:
        raise BadFile(f"{path}: the text is not readable; save the file as CSV UTF-8 or XLSX") from error


@contextmanager
def _source(path: Path) -> Iterator[IO[bytes]]:
    """Open a file; what comes through a pipe is kept in a temporary one, because it is read twice."""
    if str(path) != "-" and (path.is_file() or not path.exists() or path.is_dir()):
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as kept:
        if str(path) == "-":
            shutil.copyfileobj(sys.stdin.buffer, kept)
        else:
            with path.open("rb") as pipe:
                shutil.copyfileobj(pipe, kept)
        kept.seek(0)
        yield kept


def _csv(path: Path, file: IO[bytes], known: Known) -> Rows:
    start = file.read(4)
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    # Columns that nobody asked for may hold any bytes; only names and answers have to be plain.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    try:
        headers = {mark: _header(path, text, mark) for mark in SEPARATORS}
        separator = max(SEPARATORS, key=lambda mark: (known(headers[mark]), len(headers[mark])))
        reader = csv.reader(_lines(path, text), delimiter=separator, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            raise BadFile(f"{path}, line {reader.line_num}: not a CSV file: {error}") from error
    finally:
        text.detach()


def _header(path: Path, text: io.TextIOWrapper, separator: str) -> list[str]:
    try:
        return next(csv.reader(_lines(path, text), delimiter=separator, strict=True), [])
    except csv.Error:
        return []


def _lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines from the first on, without the `sep=;` that a spreadsheet may write before them."""
    text.seek(0)
    first = text.readline(LONGEST_LINE)
    if not first.lower().startswith("sep="):
        text.seek(0)
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise BadFile(f"{path}: a line of more than {LONGEST_LINE} characters; that is no table")
        yield line
