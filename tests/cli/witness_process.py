"""A witness as a process of its own, for tests that start, kill and restart it."""

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tera.engine.note import Key


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class WitnessProcess:
    """A witness with a home and a port; it runs or it does not."""

    home: Path
    name: str
    log: Key
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[str] | None" = None

    def start(self) -> Key:
        """Start it, and return the key that it prints once it listens."""
        self._process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        return Key.read(self._process.stdout.readline())

    def command(self) -> list[str]:
        options = ("--home", str(self.home), "--name", self.name, "--log", str(self.log))
        return [sys.executable, "-m", "tera", "witness", *options, "--port", str(self.port)]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        """End it if it runs, and return how it ended."""
        if self._process is None:
            return None
        self._process.send_signal(how)
        self._process.communicate()
        code, self._process = self._process.returncode, None
        return code

    def post(self, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, bytes]:
        """Return status, type and body of what it answers."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("POST", path, body)
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read()

    def send(self, content: bytes) -> bytes:
        """Send bytes that need not be HTTP, and return what comes back until it hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as visitor:
            visitor.sendall(content)
            visitor.shutdown(socket.SHUT_WR)
            with visitor.makefile("rb") as answer:
                return answer.read()


NewWitness = Callable[[str], WitnessProcess]


@contextmanager
def witnesses(folder: Path, log: Key) -> Iterator[NewWitness]:
    """Give a way to make witnesses of a log, none of which outlives the test."""
    made: list[WitnessProcess] = []

    def new(name: str) -> WitnessProcess:
        made.append(WitnessProcess(folder / name, name, log))
        return made[-1]

    try:
        yield new
    finally:
        for one in made:
            one.end(signal.SIGKILL)
