"""Where responses wait until they are stored: the end of the writer's socket in the process that answers.

A full queue refuses at once, before memory grows. A writer that ends is started again, and whoever waited is
told to send again: the same key makes that safe. After a failed disk there is no other writer.
"""

import asyncio
import json
import logging
import os
import selectors
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tera.engine import response
from tera.intake.inbox import Arrival
from tera.intake.process import start
from tera.intake.receipt import Outcome
from tera.intake.tables import Database, Unavailable
from tera.intake.wire import RECORD_BYTES, Fate, letter, outcome_of

MOST_WAITING = 512  # more than any batch, and few enough to refuse while others are still served
SECONDS_TO_STORE = 20
PIECE_BYTES = 1024 * 1024
SECONDS_BETWEEN_STARTS = 1.0
WRITER = "tera.intake.writer"

_Waiting = tuple[Arrival, "asyncio.Future[Outcome]", float]

logger = logging.getLogger(__name__)


class Queue:
    """Hands responses of one event loop to a writer of its own and says what became of each."""

    def __init__(
        self,
        database: Database,
        key: Path,
        loop: asyncio.AbstractEventLoop,
        *,
        most_waiting: int = MOST_WAITING,
        on_broken: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the writer and wait until it is ready; `stop` ends it.

        `on_broken` is called if the disk fails.

        Raises:
            Unavailable: the writer cannot start; it said why on standard error.
        """
        where = {"path": str(database.path or ""), "url": database.url, "role": database.role}
        self._place = {**where, "key": str(key)}
        self._loop = loop
        self._most_waiting = most_waiting
        self._on_broken = on_broken
        self._waiting: deque[_Waiting] = deque()
        self._unsent, self._received = bytearray(), bytearray()
        self._refuses = ""  # why nothing is taken
        self._is_broken = self._is_stopped = False
        self._restarting: asyncio.Task[None] | None = None
        self._take(*self._open())

    def submit(self, arrival: Arrival) -> "asyncio.Future[Outcome]":
        """Return what will become of a response once it is committed or refused, or Unavailable.

        Raises:
            Unavailable: the queue is full or the writer has stopped; nothing was stored.
        """
        if self._refuses:
            raise Unavailable(self._refuses)
        if len(self._waiting) >= self._most_waiting:
            raise Unavailable("too many responses wait to be stored")
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent += letter(arrival)
        future: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiting.append((arrival, future, self._loop.time()))
        return future

    def give_up_the_old(self) -> None:
        """Tell those who waited too long to send again; what becomes of their responses stays open."""
        oldest = self._loop.time() - SECONDS_TO_STORE
        for _, future, since in self._waiting:
            if since > oldest:
                return
            if not future.done():
                future.set_exception(Unavailable("the writer takes too long"))

    def stop(self) -> None:
        """Take no more, let the writer store what waits, and wait for its end; the loop may have ended."""
        was_stopped, self._is_stopped = self._is_stopped, True
        self._refuses = self._refuses or "the writer has stopped"
        if was_stopped or self._restarting is not None:
            return  # there is no writer now, and whoever waited has been told
        self._let_go()
        with suppress(OSError), selectors.DefaultSelector() as changes:
            changes.register(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while self._exchange(changes):
                pass
        self._socket.close()
        os.waitpid(self._process, 0)

    def _exchange(self, changes: selectors.DefaultSelector) -> bool:
        """Send and take what can be sent and taken now; say whether the writer is still there."""
        [(_, can)] = changes.select()
        if can & selectors.EVENT_WRITE:
            del self._unsent[: self._socket.send(self._unsent)]
            if not self._unsent:
                self._socket.shutdown(socket.SHUT_WR)
                changes.modify(self._socket, selectors.EVENT_READ)
        if can & selectors.EVENT_READ:
            piece = self._socket.recv(PIECE_BYTES)
            self._tell(piece)
            return bool(piece)
        return True

    def _open(self) -> tuple[int, socket.socket]:
        """Start a writer and wait until it is ready."""
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.set_inheritable(True)
            process = start(WRITER, str(theirs.fileno()))
        try:
            ours.sendall(json.dumps(self._place).encode() + b"\n")
            is_ready = ours.recv(RECORD_BYTES, socket.MSG_WAITALL)[:1] == bytes([Fate.READY])
        except ConnectionError:  # it was killed meanwhile
            is_ready = False
        if not is_ready:
            ours.close()
            os.waitpid(process, 0)
            raise Unavailable("the writer cannot start")
        ours.setblocking(False)
        return process, ours

    def _take(self, process: int, ours: socket.socket) -> None:
        self._process, self._socket = process, ours
        self._loop.add_reader(ours, self._receive)

    def _let_go(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)

    def _send(self) -> None:
        """Send what waits; what does not fit now goes when there is room."""
        if self._restarting is not None or self._is_stopped:
            return
        try:
            sent = self._socket.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:  # whoever reads sees that the writer has ended
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._socket, self._send)
        else:
            self._loop.remove_writer(self._socket)

    def _receive(self) -> None:
        try:
            piece = self._socket.recv(PIECE_BYTES)
        except ConnectionError:
            piece = b""
        if piece:
            self._tell(piece)
        else:
            self._lose()

    def _tell(self, piece: bytes) -> None:
        self._received += piece
        whole = len(self._received) // RECORD_BYTES
        for place in range(whole):
            arrival, future, _ = self._waiting.popleft()
            campaign, _ = response.heading(arrival.body)
            content = bytes(self._received[place * RECORD_BYTES : (place + 1) * RECORD_BYTES])
            outcome = outcome_of(content, campaign)
            if outcome is Fate.BROKEN and not self._is_broken:
                self._is_broken, self._refuses = True, "the disk failed"
                self._on_broken()
            if future.done():  # whoever waited has gone
                continue
            if isinstance(outcome, Fate):
                future.set_exception(Unavailable(outcome.name.lower()))
            else:
                future.set_result(outcome)
        del self._received[: whole * RECORD_BYTES]

    def _lose(self) -> None:
        """Tell everybody that the writer has ended; start another, unless the disk failed."""
        self._let_go()
        self._socket.close()
        if not self._refuses:
            self._refuses = "the writer starts again"
            logger.error("the writer ended; %d responses were not acknowledged", len(self._waiting))
        self._restarting = self._loop.create_task(self._restart())
        waiting, self._waiting = self._waiting, deque()
        self._unsent, self._received = bytearray(), bytearray()
        for _, future, _ in waiting:
            if not future.done():
                future.set_exception(Unavailable(self._refuses))

    async def _restart(self) -> None:
        await asyncio.to_thread(os.waitpid, self._process, 0)
        while not (self._is_broken or self._is_stopped):
            await asyncio.sleep(SECONDS_BETWEEN_STARTS)
            try:
                opened = await asyncio.to_thread(self._open)
            except Unavailable as error:
                logger.error("%s", error)
                continue
            self._refuses, self._restarting = "", None
            self._take(*opened)
            return
