"""Keeps the processes of the portal: as many as wanted, each replaced when it ends."""

import asyncio
from collections.abc import Coroutine
from http import HTTPStatus

from tera.cli.bridge.connection import Child
from tera.cli.bridge.door import say
from tera.cli.bridge.refusal import Refused

SECONDS_TO_WAIT = 60
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0


class CannotStart(Exception):
    """A process ended before it had loaded the application."""


class Processes:
    """The processes that answer, of which whoever asks gets one at a time."""

    def __init__(self, application: str, count: int, loop: asyncio.AbstractEventLoop) -> None:
        """Start so many processes of the application `module:attribute`."""
        self._application = application
        self._loop = loop
        self._pause = FIRST_PAUSE
        self._all: set[Child] = set()
        self._ready: set[Child] = set()
        self._free: asyncio.LifoQueue[Child | None] = asyncio.LifoQueue()  # None: look whether any will come
        self._none_can_start = False
        self._tasks: set[asyncio.Task[object]] = set()
        for _ in range(count):
            self._do(self._fill_a_place(0))

    async def take(self) -> Child:
        """Return the process that was free last, or the next to be free; Refused where none will be."""
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                while (child := await self._free.get()) is None:
                    if self._none_can_start:
                        self._free.put_nowait(None)  # for the next who waits
                        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        except TimeoutError as error:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from error
        return child

    def give_back(self, child: Child) -> None:
        """Take back a process that has answered."""
        self._pause = FIRST_PAUSE
        self._free.put_nowait(child)

    def replace(self, child: Child) -> None:
        """End a process and start another, after a pause that grows while none succeeds."""
        self._ready.discard(child)
        self._do(self._end(child))
        self._do(self._fill_a_place(self._next_pause()))

    def stop(self) -> None:
        """Let the processes finish what is under way, and end them; the loop no longer runs."""
        for child in self._all:
            child.hang_up()
        for child in self._all:
            child.wait(SECONDS_TO_STOP)

    async def _fill_a_place(self, pause: float) -> None:
        """Put a process to work; one that cannot start is told of, and tried again."""
        await asyncio.sleep(pause)
        while True:
            try:
                child = await self._started()
            except CannotStart as error:
                pause = self._next_pause()
                say(f"a process of the portal cannot start ({error}); the next one starts in {pause:g} s")
                if not self._ready and not self._none_can_start:
                    self._none_can_start = True
                    self._free.put_nowait(None)
                await asyncio.sleep(pause)
            else:
                self._none_can_start = False
                self._ready.add(child)
                self._free.put_nowait(child)
                return

    async def _started(self) -> Child:
        try:
            child = Child(self._application)
        except OSError as error:
            raise CannotStart(str(error)) from error
        self._all.add(child)
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                await child.ready()
        except (EOFError, OSError) as error:
            status = await self._end(child)
            why = f"not ready within {SECONDS_TO_START} s" if isinstance(error, TimeoutError) else ""
            raise CannotStart(why or f"exit code {status}, the lines above say why") from error
        return child

    async def _end(self, child: Child) -> int:
        """End a process at once; the end is waited for elsewhere, because it may take a while."""
        child.kill()
        self._all.discard(child)
        return await self._loop.run_in_executor(None, child.status)

    def _next_pause(self) -> float:
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        return pause

    def _do(self, work: Coroutine[None, None, object]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
