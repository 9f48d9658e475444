"""The tables of the intake, on SQLite and on PostgreSQL, and one transaction on either.

On SQLite they have a file of their own (`responses.db`), so that a long write of the portal never holds up an
answer; on PostgreSQL a schema of their own. No table has a row id or a time, so no column tells the order of
arrival within a day. What lies between the rows of a file may: docs/privacy.md says what.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import psycopg

from tera.intake.cursor import Cursor

# Receipts are looked up without their campaign, comments by it.
_INDICES = (
    "CREATE INDEX IF NOT EXISTS sealed_by_commitment ON sealed (commitment)",
    "CREATE INDEX IF NOT EXISTS comments_by_campaign ON comments (campaign, id)",
)
_TABLES = {
    # A client key answers once and for ever: the same key gets the same receipt, or a conflict.
    "keys": "client_key {bytes} PRIMARY KEY, commitment {bytes} NOT NULL, mac {bytes} NOT NULL",
    "inbox": "campaign TEXT NOT NULL, commitment {bytes} NOT NULL, salt {bytes} NOT NULL,"
    " body {bytes} NOT NULL, PRIMARY KEY (campaign, commitment)",
    "sealed": "campaign TEXT NOT NULL, commitment {bytes} NOT NULL, block INTEGER NOT NULL,"
    " salt {bytes} NOT NULL, body {bytes} NOT NULL, PRIMARY KEY (campaign, commitment)",
    "blocks": "campaign TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,"
    " responses INTEGER NOT NULL, tally TEXT, breakdown TEXT, is_last INTEGER NOT NULL,"
    " root {bytes} NOT NULL, tally_hash {bytes} NOT NULL, tally_salt {bytes} NOT NULL,"
    " PRIMARY KEY (campaign, number)",
    # Responses that a block holds and that still lie in the inbox: their commitments, one behind the other.
    "claims": "campaign TEXT NOT NULL, number INTEGER NOT NULL, part INTEGER NOT NULL,"
    " commitments {bytes} NOT NULL, PRIMARY KEY (campaign, number, part)",
    # Erased at the respondent's wish: the commitment stays, so that the root of its block can be computed.
    "erased": "campaign TEXT NOT NULL, number INTEGER NOT NULL, commitment {bytes} NOT NULL,"
    " block INTEGER NOT NULL, PRIMARY KEY (campaign, number)",
    # Tickets let one response in each; what was redeemed keeps the week and leads to no response.
    "tickets": "hash {bytes} PRIMARY KEY, batch TEXT NOT NULL, unit TEXT NOT NULL, service TEXT NOT NULL,"
    " expires_on TEXT NOT NULL",
    "redemptions": "hash {bytes} PRIMARY KEY, batch TEXT NOT NULL, campaign TEXT NOT NULL,"
    " week TEXT NOT NULL",
    "batches": "batch TEXT PRIMARY KEY, issued_on TEXT NOT NULL",
    # How people answered, added up (tera.intake.paradata): since the last block, and what went with one.
    "counters": "campaign TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY (campaign, kind, code)",
    "paradata": "campaign TEXT NOT NULL, block INTEGER NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY (campaign, block, kind, code)",
    "comments": "id {bytes} PRIMARY KEY, campaign TEXT NOT NULL, comment TEXT NOT NULL",
    # What the portal publishes for respondents: `number` grows with every change of any form.
    "forms": "campaign TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, definition TEXT NOT NULL",
    "pages": "campaign TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, page TEXT NOT NULL,"
    " PRIMARY KEY (campaign, language, kind)",
}
# What was said is added and deleted, never changed. Only an administrator can take these triggers away.
NEVER_CHANGE = ("keys", "inbox", "sealed", "blocks", "tickets", "redemptions", "paradata")
_REFUSING = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' never change';
END $$"""
_REFUSED = {
    True: "CREATE TRIGGER never_changes BEFORE UPDATE OR TRUNCATE ON {table}"
    " EXECUTE FUNCTION refuse_change()",
    False: "CREATE TRIGGER IF NOT EXISTS {table}_never_changes BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END",
}

BUSY_SECONDS = 5
# The cliff of an insert comes where the index outgrows the cache; a checkpoint is one more wait for the disk.
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # else a statement's undo log lies in a shared folder, a copy of each page
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 4000",
)
_DAMAGED = (psycopg.errors.IoError, psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)


class Unavailable(Exception):
    """The database does not answer now; nothing was stored, and the same request may be made again."""


