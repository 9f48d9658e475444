"""The portal in threads of the process that owns the port: the least memory, for the smallest machines."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import IO, TYPE_CHECKING

from granian.rsgi import Scope

from tera.cli.bridge.application import Answer, answer
from tera.cli.bridge.door import SECONDS_TO_ANSWER, Door, say
from tera.cli.bridge.environ import environ_of
from tera.cli.bridge.refusal import Refused

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class Threads(Door):
    """Runs a WSGI application in a few threads.

    A thread cannot be ended from outside. One that takes too long is missing until it returns; when all are,
    every request is refused at once, and only a restart of the server helps.
    """

    def __init__(
        self, load: "Callable[[], WSGIApplication]", count: int = 2, seconds: float = SECONDS_TO_ANSWER
    ) -> None:
        """Run what `load` returns in so many threads."""
        super().__init__(seconds)
        self._load = load
        self._count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="tera-site")
        self._stuck: list[Future[Answer]] = []

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load the application."""
        super().start(loop)
        self._application = self._load()

    def stop(self) -> None:
        """Let requests that are under way finish."""
        self._threads.shutdown()

    async def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        self._stuck = [work for work in self._stuck if not work.done()]
        if len(self._stuck) == self._count:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        work = self._threads.submit(answer, self._application, environ_of(scope, body), body)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(work)
        except TimeoutError as error:  # what had not begun never will
            if work.running():
                self._stuck.append(work)
                say(f"{scope.method} {scope.path!r} takes more than {self._seconds:g} s and holds a thread")
            raise Refused(HTTPStatus.GATEWAY_TIMEOUT) from error
