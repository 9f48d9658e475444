"""Runs a WSGI application on one request: first its status and headers, then its body in pieces."""

import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SMALL_BYTES = 64 * 1024
BYTES_IN_MEMORY = 1024 * 1024  # a longer body of a request lies on disk


@dataclass(frozen=True, slots=True)
class Head:
    """The status and the headers of an answer; names in lower case."""

    status: int
    headers: list[tuple[str, str]]


Pieces = Generator[bytes, None, None]


def begin(
    application: "WSGIApplication", environ: Mapping[str, str], body: IO[bytes]
) -> tuple[Head, bytes, Pieces | None]:
    """Return the head, the first bytes, and what follows: nothing, unless the answer is large.

    A small answer is finished here, so that the thread that began it also ends it.
    """
    head: list[Head] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        head[:] = [Head(int(status[:3]), [(name.lower(), value) for name, value in headers])]
        return _no_write

    pieces, first = _closing(application(_whole(environ, body), start)), bytearray()
    for piece in pieces:
        first += piece
        if len(first) > SMALL_BYTES:
            return head[0], bytes(first), pieces
    return head[0], bytes(first), None


def _closing(returned: Iterable[bytes]) -> Pieces:
    """Yield the pieces; the application's own end is always called."""
    try:
        yield from returned
    finally:
        if hasattr(returned, "close"):
            returned.close()


def _whole(environ: Mapping[str, str], body: IO[bytes]) -> dict[str, Any]:
    return {
        **environ,
        "wsgi.version": (1, 0),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _no_write(_: bytes) -> object:
    raise NotImplementedError("the body is returned, not written: no framework of our days writes it")
