"""What both bridges share: who is let in, and the way of a request from the visitor and back."""

import asyncio
import sys
from abc import ABC, abstractmethod
from contextlib import nullcontext, suppress
from http import HTTPStatus
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.cli.bridge.application import Answer
from tera.cli.bridge.refusal import Refused, refuse
from tera.cli.bridge.sending import Sender
from tera.cli.bridge.upload import has_body, take_body

MOST_WAITING = 256
MOST_UPLOADING = 256
SECONDS_TO_ANSWER = 60


class Places:
    """So many may be in at once; the others are told to try again."""

    def __init__(self, count: int) -> None:
        self._free = count

    def __enter__(self) -> None:
        if not self._free:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self._free -= 1

    def __exit__(self, *_: object) -> None:
        self._free += 1


class Door(ABC):
    """Takes a request in, lets the portal answer it, and sends the answer."""

    def __init__(self, seconds: float) -> None:
        """Give the portal so many seconds for an answer."""
        self._seconds = seconds
        self._waiting = Places(MOST_WAITING)
        self._uploading = Places(MOST_UPLOADING)  # who stalls there shuts out other uploads, and no page

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin, before the port opens."""
        self._loop = loop
        self._sender = Sender(loop)

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        try:
            with self._uploading if has_body(scope) else nullcontext():
                body = await take_body(scope, protocol)
            with body, self._waiting:
                answer = await self._answer(scope, body)
        except Refused as error:
            refuse(protocol, error.status)
        else:
            await self._sender.send(scope.method, protocol, answer)

    @abstractmethod
    async def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        """Return the portal's answer; Refused where it gives none."""


def say(line: str) -> None:
    """Tell the administrator, where the log of this program stands."""
    with suppress(OSError):  # nobody reads it
        print(f"tera: {line}", file=sys.stderr, flush=True)
