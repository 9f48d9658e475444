"""The servers that `benchmarks.intake` compares: python -m benchmarks.served KIND PORT, with TERA_HOME set.

full        as `tera serve` runs it
unsigned    the same without signatures under receipts
null        validates and answers, stores nothing
orm         a Django view that stores each answer with one ORM insert
"""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from tera.cli.bridge.children import Children
from tera.cli.installation import enter
from tera.cli.serving import MOST_AT_ONCE
from tera.engine import receipt
from tera.intake.inbox import Arrival
from tera.intake.receipt import Receipt
from tera.intake.server import Server
from tera.intake.writer import Writer

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

NO_SIGNATURE = bytes(64)


class Nowhere(Writer):
    """Answers at once and stores nothing: what a server can do without a disk."""

    def submit(self, arrival: Arrival) -> "asyncio.Future[Receipt]":
        future: asyncio.Future[Receipt] = self._loop.create_future()
        receipt.message(arrival.held[0], arrival.form.code, arrival.day)
        future.set_result(Receipt(arrival.held[0], arrival.form.code, arrival.day, NO_SIGNATURE, is_new=True))
        return future


class Measured(Server):
    """The server with one part of it changed."""

    def __init__(self, kind: str) -> None:
        from django.conf import settings

        super().__init__(settings.INTAKE, settings.RECEIPT_KEY, Children(count=1))
        self._kind = kind

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__rsgi_init__(loop)
        if self._kind != "full":
            self._writer.stop()
            kind = Nowhere if self._kind == "null" else Writer
            self._writer = kind(self._database, lambda _: NO_SIGNATURE, loop)
            self._answering._writer = self._writer  # a measurement, not the product


def load(kind: str) -> Callable[..., Any]:
    """Return the server, in the process that answers."""
    return cast("Callable[..., Any]", Measured(kind))


def load_view() -> "WSGIApplication":
    """Return a Django site with one view, which inserts one row a request."""
    from benchmarks.view import load

    return load()


def main(kind: str, port: int) -> None:
    """Serve one kind until a signal stops it."""
    os.environ.setdefault("TERA_DEMO", "1")
    enter()
    common = {"port": port, "log_enabled": False, "backpressure": MOST_AT_ONCE, "http": HTTPModes.http1}
    if kind == "orm":
        server = Granian("view", interface=Interfaces.WSGI, blocking_threads=4, **common)
        server.serve(target_loader=load_view, wrap_loader=False)
    else:
        server = Granian("tera", interface=Interfaces.RSGI, loop=Loops.uvloop, websockets=False, **common)
        server.serve(target_loader=lambda: load(kind), wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
