"""The process that writes: whatever came while the last commit ran goes into the next one.

It alone holds salts and the key under receipts, and reads nothing that did not pass the process that answers
respondents. There is no timer: alone, a response is committed at once; under load, dozens share the disk's
promise. Nobody is told that a response is in before the transaction that holds it is committed. It ends when
its socket closes, after it has stored what came; signals do not end it.

A failed commit is told to its whole batch and the connection is opened anew. After a failed disk nothing more
is taken: a retry could lie.
"""

import json
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tera.intake.inbox import Arrival, Sign, submit_many
from tera.intake.onlyone import Occupied, hold
from tera.intake.receipt import Outcome
from tera.intake.signing import BadKey, read_key
from tera.intake.tables import Broken, Connection, Database, Unavailable
from tera.intake.wire import Fate, record, take_letters

MOST_AT_ONCE = 256
PIECE_BYTES = 1024 * 1024
SECONDS_FOR_THE_LAST_ONE = 10

logger = logging.getLogger("tera.intake.writer")  # it runs as a program, whose name says nothing


class Store:
    """A connection that is kept open, and opened anew after an error."""

    def __init__(self, database: Database, sign: Sign) -> None:
        self._database = database
        self._sign = sign
        self._connection: Connection | None = None
        self._is_broken = False

    def submit(self, arrivals: Sequence[Arrival]) -> Sequence[Outcome | Fate]:
        """Return what became of each, whatever happens."""
        if self._is_broken:
            return [Fate.BROKEN] * len(arrivals)
        try:
            self._connection = self._connection or self._database.connect()
            return submit_many(self._connection, arrivals, self._sign)
        except Exception as error:  # noqa: BLE001  whatever it is, everybody who waits is told
            return [self._recover(error)] * len(arrivals)

    def _recover(self, error: Exception) -> Fate:
        """Begin anew with the next batch, unless the disk failed: then never."""
        if isinstance(error, Broken):
            self._is_broken = True
            logger.critical("the responses can no longer be stored, nothing more is taken: %s", error)
            return Fate.BROKEN
        logger.error("%s", error, exc_info=not isinstance(error, Unavailable))
        self.close()
        return Fate.UNAVAILABLE

    def close(self) -> None:
        """Let go of the database; to close after a failed disk would write to it."""
        connection, self._connection = self._connection, None
        if connection is not None and not self._is_broken:
            connection.close()


def main(descriptor: int) -> None:
    """Store what comes over a socket, whose first line says where."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    with socket.socket(fileno=descriptor) as connection:
        arrived = bytearray()
        while b"\n" not in arrived:
            if not (piece := connection.recv(PIECE_BYTES)):
                return  # whoever started it has gone
            arrived += piece
        line, _, rest = arrived.partition(b"\n")
        try:
            store = _open(json.loads(line))
        except (BadKey, Occupied, OSError) as error:
            logger.critical("%s", error)
            return
        with suppress(ConnectionError):  # whoever waited has gone
            connection.sendall(record(Fate.READY))
            _write(connection, bytearray(rest), store)
        store.close()


def _open(place: dict[str, str]) -> Store:
    """Take the place of the one writer of a file; a server of databases lets many write."""
    database = Database(Path(place["path"]) if place["path"] else None, place["url"], place["role"])
    if database.path is not None:
        hold(database.path, SECONDS_FOR_THE_LAST_ONE)
    return Store(database, read_key(Path(place["key"])).sign)


def _write(connection: socket.socket, arrived: bytearray, store: Store) -> None:
    while piece := connection.recv(PIECE_BYTES):
        arrived += piece
        while arrivals := take_letters(arrived, MOST_AT_ONCE):
            connection.sendall(b"".join(map(record, store.submit(arrivals))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
