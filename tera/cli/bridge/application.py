"""Runs a WSGI application on one request and returns its whole answer."""

import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

BYTES_IN_MEMORY = 64 * 1024  # a longer body, of a request or of an answer, lies on disk
ANSWER_BYTES = 256 * 1024 * 1024  # so that one page cannot fill the disk
TEXT = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
BROKEN = b"500 Internal Server Error. Kesalahan ini sudah dicatat. / This error has been logged.\n"


class CannotSend(Exception):
    """The application answered what the bridge does not hand on; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Head:
    """The status and the headers of an answer; names in lower case."""

    status: int
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; its body is a file without a name if it is large."""

    head: Head
    body: bytes | IO[bytes]


def answer(application: "WSGIApplication", environ: Mapping[str, str], body: IO[bytes]) -> Answer:
    """Return what the application answers; whatever it raises is logged, and the answer is a 500."""
    try:
        return _run(application, _whole(environ, body))
    except (Exception, SystemExit):  # noqa: BLE001  one bad page must not end what makes all the others
        print(f"tera: {environ['REQUEST_METHOD']} {environ['PATH_INFO']!r} failed:", file=sys.stderr)
        traceback.print_exc()
        return Answer(Head(500, TEXT), BROKEN)


def _run(application: "WSGIApplication", environ: dict[str, Any]) -> Answer:
    head: list[Head] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        head[:] = [Head(int(status[:3]), [(name.lower(), value) for name, value in headers])]
        return _no_write

    with closing(_pieces(application(environ, start))) as pieces:
        body = _collected(pieces)
    if not head:
        raise CannotSend("the application ended without a status; it must call start_response")
    return Answer(head[0], body)


def _pieces(returned: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Yield the pieces; the application's own end is always called, as PEP 3333 wants it."""
    try:
        yield from returned
    finally:
        if hasattr(returned, "close"):
            returned.close()


def _collected(pieces: Iterable[bytes]) -> bytes | IO[bytes]:
    whole = SpooledTemporaryFile(BYTES_IN_MEMORY)  # noqa: SIM115  a large one is handed on
    try:
        for piece in pieces:
            whole.write(piece)
            if whole.tell() > ANSWER_BYTES:
                raise CannotSend(f"more than {ANSWER_BYTES} bytes; answer in several pages or files")
        if whole.tell() > BYTES_IN_MEMORY:
            whole.flush()
            return whole
        whole.seek(0)
        small = whole.read()
    except BaseException:
        whole.close()
        raise
    whole.close()
    return small


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
