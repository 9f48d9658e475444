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


def has_body(scope: Scope) -> bool:
    """Tell whether a body was announced."""
    return "transfer-encoding" in scope.headers or scope.headers.get("content-length", "0") != "0"


async def take_body(scope: Scope, protocol: HTTPProtocol) -> IO[bytes]:
    """Return the whole body, on disk if it is long.

    Raises:
        Refused: it stops arriving (408), or it is too large (413).
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
    pieces = aiter(protocol)
    while (piece := await _next(pieces)) is not None:
        body.write(piece)
        if body.tell() > BODY_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(SECONDS_WITHOUT_PROGRESS):
            return await anext(pieces)
    except StopAsyncIteration:
        return None
