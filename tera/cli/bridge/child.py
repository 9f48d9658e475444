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

from tera.cli.bridge.application import BYTES_IN_MEMORY, begin
from tera.cli.bridge.frames import END, framed, read

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

KINDNESS = 10


def main(descriptor: int, name: str) -> None:
    """Answer what comes over a socket with the application `module:attribute`."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.nice(KINDNESS)  # whoever answers a survey goes first
    module, _, attribute = name.partition(":")
    application = getattr(importlib.import_module(module), attribute)
    with (
        suppress(EOFError, ConnectionError),  # the server has ended, or left in the middle of an answer
        socket.socket(fileno=descriptor) as connection,
        connection.makefile("rwb") as pair,
    ):
        while True:
            answer(application, cast("IO[bytes]", pair))


def answer(application: "WSGIApplication", stream: IO[bytes]) -> None:
    """Take one request and send its answer."""
    environ = json.loads(read(stream))
    with SpooledTemporaryFile(BYTES_IN_MEMORY) as body:
        while piece := read(stream):
            body.write(piece)
        body.seek(0)
        head, first, rest = begin(application, environ, body)
        stream.write(framed(json.dumps([head.status, head.headers, rest is not None]).encode()))
        stream.write(framed(first) if first else b"")
        for piece in rest or ():
            stream.write(framed(piece))
            stream.flush()
        stream.write(END)
        stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