class Broken(Unavailable):
    """The disk failed or the file is damaged: whoever writes must stop, because a retry could lie.

    After a failed fsync the kernel may call the pages clean that never reached the disk; what is written then
    would look stored and be gone after the next power cut.
    """


Held = tuple[bytes, bytes, bytes]
"""Commitment, salt and canonical bytes of one response."""
Role = Literal["intake", "sealer", "eraser", "portal", "auditor"]


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection; one thread uses it at a time."""

    inner: Any
    is_postgres: bool

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Cursor]:
        """Run a block as one transaction: all of it is durable afterwards, or none of it happened.

        A block that only reads says so; it then waits for nobody and sees one moment.

        Raises:
            Unavailable: the database is gone, or somebody holds it for too long.
            Broken: the disk failed.
        """
        with _told():
            if self.is_postgres:
                with self.inner.transaction(), self.inner.cursor() as cursor:
                    if not writes:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    yield Cursor(cursor, is_postgres=True)
                return
            self.inner.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield Cursor(self.inner.cursor(), is_postgres=False)
                self.inner.execute("COMMIT")
            except BaseException:
                if self.inner.in_transaction:  # some errors have rolled it back already
                    self.inner.execute("ROLLBACK")
                raise

    @property
    def is_lost(self) -> bool:
        """Whether the server has hung up, so that another connection is needed."""
        return self.is_postgres and bool(self.inner.closed)

    def close(self) -> None:
        """Close it."""
        self.inner.close()


@contextmanager
def _told() -> Iterator[None]:
    """Tell apart a database that may be asked again and one that may not."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest the place
        if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise Broken(str(error)) from error
        if isinstance(error, sqlite3.OperationalError):
            raise Unavailable(str(error)) from error
        raise
    except _DAMAGED as error:
        raise Broken(str(error)) from error
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error


@dataclass(frozen=True, slots=True)
class Database:
    """Where the responses lie: a file for SQLite, or the URL of a PostgreSQL database.

    With a role, whoever logs in may do only what `roles.sql` grants that role; without one, whatever the
    login may.
    """

    path: Path | None = None
    url: str = ""
    role: str = ""

    def acting_as(self, role: Role) -> "Database":
        """Return it for another role; where no roles are in use, there is nothing to change."""
        return replace(self, role=role) if self.role else self

    @property
    def options(self) -> str | None:
        """What a connection says as it opens, so that the server refuses a login that has not the role."""
        return f"-c role=tera_{self.role}" if self.role else None

    def connect(self) -> Connection:
        """Open a connection; Unavailable where there is none to be had."""
        with _told():
            if self.path is None:
                server = psycopg.connect(self.url, autocommit=True, options=self.options)
                server.execute("SET search_path TO intake")
                server.execute("SET synchronous_commit TO on")
                return Connection(server, is_postgres=True)
            file = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            for setting in _SETTINGS:
                file.execute(setting)
            return Connection(file, is_postgres=False)

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Cursor]:
        """Run a block as one transaction on a connection of its own; see `Connection.transaction`."""
        with closing(self.connect()) as connection, connection.transaction(writes=writes) as cursor:
            yield cursor

    def create(self) -> None:
        """Create the tables where they are missing, as their owner; safe to run again."""
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
            for index in _INDICES:
                cursor.run(index)
            _refuse_changes(cursor)
        self._require_current()

    def grant(self) -> None:
        """Make the roles where they are missing, and let each do what it needs; safe to run again."""
        script = resources.files("tera.intake").joinpath("roles.sql").read_text(encoding="utf-8")
        with _told(), psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(script.encode())

    def _require_current(self) -> None:
        """Refuse tables of before the ledger, which no released version made."""
        try:
            with self.transaction(writes=False) as cursor:
                cursor.rows("SELECT breakdown FROM blocks WHERE 1 = 0")
        except (Unavailable, psycopg.errors.UndefinedColumn) as error:
            message = "an unreleased version made the tables of responses; move them away and start again"
            raise Unavailable(message) from error


def _refuse_changes(cursor: Cursor) -> None:
    """Let the database refuse changes of what was said; triggers that are there are not touched."""
    known = set()
    if cursor.is_postgres:  # where to replace one waits for all who write
        cursor.run(_REFUSING)
        found = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'never_changes'"
        known = {table for (table,) in cursor.rows(found)}
    for table in NEVER_CHANGE:
        if table not in known:
            cursor.run(_REFUSED[cursor.is_postgres].format(table=table))
