"""The intake without a portal behind it, as a program that tests kill.

    python -m tests.intake.kills.alone PLACE [--seal]

It is the server of `tera serve`, with the same settings of Granian and the same writers. PLACE is a JSON of
what `Place` holds. `--seal` makes it the sealer instead, which hardly rests between its rounds.
"""

import asyncio
import json
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from tera.cli.parent import end_with
from tera.cli.serving import _server, in_order
from tera.engine.catalogue import get_instrument
from tera.intake import queue
from tera.intake.form import CampaignForm
from tera.intake.sealing import seal
from tera.intake.server import Server
from tera.intake.tables import Database, Unavailable

CAMPAIGN = "sambas"
SECONDS_BETWEEN_BLOCKS = 0.3


@dataclass(frozen=True)
class Place:
    """Where the responses lie, who writes them and where they come in."""

    path: str
    url: str
    key: str
    port: int
    processes: int
    writer: str

    @property
    def database(self) -> Database:
        return Database(Path(self.path) if self.path else None, self.url)

    def arguments(self) -> list[str]:
        return ["-m", "tests.intake.kills.alone", json.dumps(asdict(self))]


class NoSite:
    """Nothing but the intake answers here."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        pass

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:  # noqa: ARG002  as any site
        protocol.response_empty(404, [])

    def stop(self) -> None:
        pass


def form() -> CampaignForm:
    """Return a campaign that is open now."""
    today = datetime.now(UTC).date()
    return CampaignForm(
        code=CAMPAIGN,
        unit="sambas",
        instruments=(get_instrument("skm-9"), get_instrument("spak-5-4")),
        services={},
        starts_on=today - timedelta(days=2),
        ends_on=today + timedelta(days=2),
        zone="Asia/Pontianak",
        grace=timedelta(hours=24),
    )


def serve(place: Place) -> None:
    """Serve until SIGTERM."""
    server, stopped = _server(place.port, place.processes), threading.Event()

    @server.on_startup
    def begin() -> None:
        signal.signal(signal.SIGTERM, in_order(server.signal_handler_interrupt, stopped))

    server.serve(target_loader=partial(_load, os.getpid(), place), wrap_loader=False)
    stopped.set()


def _load(parent: int, place: Place) -> Callable[..., Any]:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with(parent)
    queue.WRITER = place.writer
    return cast("Callable[..., Any]", Server(place.database, Path(place.key), NoSite()))


def keep_sealing(place: Place) -> None:
    """Seal what may be sealed, again and again."""
    chance, asked = random.SystemRandom(), form()
    while True:
        try:
            seal(place.database, asked, datetime.now(UTC), chance)
        except Unavailable as error:
            logging.getLogger(__name__).error("nothing was sealed: %s", error)
        time.sleep(SECONDS_BETWEEN_BLOCKS)


if __name__ == "__main__":
    end_with(os.getppid())
    (keep_sealing if "--seal" in sys.argv else serve)(Place(**json.loads(sys.argv[1])))
