"""The server's end of the sockets to one process of the portal."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Mapping
from typing import IO

from tera.cli.bridge.application import Answer, Head
from tera.cli.bridge.frames import END, LENGTH, PIECE_BYTES, framed
from tera.intake.process import start

TENTH = 0.1


class Child:
    """A process that answers one request at a time."""

    def __init__(self, application: str) -> None:
        """Start the process."""
        self._socket, theirs = _pair()
        self._files, their_files = _pair()
        with theirs, their_files:
            numbers = str(theirs.fileno()), str(their_files.fileno())
            self._process = start("tera.cli.bridge.child", *numbers, application)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ready(self) -> None:
        """Wait until the process has loaded the application; EOFError or OSError where it ended instead."""
        self._streams = await asyncio.open_connection(sock=self._socket.dup())
        await self._read()

    async def answer(self, environ: Mapping[str, str], body: IO[bytes]) -> Answer:
        """Send a request and return its answer; EOFError or OSError where the process has ended."""
        await self._send(environ, body)
        status, headers, is_large = json.loads(await self._read())
        head = Head(status, [(name, value) for name, value in headers])
        return Answer(head, self._file() if is_large else await self._read())

    async def _send(self, environ: Mapping[str, str], body: IO[bytes]) -> None:
        assert self._streams is not None  # noqa: S101  it is ready
        _, writer = self._streams
        writer.write(framed(json.dumps(environ).encode()))
        while piece := body.read(PIECE_BYTES):
            writer.write(framed(piece))
            await writer.drain()
        writer.write(END)
        await writer.drain()

    async def _read(self) -> bytes:
        assert self._streams is not None  # noqa: S101  it is ready
        reader, _ = self._streams
        (size,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        return await reader.readexactly(size)

    def _file(self) -> IO[bytes]:
        """Return the file that was sent ahead of the head, so nothing is waited for."""
        _, (number, *_), _, _ = socket.recv_fds(self._files, 1, 1, socket.MSG_CMSG_CLOEXEC)
        return os.fdopen(number, "rb")

    def hang_up(self) -> None:
        """Close the socket: the process ends when it has finished what is under way."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        """End the process at once; `status` or `wait` is still due."""
        if self._streams is not None:
            self._streams[1].transport.abort()
        os.kill(self._process, signal.SIGKILL)
        self._socket.close()
        self._files.close()

    def status(self) -> int:
        """Wait for the end of the process and return its exit code, below 0 for a signal."""
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended, and end it if that takes too long."""
        deadline = time.monotonic() + seconds
        while os.waitpid(self._process, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                self.kill()
                self.status()
                return
            time.sleep(TENTH)


def _pair() -> tuple[socket.socket, socket.socket]:
    """Return our end, which never blocks, and the end that the process gets."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.set_inheritable(True)
    return ours, theirs
