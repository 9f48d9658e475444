"""The portal in processes of its own, niced, behind the process that owns the port."""

import asyncio
from http import HTTPStatus
from typing import IO

from granian.rsgi import Scope

from tera.cli.bridge.application import Answer
from tera.cli.bridge.door import SECONDS_TO_ANSWER, Door, say
from tera.cli.bridge.environ import environ_of
from tera.cli.bridge.processes import Processes
from tera.cli.bridge.refusal import Refused

PORTAL = "tera.portal.wsgi:application"
SAFE = {"GET", "HEAD"}


class Children(Door):
    """Hands each request to the process that was free last: its caches are warm, the others may sleep."""

    def __init__(self, application: str = PORTAL, count: int = 2, seconds: float = SECONDS_TO_ANSWER) -> None:
        """Run the application `module:attribute` in so many processes."""
        super().__init__(seconds)
        self._application = application
        self._count = count

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the processes."""
        super().start(loop)
        self._processes = Processes(self._application, self._count, loop)

    def stop(self) -> None:
        """Let the processes finish what is under way, and end them."""
        self._processes.stop()

    async def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        """Let one process answer; where it had ended unnoticed, what is safe to repeat goes to another."""
        for _ in range(self._count + 1):
            child = await self._processes.take()
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await child.answer(environ_of(scope, body), body)
            except TimeoutError as error:
                self._processes.replace(child)
                say(f"{scope.method} {scope.path!r} took more than {self._seconds:g} s; its process is ended")
                raise Refused(HTTPStatus.GATEWAY_TIMEOUT) from error
            except (EOFError, ConnectionError) as error:
                self._processes.replace(child)
                if scope.method not in SAFE:
                    raise Refused(HTTPStatus.BAD_GATEWAY) from error
            except BaseException:  # what it may still answer must not reach the next visitor
                self._processes.replace(child)
                raise
            else:
                self._processes.give_back(child)
                return answer
        raise Refused(HTTPStatus.BAD_GATEWAY)
