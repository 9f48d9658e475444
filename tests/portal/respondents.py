"""Somebody who answers: requests to the intake's own code, with its real shelf, writer and database."""

import asyncio
import gzip
import json
import random
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tera.engine.response import Response
from tera.intake import inbox
from tera.intake.answering import Answering
from tera.intake.http import FORM_TYPE, JSON, Reply, Request
from tera.intake.queue import Queue
from tera.intake.shelf import Shelf
from tera.intake.tables import Database
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign

HOST = "survei.example"


@dataclass(frozen=True)
class Answered:
    """A reply, as a test looks at it."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Respondent:
    """Asks one intake, whose queue and writer run until it is closed."""

    def __init__(self, database: Database, key: Path) -> None:
        self._runner = asyncio.Runner()
        self._queue = Queue(database, key, self._runner.get_loop())
        self._database = database
        self.wait = 0  # seconds until this address may send again

    def close(self) -> None:
        self._queue.stop()
        self._runner.close()

    def get(self, path: str, *, shelf: Shelf | None = None, query: str = "", **headers: str) -> Answered:
        """Ask for a page, from a shelf that knows it already or from one that is empty."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self._ask(Request("GET", path, named, HOST, query), shelf=shelf)

    def send_form(self, path: str, fields: dict[str, str], **headers: str) -> Answered:
        return self.send(path, urlencode(fields).encode(), {"content-type": FORM_TYPE, **headers})

    def send_json(self, path: str, **body: Any) -> Answered:
        return self.send(path, json.dumps(body).encode(), {"content-type": JSON})

    def send_json_at_once(self, path: str, bodies: list[dict[str, Any]]) -> list[Answered]:
        """Send many bodies that do not wait for one another."""

        async def send_all() -> list[Reply | None]:
            return await asyncio.gather(*(send_one(json.dumps(body).encode()) for body in bodies))

        async def send_one(body: bytes) -> Reply | None:
            async def read() -> bytes:
                return body

            headers = {"content-type": JSON, "content-length": str(len(body))}
            return await answering.answer(Request("POST", path, headers, HOST), read)

        with closing(Shelf(self._database)) as shelf:
            answering = Answering(shelf, self._queue)
            return [_seen(reply) for reply in self._runner.run(send_all())]

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> Answered:
        sized = {"content-length": str(len(body)), **headers}
        return self._ask(Request("POST", path, sized, HOST), body)

    def _ask(self, request: Request, body: bytes = b"", shelf: Shelf | None = None) -> Answered:
        async def read() -> bytes:
            return body

        with nullcontext(shelf) if shelf else closing(Shelf(self._database)) as known:
            answering = Answering(known, self._queue)
            reply = self._runner.run(answering.answer(request, read, self.wait))
        return _seen(reply)


def _seen(reply: Reply | None) -> Answered:
    if reply is None:  # the portal says that there is no such page
        return Answered(404, {}, "")
    headers = dict(reply.headers)
    body = gzip.decompress(reply.body) if "content-encoding" in headers else reply.body
    return Answered(reply.status, headers, body.decode())


def let_answer(campaign: Campaign, intake: Database, count: int, *, blank: str = "") -> list[bytes]:
    """Let so many invented people answer; all but nine leave one item blank, where one is named.

    Return their commitments.
    """
    chance, commitments = random.Random(count), []
    places = [code == blank for code in campaign.form.codes]
    for number in range(count):
        scores = [None if is_blank and number >= 9 else chance.randint(1, 4) for is_blank in places]
        row = Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, tuple(scores))
        held = actions.held(row)
        inbox.put(intake, campaign.code, [held])
        commitments.append(held[0])
    return commitments
