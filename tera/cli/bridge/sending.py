"""Sends an answer to its visitor; a large one from its file, as fast as the visitor reads it.

What Granian gets in pieces it keeps in memory until the visitor has read it, however slowly; a file it reads
when the visitor does. It opens it a while after it was told to, by its name. Ours has no name, so nothing can
leave it behind: it is called by its number, which must stay its own until Granian has opened it too.
"""

import asyncio
import os
from contextlib import nullcontext
from http import HTTPStatus
from typing import IO

from granian._granian import RSGIHTTPProtocol as HTTPProtocol

from tera.cli.bridge.application import Answer, Head
from tera.cli.bridge.opening import Openings

NO_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
SECONDS_TO_OPEN = 1
SECONDS_TO_OPEN_LATE = 60


class Sender:
    """Sends answers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._openings = Openings(loop)

    async def send(self, method: str, protocol: HTTPProtocol, answer: Answer) -> None:
        """Send an answer; a file is closed as soon as it is no longer needed here."""
        head, body = answer.head, answer.body
        with nullcontext() if isinstance(body, bytes) else body:
            if method == "HEAD" or head.status in NO_BODY:
                protocol.response_empty(head.status, head.headers)
            elif isinstance(body, bytes):
                protocol.response_bytes(head.status, head.headers, body)
            else:
                await self._send_file(protocol, head, body)

    async def _send_file(self, protocol: HTTPProtocol, head: Head, file: IO[bytes]) -> None:
        headers = list(head.headers)
        if not any(name == "content-length" for name, _ in headers):
            headers.append(("content-length", str(os.fstat(file.fileno()).st_size)))
        opened = self._openings.next(file)
        protocol.response_file(head.status, headers, f"/dev/fd/{file.fileno()}")
        try:
            await asyncio.wait([opened], timeout=SECONDS_TO_OPEN)
            # Who left before the answer was there gets none, and Granian will never open the file.
            if not opened.done() and not await _has_left(protocol):
                await asyncio.wait([opened], timeout=SECONDS_TO_OPEN_LATE)
        finally:
            opened.cancel()


async def _has_left(protocol: HTTPProtocol) -> bool:
    try:
        async with asyncio.timeout(SECONDS_TO_OPEN):
            await protocol.client_disconnect()
    except TimeoutError:
        return False
    return True
