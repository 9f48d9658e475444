"""The portal in threads of the process that owns the port: the least memory, for the smallest machines."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, TYPE_CHECKING, TypeVar

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.cli.bridge.application import Pieces, begin
from tera.cli.bridge.environ import environ_of
from tera.cli.bridge.exchange import Door, give

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Result = TypeVar("Result")


class Threads(Door):
    """Runs a WSGI application in a few threads."""

    def __init__(self, load: "Callable[[], WSGIApplication]", count: int = 2) -> None:
        super().__init__()
        self._load = load
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="tera-site")

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load the application."""
        self._loop = loop
        self._application = self._load()

    def stop(self) -> None:
        """Let requests that are under way finish."""
        self._threads.shutdown()

    async def _answer(self, scope: Scope, protocol: HTTPProtocol, body: IO[bytes]) -> None:
        head, first, rest = await self._in_thread(
            partial(begin, self._application, environ_of(scope, body), body)
        )
        try:
            await give(scope.method, protocol, head, first, self._pieces(rest) if rest else None)
        finally:
            if rest is not None:
                await self._in_thread(rest.close)

    async def _in_thread(self, call: Callable[[], Result]) -> Result:
        return await self._loop.run_in_executor(self._threads, call)

    async def _pieces(self, rest: Pieces) -> AsyncIterator[bytes]:
        while (piece := await self._in_thread(lambda: next(rest, None))) is not None:
            yield piece
