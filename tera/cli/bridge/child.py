"""One process of the portal: answers one request after the other until its socket closes.

Signals that end the server do not end it: what is under way is finished first, and the closed socket, which
also comes when the server is killed, ends it then.
"""

import importlib
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast

from tera.cli.bridge.application import BYTES_IN_MEMORY, Answer, answer
from tera.cli.bridge.frames import READY, framed, read

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

KINDNESS = 10


def main(requests: int, files: int, name: str) -> None:
    """Answer requests from one socket with the application `module:attribute`; files go over another."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.nice(KINDNESS)  # whoever answers a survey goes first
    module, _, attribute = name.partition(":")
    application = getattr(importlib.import_module(module), attribute)
    with (
        suppress(EOFError, ConnectionError),  # the server has ended
        socket.socket(fileno=requests) as connection,
        socket.socket(fileno=files) as large,
        connection.makefile("rwb") as pair,
    ):
        stream = cast("IO[bytes]", pair)
        stream.write(READY)
        stream.flush()
        while True:
            give(take(application, stream), stream, large)


def take(application: "WSGIApplication", stream: IO[bytes]) -> Answer:
    """Return the answer to the next request."""
    environ = json.loads(read(stream))
    with SpooledTemporaryFile(BYTES_IN_MEMORY) as body:
        while piece := read(stream):
            body.write(piece)
        body.seek(0)
        return answer(application, environ, body)


def give(answer: Answer, stream: IO[bytes], large: socket.socket) -> None:
    """Send an answer."""
    is_large = not isinstance(answer.body, bytes)
    if not isinstance(answer.body, bytes):
        with answer.body:
            socket.send_fds(large, [b"\0"], [answer.body.fileno()])
    stream.write(framed(json.dumps([answer.head.status, answer.head.headers, is_large]).encode()))
    if isinstance(answer.body, bytes):
        stream.write(framed(answer.body))
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
