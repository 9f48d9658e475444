"""What `tera serve` is compared with: python -m benchmarks.served KIND PORT, with TERA_HOME set.

unsigned    the same server without signatures under receipts
null        the same server, which validates and answers and stores nothing
orm         a Django view that stores each answer with one ORM insert
asgi        the portal under Django's own ASGI handler
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
from tera.engine import response
from tera.intake import queue, server
from tera.intake.inbox import Arrival
from tera.intake.queue import Queue
from tera.intake.receipt import Outcome, Receipt
from tera.intake.server import Server

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

NO_SIGNATURE = bytes(64)


class Nowhere(Queue):
    """Answers at once and stores nothing: what a server can do without a disk."""

    def submit(self, arrival: Arrival) -> "asyncio.Future[Outcome]":
        future: asyncio.Future[Outcome] = self._loop.create_future()
        campaign, day = response.heading(arrival.body)
        future.set_result(Receipt(bytes(32), campaign, day, NO_SIGNATURE, is_new=True))
        return future


def load(kind: str) -> Callable[..., Any]:
    """Return the server, in the process that answers."""
    from django.conf import settings

    if kind == "null":
        server.Queue = Nowhere  # type: ignore[misc]  a measurement, not the product
    if kind == "unsigned":
        queue.WRITER = "benchmarks.unsigned"
    return cast("Callable[..., Any]", Server(settings.INTAKE, settings.RECEIPT_KEY, Children(count=1)))


def load_view() -> "WSGIApplication":
    """Return a Django site with one view, which inserts one row a request."""
    from benchmarks.view import load

    return load()


def load_portal() -> Callable[..., Any]:
    """Return the portal as Django serves it by itself under ASGI."""
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def main(kind: str, port: int) -> None:
    """Serve one kind until a signal stops it."""
    os.environ.setdefault("TERA_DEMO", "1")
    enter()
    common = {"port": port, "log_enabled": False, "backpressure": MOST_AT_ONCE, "http": HTTPModes.http1}
    if kind == "orm":
        granian = Granian("view", interface=Interfaces.WSGI, blocking_threads=4, **common)
        granian.serve(target_loader=load_view, wrap_loader=False)
    elif kind == "asgi":
        granian = Granian("portal", interface=Interfaces.ASGI, loop=Loops.uvloop, websockets=False, **common)
        granian.serve(target_loader=load_portal, wrap_loader=False)
    else:
        granian = Granian("tera", interface=Interfaces.RSGI, loop=Loops.uvloop, websockets=False, **common)
        granian.serve(target_loader=lambda: load(kind), wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
