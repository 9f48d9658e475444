"""CSV for programs (RFC 4180): commas, UTF-8, a header of codes, an empty cell for a blank."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

from tera.recount.export.dataset import STEP, Told, tells_nobody

_TEXT = [b"", *(str(score).encode() for score in range(1, 256))].__getitem__
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def chunks(codes: Sequence[str], rows: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file of answers piece by piece, the header first; a row has one byte for each code."""
    yield (",".join(codes) + "\r\n").encode()
    rest = iter(rows)
    while some := [b",".join(map(_TEXT, row)) for row in islice(rest, STEP)]:
        yield b"\r\n".join(some) + b"\r\n"


def write(codes: Sequence[str], rows: Iterable[bytes], file: IO[bytes], told: Told = tells_nobody) -> None:
    """Write answers as CSV."""
    for number, chunk in enumerate(chunks(codes, rows)):
        file.write(chunk)
        told(number * STEP)


def text(rows: Iterable[Sequence[str | int]]) -> str:
    """Return a short table of texts as CSV, in which a spreadsheet takes no text for a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([[_harmless(cell) for cell in row] for row in rows])
    return written.getvalue()


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
