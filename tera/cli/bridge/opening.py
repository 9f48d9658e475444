"""Tells when somebody else has opened a file, which only the kernel knows (inotify, on Linux)."""

import asyncio
import ctypes
import os
import struct
from typing import IO

IN_OPEN, IN_ONESHOT = 0x20, 0x80000000
NOTICE = struct.Struct(
    "iIII"
)  # watch, what happened, cookie, length of a name: none, for no folder is watched
BYTES_AT_ONCE = 256 * NOTICE.size


class Openings:
    """Watches files."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._kernel = ctypes.CDLL(None, use_errno=True)
        self._notices = _checked(self._kernel.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self._watches: dict[int, asyncio.Future[None]] = {}
        loop.add_reader(self._notices, self._read)

    def next(self, file: IO[bytes]) -> "asyncio.Future[None]":
        """Return what is done at the next opening; cancel it to stop watching."""
        path = f"/dev/fd/{file.fileno()}".encode()
        watch = _checked(self._kernel.inotify_add_watch(self._notices, path, IN_OPEN | IN_ONESHOT))
        opened = self._watches[watch] = self._loop.create_future()
        opened.add_done_callback(lambda _: self._forget(watch))
        return opened

    def _forget(self, watch: int) -> None:
        del self._watches[watch]
        self._kernel.inotify_rm_watch(self._notices, watch)  # fails where it is over, as it should be

    def _read(self) -> None:
        notices = os.read(self._notices, BYTES_AT_ONCE)
        for watch, happened, _, _ in NOTICE.iter_unpack(notices):
            opened = self._watches.get(watch)
            if opened is not None and happened & IN_OPEN and not opened.done():
                opened.set_result(None)


def _checked(number: int) -> int:
    if number < 0:
        reason = os.strerror(ctypes.get_errno())
        raise OSError(ctypes.get_errno(), f"inotify: {reason}; raise the limits under /proc/sys/fs/inotify")
    return number
