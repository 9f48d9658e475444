"""One thread that stores what arrives: whatever came while the last commit ran goes into the next one.

There is no timer: alone, a response is committed at once; under load, dozens share the disk's promise. Nobody
is told that a response is in before the transaction that holds it is committed. A full queue refuses at once,
before memory grows.
"""

import atexit
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache

from tera.intake.inbox import Arrival, Receipt, submit_many
from tera.intake.submission import Refused
from tera.intake.tables import Database, Unavailable

MOST_WAITING = 4096
MOST_AT_ONCE = 256

_Waiting = tuple[Arrival, "Future[Receipt]"]


@cache
def writer_of(database: Database) -> "Writer":
    """Return the one writer of this process for a database; at the end it stores what still waits."""
    writer = Writer(database)
    atexit.register(writer.stop)
    return writer


class Writer:
    """Stores responses of one database in the order in which they come, many in a transaction."""

    def __init__(self, database: Database, *, most_waiting: int = MOST_WAITING) -> None:
        """Start the thread; `stop` ends it."""
        self._database = database
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(most_waiting)
        self._stopped = False
        self._entrance = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="tera-writer", daemon=True)
        self._thread.start()

    def submit(self, arrival: Arrival) -> "Future[Receipt]":
        """Return what will become of a response: a receipt after the commit, Refused or Unavailable.

        Raises:
            Unavailable: the queue is full or the writer has stopped; nothing was stored.
        """
        future: Future[Receipt] = Future()
        with self._entrance:  # Nothing may enter behind the mark that ends the thread.
            if self._stopped:
                raise Unavailable("the writer has stopped")
            try:
                self._queue.put_nowait((arrival, future))
            except queue.Full as error:
                raise Unavailable("too many responses wait to be stored") from error
        return future

    def stop(self) -> None:
        """Store what waits, then end."""
        with self._entrance:
            self._stopped = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            batch = [self._queue.get()]
            while len(batch) < MOST_AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            is_last = None in batch
            waiting = [entry for entry in batch if entry is not None]
            if waiting:
                self._store(waiting)

    def _store(self, waiting: Sequence[_Waiting]) -> None:
        try:
            outcomes = submit_many(self._database, [arrival for arrival, _ in waiting])
        except Exception as error:  # noqa: BLE001  whatever it is, everybody who waits is told, and the next batch runs
            for _, future in waiting:
                future.set_exception(error)
            return
        for (_, future), outcome in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Refused):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
