"""The server's end of the socket to one process of the portal."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from typing import IO

from tera.cli.bridge.application import Head
from tera.cli.bridge.frames import END, LENGTH, PIECE_BYTES, framed
from tera.intake.process import start

TENTH = 0.1


class Child:
    """A process that answers one request at a time."""

    def __init__(self, application: str) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        theirs.set_inheritable(True)
        self._process = start("tera.cli.bridge.child", str(theirs.fileno()), application)
        theirs.close()
        ours.setblocking(False)
        self._socket = ours
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._is_gone = False

    async def ask(self, environ: Mapping[str, str], body: IO[bytes]) -> None:
        """Send a request."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(sock=self._socket.dup())
        _, writer = self._streams
        writer.write(framed(json.dumps(environ).encode()))
        while piece := body.read(PIECE_BYTES):
            writer.write(framed(piece))
            await writer.drain()
        writer.write(END)
        await writer.drain()

    async def head(self) -> tuple[Head, bool]:
        """Return the head of the answer, and whether its body is large."""
        status, headers, is_large = json.loads(await self._read())
        return Head(status, [(name, value) for name, value in headers]), is_large

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body of the answer."""
        while piece := await self._read():
            yield piece

    async def _read(self) -> bytes:
        assert self._streams is not None  # noqa: S101  a request was sent
        reader, _ = self._streams
        (size,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        return await reader.readexactly(size)

    def hang_up(self) -> None:
        """Close the socket: the process ends when it has finished what is under way."""
        if not self._is_gone:
            self._socket.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        """End the process at once."""
        if self._streams is not None:
            self._streams[1].transport.abort()
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._is_gone = True
        self._socket.close()

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended, and end it if that takes too long."""
        deadline = time.monotonic() + seconds
        while not self._is_gone and os.waitpid(self._process, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                self.kill()
                return
            time.sleep(TENTH)
