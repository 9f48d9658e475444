"""People who answer without pause while the server is killed under them, and what they remember of it."""

import base64
import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tera.engine.catalogue import get_instrument

CLIENTS = 8
SECONDS_BEFORE_THE_NEXT_TRY = 0.05
PATIENCE_SECONDS = 20
MOST_TRIES = 400
CODES = [*get_instrument("skm-9").codes, *get_instrument("spak-5-4").codes]
BROKEN = 0  # in place of a status: the connection broke before an answer
CREATED, OK, UNAVAILABLE = http.HTTPStatus.CREATED, http.HTTPStatus.OK, http.HTTPStatus.SERVICE_UNAVAILABLE
EXPECTED = {BROKEN, CREATED, OK, UNAVAILABLE}


def new_key() -> str:
    days = int(time.time() // 86400)
    return base64.urlsafe_b64encode(days.to_bytes(2, "big") + secrets.token_bytes(14)).rstrip(b"=").decode()


def sheet(key: str) -> str:
    """Return the answers, the same under every key."""
    return json.dumps({"key": key, "answers": dict.fromkeys(CODES, 4)})


class Client:
    """One device, which keeps its connection open as a browser does."""

    def __init__(self, port: int, campaign: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._path = f"/s/{campaign}"

    def post(self, key: str) -> tuple[int, bytes]:
        """Send one sheet and return status and body."""
        try:
            self._connection.request("POST", self._path, sheet(key), {"Content-Type": "application/json"})
            reply = self._connection.getresponse()
            return reply.status, reply.read()
        except (OSError, http.client.HTTPException):
            self.close()  # the next sheet opens another
            return BROKEN, b""

    def close(self) -> None:
        self._connection.close()


def post(port: int, key: str, campaign: str = "demo") -> tuple[int, bytes]:
    """Send one sheet over a connection of its own."""
    with closing(Client(port, campaign)) as client:
        return client.post(key)


class Crowd:
    """Clients with a fresh key for each sheet: what they sent, and the receipts that they were given.

    Where no receipt came, one half tries at once again with the same key, the other half gives up.
    """

    def __init__(self, port: int, campaign: str) -> None:
        self.sent: list[str] = []
        self.receipts: dict[str, bytes] = {}
        self.late: list[str] = []  # keys that were stored before their clients knew
        self.surprises: list[str] = []
        self.port, self._campaign = port, campaign
        self._gone = threading.Event()

    @property
    def unknown(self) -> list[str]:
        """The keys whose clients do not know what became of their answers."""
        return [key for key in self.sent if key not in self.receipts]

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let all clients answer while a block runs."""
        self._gone.clear()
        threads = [threading.Thread(target=self._answer, args=(place % 2 == 0,)) for place in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._gone.set()
            for thread in threads:
                thread.join()

    def send_again(self, keys: list[str]) -> set[int]:
        """Send sheets that were sent before, patiently; return which statuses came in the end."""
        with closing(Client(self.port, self._campaign)) as client:
            return {self._insist(client, key) for key in keys}

    def _insist(self, client: Client, key: str) -> int:
        for _ in range(MOST_TRIES):
            if (status := self._send(client, key)) in {CREATED, OK}:
                return status
            time.sleep(SECONDS_BEFORE_THE_NEXT_TRY)
        return BROKEN

    def _answer(self, is_patient: bool) -> None:
        with closing(Client(self.port, self._campaign)) as client:
            while not self._gone.is_set():
                key = new_key()
                self.sent.append(key)
                while self._send(client, key) not in {CREATED, OK}:
                    if self._gone.wait(SECONDS_BEFORE_THE_NEXT_TRY) or not is_patient:
                        break

    def _send(self, client: Client, key: str) -> int:
        status, body = client.post(key)
        if status in {CREATED, OK}:
            if status == OK and key not in self.receipts:
                self.late.append(key)
            if self.receipts.setdefault(key, body) != body:
                self.surprises.append(f"{key} was given another receipt than before ({status})")
        elif status not in EXPECTED:
            self.surprises.append(f"{key} was refused with {status}: {body.decode(errors='replace')}")
        return status
