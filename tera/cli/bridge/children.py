"""The portal in processes of its own, niced, behind the process that owns the port."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.cli.bridge.connection import Child
from tera.cli.bridge.environ import environ_of
from tera.cli.bridge.exchange import Door, NoAnswer, give

PORTAL = "tera.portal.wsgi:application"
SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
SAFE = {"GET", "HEAD"}


class Children(Door):
    """Hands each request to the process that was free last: its caches are warm, the others may sleep."""

    def __init__(self, application: str = PORTAL, count: int = 2) -> None:
        super().__init__()
        self._application = application
        self._count = count
        self._pause = FIRST_PAUSE
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the processes."""
        self._loop = loop
        self._all = {Child(self._application) for _ in range(self._count)}
        self._free: asyncio.LifoQueue[Child] = asyncio.LifoQueue()
        for child in self._all:
            self._free.put_nowait(child)

    def stop(self) -> None:
        """Let the processes finish what is under way, and end them."""
        for child in self._all:
            child.hang_up()
        for child in self._all:
            child.wait(SECONDS_TO_STOP)

    async def _answer(self, scope: Scope, protocol: HTTPProtocol, body: IO[bytes]) -> None:
        """Let one process answer; where it had ended unnoticed, what is safe to repeat goes to another."""
        for _ in range(self._count + 1):
            child = await self._free.get()
            is_begun = False
            try:
                async with asyncio.timeout(SECONDS_TO_ANSWER):
                    await child.ask(environ_of(scope, body), body)
                    head, is_large = await child.head()
                    is_begun = True
                    pieces = child.pieces()
                    first = b"" if is_large else b"".join([piece async for piece in pieces])
                    await give(scope.method, protocol, head, first, pieces if is_large else None)
                    if is_large:
                        await _drain(pieces)
            except TimeoutError as error:
                self._replace(child)
                raise NoAnswer(HTTPStatus.GATEWAY_TIMEOUT) from error
            except (EOFError, ConnectionError) as error:
                self._replace(child)
                if is_begun or scope.method not in SAFE:
                    raise NoAnswer(HTTPStatus.BAD_GATEWAY) from error
            except BaseException:  # the visitor has gone in the middle: what is left of the answer goes too
                self._replace(child)
                raise
            else:
                self._pause = FIRST_PAUSE
                self._free.put_nowait(child)
                return
        raise NoAnswer(HTTPStatus.BAD_GATEWAY)

    def _replace(self, child: Child) -> None:
        """End a process and start another, after a pause that grows while none succeeds."""
        child.kill()
        self._all.discard(child)
        task = self._loop.create_task(self._start_later())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start_later(self) -> None:
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        await asyncio.sleep(pause)
        child = Child(self._application)
        self._all.add(child)
        self._free.put_nowait(child)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    async for _ in pieces:
        pass
