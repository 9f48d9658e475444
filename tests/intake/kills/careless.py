"""Two writers that lie, as controls: what is told before it is durable must be seen as lost.

On PostgreSQL one leaves the disk's promise to later; on SQLite one commits a batch when the next one comes.
Everything else is the writer of the intake.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tera.intake import writer
from tera.intake.cursor import Cursor
from tera.intake.inbox import Sign
from tera.intake.tables import Connection, Database


class OneBatchLate(Connection):
    """Ends a transaction without a commit, which comes when the next one begins."""

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Cursor]:  # noqa: ARG002  a writer writes
        self._commit()
        self.inner.execute("BEGIN IMMEDIATE")
        try:
            yield Cursor(self.inner.cursor(), is_postgres=False)
        except BaseException:
            self.inner.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._commit()
        self.inner.close()

    def _commit(self) -> None:
        if self.inner.in_transaction:
            self.inner.execute("COMMIT")


class Careless(Database):
    """A database whose connections do not wait for the disk."""

    def connect(self) -> Connection:
        connection = super().connect()
        if not connection.is_postgres:
            return OneBatchLate(connection.inner, is_postgres=False)
        connection.inner.execute("SET synchronous_commit TO off")
        return connection


class CarelessStore(writer.Store):
    def __init__(self, database: Database, sign: Sign) -> None:
        super().__init__(Careless(database.path, database.url), sign)


if __name__ == "__main__":
    writer.Store = CarelessStore  # type: ignore[misc]  # a control, not the product
    writer.main(int(sys.argv[1]))
