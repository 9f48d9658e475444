"""Statements of one transaction, written once for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Any

Row = Sequence[bytes | str]
IGNORE = " ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Runs statements written with `?` on either database."""

    inner: Any
    is_postgres: bool

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run one statement and return the number of rows that it changed."""
        self.inner.execute(self._dialect(statement), values)
        return int(self.inner.rowcount)

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values and return the number of rows that they changed."""
        if not rows:
            return 0
        self.inner.executemany(self._dialect(statement), rows)
        return int(self.inner.rowcount)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows that a query finds."""
        self.inner.execute(self._dialect(statement), values)
        return list(self.inner.fetchall())

    def insert(self, table: str, rows: Sequence[Row], *, ending: str = "") -> int:
        """Insert rows of texts and bytes in as few statements as can be; return how many went in.

        Not row by row: a driver gives the interpreter away at each statement, and while another thread
        answers respondents it gets it back late. A batch of 64 then takes six times as long.
        """
        if not rows:
            return 0
        kinds = tuple("text" if isinstance(value, str) else "bytea" for value in rows[0])
        if self.is_postgres:
            self.inner.execute(
                _unnest(table, kinds) + ending, [list(column) for column in zip(*rows, strict=True)]
            )
            return int(self.inner.rowcount)
        flat = [[value.encode() if isinstance(value, str) else value for value in row] for row in rows]
        alike: dict[tuple[int, ...], list[list[bytes]]] = {}
        for row in flat:
            alike.setdefault(tuple(map(len, row)), []).append(row)
        return sum(self._insert_alike(table, kinds, widths, same, ending) for widths, same in alike.items())

    def _insert_alike(
        self,
        table: str,
        kinds: tuple[str, ...],
        widths: tuple[int, ...],
        rows: Sequence[Sequence[bytes]],
        ending: str,
    ) -> int:
        """Insert rows of the same widths: all in one value, cut up by the database."""
        self.inner.execute(
            _cut(table, kinds, widths) + ending, (len(rows), b"".join(chain.from_iterable(rows)))
        )
        return int(self.inner.rowcount)

    def lock(self, campaigns: Sequence[str], *, is_shared: bool) -> None:
        """Keep the last block of a campaign and its answers apart; SQLite has one writer anyway."""
        if self.is_postgres:
            function = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
            statement = f"SELECT {function}(hashtext(code)) FROM unnest(%s::text[]) AS code"  # noqa: S608
            self.inner.execute(statement, (sorted(campaigns),))

    def _dialect(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.is_postgres else statement


@cache
def _unnest(table: str, kinds: tuple[str, ...]) -> str:
    columns = ", ".join(f"%s::{kind}[]" for kind in kinds)
    return f"INSERT INTO {table} SELECT * FROM unnest({columns})"  # noqa: S608  names of our own


@cache
def _cut(table: str, kinds: tuple[str, ...], widths: tuple[int, ...]) -> str:
    """Return the statement that cuts one value into rows; the columns of a row lie one behind the other."""
    starts = accumulate(widths, initial=1)
    parts = [
        f"substr(?2, place * {sum(widths)} + {start}, {width})"
        for start, width in zip(starts, widths, strict=False)
    ]
    columns = ", ".join(
        f"CAST({part} AS TEXT)" if kind == "text" else part for kind, part in zip(kinds, parts, strict=True)
    )
    steps = "SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < ?1"
    places = f"WITH RECURSIVE places(place) AS ({steps})"
    return f"INSERT INTO {table} {places} SELECT {columns} FROM places WHERE true"  # noqa: S608
