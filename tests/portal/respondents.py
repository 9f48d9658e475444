"""Somebody who answers: requests to the intake's own code, with its real shelf, writer and database."""

import asyncio
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.intake.answering import Answering
from tera.intake.http import FORM_TYPE, JSON, Reply, Request
from tera.intake.shelf import Shelf
from tera.intake.tables import Database
from tera.intake.writer import Writer

SIGN = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign
HOST = "survei.example"


@dataclass(frozen=True)
class Answered:
    """A reply, as a test looks at it."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Respondent:
    """Asks one intake."""

    database: Database

    def get(self, path: str, **headers: str) -> Answered:
        return self._ask("GET", path, b"", {name.replace("_", "-"): text for name, text in headers.items()})

    def send_form(self, path: str, fields: dict[str, str], **headers: str) -> Answered:
        return self.send(path, urlencode(fields).encode(), {"content-type": FORM_TYPE, **headers})

    def send_json(self, path: str, **body: Any) -> Answered:
        return self.send(path, json.dumps(body).encode(), {"content-type": JSON})

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> Answered:
        return self._ask("POST", path, body, {"content-length": str(len(body)), **headers})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answered:
        async def read() -> bytes:
            return body

        async def ask() -> Reply | None:
            writer = Writer(self.database, SIGN, asyncio.get_running_loop())
            with closing(Shelf(self.database)) as shelf:
                try:
                    return await Answering(shelf, writer).answer(Request(method, path, headers, HOST), read)
                finally:
                    writer.stop()

        reply = asyncio.run(ask())
        if reply is None:  # the portal says that there is no such page
            return Answered(404, {}, "")
        return Answered(reply.status, dict(reply.headers), reply.body.decode())
