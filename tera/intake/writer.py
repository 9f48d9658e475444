"""One thread that stores what arrives: whatever came while the last commit ran goes into the next one.

There is no timer: alone, a response is committed at once; under load, dozens share the disk's promise. Nobody
is told that a response is in before the transaction that holds it is committed. A full queue refuses at once,
before memory grows. A failed commit is told to its whole batch and the connection is opened anew; after a
failed disk nothing more is taken.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from tera.intake.inbox import Arrival, Outcome, Sign, submit_many
from tera.intake.receipt import Receipt
from tera.intake.tables import Broken, Connection, Database, Unavailable

MOST_WAITING = 4096
MOST_AT_ONCE = 256

_Waiting = tuple[Arrival, "asyncio.Future[Receipt]"]

logger = logging.getLogger(__name__)


class Writer:
    """Stores responses of one database in the order in which they come, many in a transaction.

    It serves one event loop; `submit` is called in its thread only.
    """

    def __init__(
        self,
        database: Database,
        sign: Sign,
        loop: asyncio.AbstractEventLoop,
        *,
        most_waiting: int = MOST_WAITING,
        on_broken: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the thread; `stop` ends it. `on_broken` is called once, in the thread, if the disk fails."""
        self._database = database
        self._sign = sign
        self._most_waiting = most_waiting
        self._on_broken = on_broken
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting = 0
        self._refuses = ""  # why nothing is taken
        self._is_broken = False
        self._connection: Connection | None = None
        self._loop = loop
        self._thread = threading.Thread(target=self._run, name="tera-writer", daemon=True)
        self._thread.start()

    def submit(self, arrival: Arrival) -> "asyncio.Future[Receipt]":
        """Return what will become of a response: a receipt after the commit, Refused or Unavailable.

        Raises:
            Unavailable: the queue is full or the writer has stopped; nothing was stored.
        """
        if self._refuses:
            raise Unavailable(self._refuses)
        if self._waiting >= self._most_waiting:
            raise Unavailable("too many responses wait to be stored")
        self._waiting += 1
        future: asyncio.Future[Receipt] = self._loop.create_future()
        self._queue.put((arrival, future))
        return future

    def stop(self) -> None:
        """Take no more, store what waits, then end."""
        self._refuses = self._refuses or "the writer has stopped"
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            batch = [self._queue.get()]
            with suppress(queue.Empty):
                while len(batch) < MOST_AT_ONCE:
                    batch.append(self._queue.get_nowait())
            is_last = None in batch
            waiting = [entry for entry in batch if entry is not None]
            if waiting:
                outcomes = self._store([arrival for arrival, _ in waiting])
                with suppress(RuntimeError):  # the loop has ended: it is stored, and a retry gets its receipt
                    self._loop.call_soon_threadsafe(self._tell, waiting, outcomes)
        if self._connection is not None and not self._is_broken:  # closing would write to a failed disk
            self._connection.close()

    def _store(self, arrivals: Sequence[Arrival]) -> Sequence[Outcome | Exception]:
        if self._is_broken:
            return [Unavailable(self._refuses)] * len(arrivals)
        try:
            self._connection = self._connection or self._database.connect()
            return submit_many(self._connection, arrivals, self._sign)
        except Exception as error:  # noqa: BLE001  whatever it is, everybody who waits is told
            self._recover(error)
            told = error if isinstance(error, Unavailable) else Unavailable(str(error))
            return [told] * len(arrivals)

    def _recover(self, error: Exception) -> None:
        """Begin anew with the next batch, unless the disk failed: then never."""
        if isinstance(error, Broken):
            self._is_broken, self._refuses = True, f"the disk failed: {error}"
            logger.critical("the responses can no longer be stored, nothing more is taken: %s", error)
            self._on_broken()
            return
        logger.error("%s", error, exc_info=not isinstance(error, Unavailable))
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _tell(self, waiting: Sequence[_Waiting], outcomes: Sequence[Outcome | Exception]) -> None:
        self._waiting -= len(waiting)
        for (_, future), outcome in zip(waiting, outcomes, strict=True):
            if future.done():  # whoever waited has gone
                continue
            if isinstance(outcome, Receipt):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)
