"""Parquet for statistics programs: one small integer column an item, null for a blank."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from tera.recount.export import delimited
from tera.recount.export.dataset import Told, tells_nobody

MEMORY = "256MB"


def write(codes: Sequence[str], rows: Iterable[bytes], path: Path, told: Told = tells_nobody) -> None:
    """Write answers as a Parquet file; a CSV lies beside it while it is written.

    Raises:
        OSError: the folder cannot be written.
    """
    between = path.with_suffix(".between")
    try:
        with between.open("wb") as file:
            delimited.write(codes, rows, file, told)
        _convert(codes, between, path)
    finally:
        between.unlink(missing_ok=True)


def _convert(codes: Sequence[str], source: Path, path: Path) -> None:
    settings: dict[str, bool | int | float | str | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY,
        "temp_directory": str(path.parent),
        "autoinstall_known_extensions": False,  # it fetches nothing
    }
    columns = dict.fromkeys(codes, "UTINYINT")
    with duckdb.connect(config=settings) as connection:
        table = connection.read_csv(str(source), header=True, columns=columns)
        table.write_parquet(str(path), compression="zstd")
