"""The process that owns the port: answers respondents itself and hands every other request to the site.

An RSGI application (Granian's interface) for one event loop. Its paths come decoded, so nothing is decoded
again. A body that stops arriving is given up after a while, because the server itself would wait for ever.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.intake.answering import PREFIX, Answering
from tera.intake.buckets import Buckets, address_of
from tera.intake.http import Reply, Request
from tera.intake.queue import Queue
from tera.intake.replies import as_problem, too_many
from tera.intake.shelf import Shelf
from tera.intake.submission import Refused
from tera.intake.tables import Database

BODY_SECONDS = 10
RECEIPTS = "/r/"
LOOKUPS_AT_ONCE, LOOKUPS_A_SECOND = 60, 1
SENDS_AT_ONCE, SENDS_A_SECOND = 600, 10  # a full hall behind one address, each with a review and an answer
HTTP = "http"


class Site(Protocol):
    """Whatever answers the requests that are not for the intake."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin, before the port opens."""

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""

    def stop(self) -> None:
        """End, after the port has closed and the loop has ended."""


class SlowBody(Exception):
    """The body did not arrive in time."""


class Server:
    """The intake and the site behind one port."""

    def __init__(
        self, database: Database, key: Path, site: Site, on_broken: Callable[[], None] = lambda: None
    ) -> None:
        """Serve respondents from a database; `key` is the file of the key under receipts.

        `on_broken` is called when nothing more can be stored.
        """
        self._database = database
        self._key = key
        self._site = site
        self._on_broken = on_broken
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading: dict[asyncio.Task[object] | None, float] = {}
        self._lookups = Buckets(LOOKUPS_AT_ONCE, LOOKUPS_A_SECOND, time.monotonic)
        self._sends = Buckets(SENDS_AT_ONCE, SENDS_A_SECOND, time.monotonic)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the writer and the site, before the port opens."""
        self._queue = Queue(self._database, self._key, loop, on_broken=self._on_broken)
        self._shelf = Shelf(self._database)
        self._answering = Answering(self._shelf, self._queue)
        self._tasks.add(loop.create_task(self._answering.keep_looking()))
        self._tasks.add(loop.create_task(self._give_up_the_slow()))
        self._site.start(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Store what still waits, then end; the port is closed and the loop no longer runs."""
        self._queue.stop()
        self._shelf.close()
        self._site.stop()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        if scope.proto != HTTP or not scope.path.startswith(PREFIX):
            is_lookup = scope.path.startswith(RECEIPTS)
            if is_lookup and (seconds := self._seconds_to_wait(scope, self._lookups)):
                send(protocol, too_many(seconds))
                return
            await self._site(scope, protocol)
            return
        headers = scope.headers
        host = scope.authority or headers.get("host", "")
        request = Request(scope.method, scope.path, headers, host, scope.query_string)
        wait = self._seconds_to_wait(scope, self._sends) if scope.method == "POST" else 0
        try:
            reply = await self._answering.answer(request, lambda: self._read(protocol), wait)
        except SlowBody:
            reply = as_problem(SLOW, "id")
        if reply is None:
            await self._site(scope, protocol)
            return
        send(protocol, reply)

    def _seconds_to_wait(self, scope: Scope, buckets: Buckets) -> int:
        """Return in how many seconds this address may ask again; 0 for now.

        The port is open to this machine only; the proxy in front says who asks from outside.
        """
        address = address_of([value for name, value in scope.headers.items() if name == "x-forwarded-for"])
        return buckets.take(address) if address else 0

    async def _read(self, protocol: HTTPProtocol) -> bytes:
        """Return the whole body, whose announced length has been looked at before."""
        task = asyncio.current_task()
        self._reading[task] = time.monotonic() + BODY_SECONDS
        try:
            return await protocol()
        except asyncio.CancelledError as error:
            if task is None or self._reading[task] > time.monotonic():
                raise  # somebody else ends this request
            task.uncancel()
            raise SlowBody from error
        finally:
            del self._reading[task]

    async def _give_up_the_slow(self) -> None:
        """End what reads for too long; one look a second costs less than a timer for each request."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            self._queue.give_up_the_old()
            for task in [task for task, until in self._reading.items() if until <= now]:
                if task is not None:
                    task.cancel()


SLOW = Refused(408, "Kiriman terlalu lambat. Kirim lagi.")


def send(protocol: HTTPProtocol, reply: Reply) -> None:
    """Send a reply; of a HEAD the server leaves the body out and keeps its length."""
    if reply.body:
        protocol.response_bytes(reply.status, reply.headers, reply.body)
    else:
        protocol.response_empty(reply.status, reply.headers)
