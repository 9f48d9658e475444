"""A demo as processes, for tests that start, kill and restart it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE, TENTH = 1800, 0.1
MOST_SECONDS = 120  # in which whatever was told to end has ended


@dataclass(frozen=True)
class Served:
    """A demo that runs in a home of its own."""

    home: Path
    port: int
    process: "subprocess.Popen[str]"
    out: Path
    err: Path

    def get(self, path: str, body: bytes | None = None, host: str = "127.0.0.1") -> int:
        """Return the status of a page, 0 where nobody answers."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body, {"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def family(self) -> dict[int, str]:
        """Return the processes that the demo started, and those that they started, with their commands."""
        return children_of(self.process.pid, and_theirs=True)

    def worker(self) -> int:
        return self._named("tera worker")

    def answering(self) -> int:
        return next((pid for pid in children_of(self.process.pid) if pid != self.worker()), 0)

    def writer(self) -> int:
        return self._named("tera.intake.writer")

    def _named(self, name: str) -> int:
        return next((pid for pid, command in self.family().items() if name in command), 0)


def children_of(parent: int, *, and_theirs: bool = False) -> dict[int, str]:
    """Return the processes that a process started, with their command lines."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):  # it has ended
            found |= {int(pid): command_of(int(pid)) for pid in task.read_text().split()}
    running = {pid: command for pid, command in found.items() if command}
    if and_theirs:
        for pid in list(running):
            running |= children_of(pid, and_theirs=True)
    return running


def command_of(pid: int) -> str:
    """Return the command line of a process, or nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def wait_until(is_so: Callable[[], object]) -> None:
    for _ in range(PATIENCE):
        if is_so():
            return
        time.sleep(TENTH)
    pytest.fail("it did not happen")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def starting(home: Path, folder: Path, *verb: str, url: str = "", port: int = 0) -> Iterator[Served]:
    port = port or free_port()
    environment = {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": url}
    command = [sys.executable, "-m", "tera", *(verb or ("demo",)), "--port", str(port)]
    out, err = folder / "out", folder / "err"
    with out.open("w") as told, err.open("w") as complaints:
        process = subprocess.Popen(command, env=environment, stdout=told, stderr=complaints, text=True)
    served = Served(home, port, process, out, err)
    try:
        yield served
    finally:
        family = served.family()
        process.kill()
        process.wait(MOST_SECONDS)
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
