"""The body of a request, taken in whole before anybody is kept waiting for it."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.cli.bridge.application import BYTES_IN_MEMORY
from tera.cli.bridge.refusal import Refused

BODY_BYTES = 32 * 1024 * 1024
SECONDS_WITHOUT_PROGRESS = 30
SECONDS_TO_ARRIVE = 600  # or a byte now and then would hold a place for ever


def has_body(scope: Scope) -> bool:
    """Tell whether a body was announced."""
    return "transfer-encoding" in scope.headers or scope.headers.get("content-length", "0") != "0"


async def take_body(scope: Scope, protocol: HTTPProtocol) -> IO[bytes]:
    """Return the whole body, on disk if it is long.

    Raises:
        Refused: it breaks off (400), stops arriving (408), or is too large (413).
    """
    body: IO[bytes] = SpooledTemporaryFile(BYTES_IN_MEMORY)  # noqa: SIM115  the reader closes it
    try:
        if has_body(scope):
            await _fill(body, scope, protocol)
    except BaseException as error:
        body.close()
        if isinstance(error, TimeoutError):
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from error
        raise
    return body


async def _fill(body: IO[bytes], scope: Scope, protocol: HTTPProtocol) -> None:
    length = None if "transfer-encoding" in scope.headers else int(scope.headers.get("content-length"))
    if length is not None and length > BODY_BYTES:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    pieces, ends = aiter(protocol), 0
    async with asyncio.timeout(SECONDS_TO_ARRIVE):
        while (piece := await _next(pieces)) is not None:
            body.write(piece)
            ends += not piece
            if body.tell() > BODY_BYTES:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # Granian ends with one empty piece, and a body that broke off with one more. Headers that trail a body
    # look the same; nobody sends them, and they are refused with it.
    if ends > 1 or length not in {None, body.tell()}:
        raise Refused(HTTPStatus.BAD_REQUEST)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(SECONDS_WITHOUT_PROGRESS):
            return await anext(pieces)
    except StopAsyncIteration:
        return None
