"""What both bridges share: who is let in, a body taken in whole, an answer given piece by piece."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from tera.cli.bridge.application import BYTES_IN_MEMORY, Head

MOST_WAITING = 256
BODY_BYTES = 32 * 1024 * 1024
SECONDS_WITHOUT_PROGRESS = 30
NO_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class NoAnswer(Exception):
    """The request gets a bare status instead of the portal's answer."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Door(ABC):
    """Lets in as many requests as may wait, and says so to the others."""

    def __init__(self) -> None:
        self._waiting = 0

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        if self._waiting >= MOST_WAITING:
            refuse(protocol, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._waiting += 1
        try:
            with await take_body(scope, protocol) as body:
                await self._answer(scope, protocol, body)
        except ProtocolClosed:
            pass  # the visitor has gone
        except NoAnswer as error:
            refuse(protocol, error.status)
        finally:
            self._waiting -= 1

    @abstractmethod
    async def _answer(self, scope: Scope, protocol: HTTPProtocol, body: IO[bytes]) -> None:
        """Let the portal answer; NoAnswer where it cannot."""


async def take_body(scope: Scope, protocol: HTTPProtocol) -> IO[bytes]:
    """Return the whole body, on disk if it is long, before anybody is kept waiting for it.

    Raises:
        NoAnswer: it stops arriving (408), or it is too large (413).
    """
    headers = scope.headers
    length = headers.get("content-length", "")
    if length.isdigit() and int(length[:12]) > BODY_BYTES:
        raise NoAnswer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body: IO[bytes] = SpooledTemporaryFile(BYTES_IN_MEMORY)  # noqa: SIM115  the reader closes it
    if length in {"", "0"} and "transfer-encoding" not in headers:
        return body
    pieces = aiter(protocol)
    try:
        while True:
            async with asyncio.timeout(SECONDS_WITHOUT_PROGRESS):
                body.write(await anext(pieces))
            if body.tell() > BODY_BYTES:
                raise NoAnswer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError as error:
        raise NoAnswer(HTTPStatus.REQUEST_TIMEOUT) from error
    except StopAsyncIteration:
        return body


async def give(
    method: str, protocol: HTTPProtocol, head: Head, first: bytes, rest: AsyncIterator[bytes] | None
) -> None:
    """Send an answer: at once if it is small, else piece by piece, as fast as the client takes it."""
    if method == "HEAD" or head.status in NO_BODY:
        protocol.response_empty(head.status, head.headers)
    elif rest is None:
        protocol.response_bytes(head.status, head.headers, first)
    else:
        transport = protocol.response_stream(head.status, head.headers)
        await transport.send_bytes(first)
        async for piece in rest:
            await transport.send_bytes(piece)


def refuse(protocol: HTTPProtocol, status: HTTPStatus) -> None:
    """Answer with a status alone, in words that need no page."""
    headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("retry-after", "2"),
        ("cache-control", "no-store"),
    ]
    text = f"{status.value} {status.phrase}. Coba lagi sebentar lagi. / Try again in a moment.\n"
    protocol.response_str(status.value, headers if status.value >= 500 else headers[:1], text)
