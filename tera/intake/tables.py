"""The tables of the intake, on SQLite and on PostgreSQL, and one transaction on either.

On SQLite they have a file of their own (`responses.db`), so that a long write of the portal never holds up an
answer; on PostgreSQL a schema of their own. No table has a row id or a time, so no column tells the order of
arrival within a day. What lies between the rows of a file may: docs/privacy.md says what.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_TABLES = {
    # A client key answers once and for ever: the same key gets the same receipt, or a conflict.
    "keys": "client_key {bytes} PRIMARY KEY, commitment {bytes} NOT NULL, mac {bytes} NOT NULL",
    "inbox": "campaign TEXT NOT NULL, commitment {bytes} NOT NULL, salt {bytes} NOT NULL,"
    " body {bytes} NOT NULL, PRIMARY KEY (campaign, commitment)",
    "sealed": "campaign TEXT NOT NULL, commitment {bytes} NOT NULL, block INTEGER NOT NULL,"
    " salt {bytes} NOT NULL, body {bytes} NOT NULL, PRIMARY KEY (campaign, commitment)",
    "blocks": "campaign TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,"
    " responses INTEGER NOT NULL, tally TEXT, is_last INTEGER NOT NULL, PRIMARY KEY (campaign, number)",
    "comments": "id {bytes} PRIMARY KEY, campaign TEXT NOT NULL, comment TEXT NOT NULL",
}

BUSY_SECONDS = 5


class Unavailable(Exception):
    """The database does not answer now; nothing was stored, and the same request may be made again."""


Held = tuple[bytes, bytes, bytes]
"""Commitment, salt and canonical bytes of one response."""


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

    def lock(self, campaign: str, *, is_shared: bool) -> None:
        """Keep the last block of a campaign and its answers apart; SQLite has one writer anyway."""
        if self.is_postgres:
            function = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
            self.inner.execute(f"SELECT {function}(hashtext(%s))", (campaign,))

    def _dialect(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.is_postgres else statement


@dataclass(frozen=True, slots=True)
class Database:
    """Where the responses lie: a file for SQLite, or the URL of a PostgreSQL database."""

    path: Path | None = None
    url: str = ""

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Cursor]:
        """Run a block as one transaction: all of it is durable afterwards, or none of it happened.

        A block that only reads says so, and then waits for nobody.

        Raises:
            Unavailable: the database is gone, or somebody holds it for too long.
        """
        try:
            with self._transaction(writes=writes) as cursor:
                yield cursor
        except (sqlite3.OperationalError, psycopg.OperationalError) as error:
            raise Unavailable(str(error)) from error

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Cursor]:
        if self.path is None:
            with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
                cursor.execute("SET LOCAL search_path TO intake")
                cursor.execute("SET LOCAL synchronous_commit TO on")
                yield Cursor(cursor, is_postgres=True)
            return
        with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = FULL")
            file.execute("PRAGMA secure_delete = ON")
            file.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield Cursor(file.cursor(), is_postgres=False)
            except BaseException:
                file.execute("ROLLBACK")
                raise
            file.execute("COMMIT")

    def create(self) -> None:
        """Create the tables where they are missing; safe to run again."""
        if self.path is None:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("CREATE SCHEMA IF NOT EXISTS intake")
        else:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path)) as file:
                file.execute("PRAGMA journal_mode = WAL")
        kind, ending = ("BYTEA", "") if self.path is None else ("BLOB", " WITHOUT ROWID")
        with self.transaction() as cursor:
            for name, columns in _TABLES.items():
                cursor.run(f"CREATE TABLE IF NOT EXISTS {name} ({columns.format(bytes=kind)}){ending}")
