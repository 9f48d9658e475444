"""Opens an uploaded file of units: CSV or XLSX, as the recount reads them, within limits."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tera.portal.offices.exchange.columns import is_known
from tera.recount.table import BadFile, opened

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 1_000_000, 30_000_000, 5_000


class Unreadable(ValueError):
    """The file is no table that can be read; the message is a code for which the page has words."""


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file, with the numbers of its rows. The first row is the header."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def read(content: bytes) -> Table:
    """Return the cells of a file, without rows that are blank.

    Raises:
        Unreadable: empty, too large, packed too tightly, or neither CSV nor XLSX.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("file-large")
    if not content.strip():
        raise Unreadable("file-empty")
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        _require_small(Path(file.name))
        try:
            with opened(Path(file.name), lambda cells: sum(map(is_known, cells))) as found:
                lines = list(islice(found, MOST_ROWS + 2))
        except BadFile as error:
            raise Unreadable("file-unreadable") from error
    if not lines:
        raise Unreadable("file-empty")
    if len(lines) > MOST_ROWS + 1:
        raise Unreadable("file-long")
    header = [*lines[0]]
    while header and not header[-1].strip():
        header.pop()
    filled = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))]
    return Table(header, filled)


def _require_small(path: Path) -> None:
    """Refuse a workbook that would fill the memory; no part is unpacked beyond what it says of itself."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(part.file_size for part in book.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("file-unreadable") from error
    if size > MOST_UNPACKED:
        raise Unreadable("file-large")
