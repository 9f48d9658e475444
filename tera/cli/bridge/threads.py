"""The portal in threads of the process that owns the port: the least memory, for the smallest machines."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING

from granian.rsgi import Scope

from tera.cli.bridge.application import Answer, answer
from tera.cli.bridge.door import SECONDS_TO_ANSWER, Door
from tera.cli.bridge.environ import environ_of

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class Threads(Door):
    """Runs a WSGI application in a few threads."""

    def __init__(
        self, load: "Callable[[], WSGIApplication]", count: int = 2, seconds: float = SECONDS_TO_ANSWER
    ) -> None:
        """Run what `load` returns in so many threads."""
        super().__init__(seconds)
        self._load = load
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="tera-site")

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load the application."""
        super().start(loop)
        self._application = self._load()

    def stop(self) -> None:
        """Let requests that are under way finish."""
        self._threads.shutdown()

    async def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        work = self._threads.submit(answer, self._application, environ_of(scope, body), body)
        return await asyncio.wrap_future(work)
