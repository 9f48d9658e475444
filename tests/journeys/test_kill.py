"""What was acknowledged is stored, once, however often the program is killed in the middle of its work."""

import base64
import http.client
import json
import secrets
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from tera.engine.catalogue import get_instrument
from tests.journeys.serving import Served, starting, wait_until

KILLS, CLIENTS, SECONDS_BETWEEN = 3, 8, 1.5
CODES = [*get_instrument("skm-9").codes, *get_instrument("spak-5-4").codes]


class Crowd:
    """Clients that answer without pause; a key's fate is its receipt, or None where no answer came."""

    def __init__(self) -> None:
        self.fates: dict[str, str | None] = {}
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, port: int) -> None:
        self._stopped.clear()
        self._threads = [threading.Thread(target=self._answer, args=(port,)) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _answer(self, port: int) -> None:
        while not self._stopped.is_set():
            key = new_key()
            self.fates[key] = None
            status, receipt = post(port, key)
            if status == http.HTTPStatus.CREATED:
                self.fates[key] = receipt


def new_key() -> str:
    days = int(time.time() // 86400)
    return base64.urlsafe_b64encode(days.to_bytes(2, "big") + secrets.token_bytes(14)).rstrip(b"=").decode()


def post(port: int, key: str) -> tuple[int, str | None]:
    """Send one sheet; status 0 where the connection broke before an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"key": key, "answers": dict.fromkeys(CODES, 4)})
    try:
        connection.request("POST", "/s/demo", body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read()).get("receipt")
    except (OSError, http.client.HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


def count(home: Path) -> tuple[int, int]:
    """Return how many responses the demo campaign holds, and how many client keys there are."""
    with closing(sqlite3.connect(home / "responses.db")) as database:
        held = "SELECT (SELECT COUNT(*) FROM {}) + (SELECT COUNT(*) FROM {})"
        tables = ("inbox WHERE campaign = 'demo'", "sealed WHERE campaign = 'demo'")
        [(responses,)] = database.execute(held.format(*tables))
        [(keys,)] = database.execute("SELECT COUNT(*) FROM keys")
    return responses, keys


def serve_and_kill(served: Served, crowd: Crowd) -> None:
    """Let the crowd answer for a while, then kill the program as a power cut would."""
    crowd.start(served.port)
    time.sleep(SECONDS_BETWEEN)
    children = served.family()
    served.process.kill()
    served.process.wait()
    crowd.stop()
    assert children
    wait_until(lambda: not served.family() and served.get("/sehat") == 0)


def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(tmp_path: Path) -> None:
    home, crowd = tmp_path / "home", Crowd()
    grown = 0
    for kill in range(KILLS):
        (tmp_path / str(kill)).mkdir()
        with starting(home, tmp_path / str(kill)) as served:
            wait_until(lambda: served.get("/sehat") == http.HTTPStatus.OK)
            grown = grown or count(home)[0]
            serve_and_kill(served, crowd)
    acknowledged = {key: receipt for key, receipt in crowd.fates.items() if receipt}
    assert len(acknowledged) > KILLS * CLIENTS
    (tmp_path / "last").mkdir()
    with starting(home, tmp_path / "last") as served:
        wait_until(lambda: served.get("/sehat") == http.HTTPStatus.OK)
        responses, keys = count(home)
        assert responses - grown == keys
        assert len(acknowledged) <= keys <= len(crowd.fates)
        # Whoever was told gets the same receipt again; whoever was not may send the answers again.
        for key, receipt in list(acknowledged.items())[-50:]:
            assert post(served.port, key) == (http.HTTPStatus.OK, receipt)
        unknown = [key for key, receipt in crowd.fates.items() if receipt is None]
        assert {post(served.port, key)[0] for key in unknown} <= {http.HTTPStatus.OK, http.HTTPStatus.CREATED}
        responses, keys = count(home)
        assert responses - grown == keys == len(crowd.fates)
