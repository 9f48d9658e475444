"""Everything that runs while the crowd answers, as processes that can be killed and come back."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from pathlib import Path

from tera.intake.publishing import CLOSED, FORM, REVIEW, THANKS, publish
from tera.intake.tables import Database
from tests.intake.kills.alone import Place, form
from tests.journeys.serving import children_of, command_of, free_port
from tools.with_pg import Cluster, Server

PATIENCE_SECONDS, MOMENT = 60, 0.01
WRITER = "tera.intake.writer"
CARELESS = "tests.intake.kills.careless"
# What Tera needs of PostgreSQL it must ask for itself: here the administrator has chosen speed.
SETTINGS = ("synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0", "listen_addresses=")


class Stuck(RuntimeError):
    """What was waited for did not happen; the message holds the log."""


class Victim(Enum):
    """What is killed at once."""

    WRITER = "writer"
    ANSWERING = "answering"
    SEALER = "sealer"
    DATABASE = "PostgreSQL"
    ALL = "everything"


class Postgres:
    """A PostgreSQL that finds its data again after it was killed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it if it does not run; it may still be recovering when this returns."""
        if self._process is None:
            self._process = self._cluster.start(SETTINGS)
        elif self._process.poll() is not None:
            raise Stuck(f"PostgreSQL ended:\n{(self._cluster.folder / 'log').read_text()[-4000:]}")

    def create_database(self) -> str:
        """Return the URL of an empty database."""
        self.start()
        if self._process is not None:
            self._cluster.wait_until_ready(self._process)
        return Server(self._cluster.folder).create_database("kills")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGCONT)  # a kill may have been prepared and not made
            process.wait(timeout=PATIENCE_SECONDS)

    def family(self) -> list[int]:
        """Return the first process and its children; it is held from now on, so that no other is born."""
        if self._process is None:
            return []
        os.kill(self._process.pid, signal.SIGSTOP)
        return [self._process.pid, *children_of(self._process.pid)]

    def bury(self) -> None:
        """Take note that it was killed: until then the next start finds its process in the way."""
        if self._process is not None:
            self._process.wait(timeout=PATIENCE_SECONDS)
            self._process = None


class Processes:
    """A server of the intake with its writer, and a sealer, on one database."""

    def __init__(self, folder: Path, postgres: Postgres | None = None, writer: str = WRITER) -> None:
        """Make an empty database with a campaign; nothing runs yet but PostgreSQL."""
        self._postgres = postgres
        self._log = folder / "log"
        path = "" if postgres else str(folder / "responses.db")
        url = postgres.create_database() if postgres else ""
        self.place = Place(path, url, str(folder / "receipt.key"), free_port(), 2 if postgres else 1, writer)
        self.database.create()
        publish(self.database, form(), "", {("id", kind): "" for kind in (FORM, REVIEW, THANKS, CLOSED)})
        self._server: subprocess.Popen[bytes] | None = None
        self._sealer: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Database:
        return self.place.database

    @property
    def victims(self) -> list[Victim]:
        return [one for one in Victim if one is not Victim.DATABASE or self._postgres is not None]

    def start(self) -> bool:
        """Start what does not run and does not come back by itself; say whether everything runs now."""
        if self._postgres is not None:
            self._postgres.start()
        if self._server is None or self._server.poll() is not None:
            self._server = self._run()
        if self._sealer is None or self._sealer.poll() is not None:
            self._sealer = self._run("--seal")
        return len(self._pids(Victim.WRITER)) == self.place.processes

    def kill(self, victim: Victim, chance: random.Random) -> bool:
        """Kill without warning, wait until it is gone, and say whether there was somebody to kill."""
        pids = self._pids(victim)
        if victim in {Victim.WRITER, Victim.ANSWERING}:
            pids = chance.sample(pids, min(1, len(pids)))  # where several answer, one of them
        chance.shuffle(pids)
        _kill(pids)
        for process in (self._server, self._sealer):
            if process is not None and process.pid in pids:
                process.wait(timeout=PATIENCE_SECONDS)
        if self._postgres is not None and victim in {Victim.DATABASE, Victim.ALL}:
            self._postgres.bury()
        self.until(lambda: not any(map(command_of, pids)), f"{victim.value} is killed and does not end")
        return bool(pids)

    def stop(self) -> None:
        """End the server in order and the sealer at once; PostgreSQL keeps running."""
        server, sealer = self._server, self._sealer
        self._server = self._sealer = None
        if sealer is not None:
            sealer.kill()
            sealer.wait()
        if server is not None and server.poll() is None:
            family = children_of(server.pid, and_theirs=True)
            server.terminate()
            self.until(lambda: server.poll() is not None, "the server does not end")
            self.until(lambda: not any(map(command_of, family)), "the server left somebody behind")

    def end(self) -> None:
        """Leave nothing behind, whatever went wrong."""
        _kill(self._pids(Victim.ALL, with_database=False))
        for process in (self._server, self._sealer):
            if process is not None:
                process.wait()

    def until(self, is_so: Callable[[], object], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            if time.monotonic() > deadline:
                raise Stuck(f"{complaint}; the log ends with\n{self._log.read_text()[-4000:]}")
            time.sleep(MOMENT)

    def _run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *self.place.arguments(), *arguments], stdout=log, stderr=log
            )

    def _pids(self, victim: Victim, *, with_database: bool = True) -> list[int]:
        """Return whom a kill of this victim hits, as far as it runs now."""
        server, sealer = _running(self._server), _running(self._sealer)
        family = {
            pid: command for one in server for pid, command in children_of(one, and_theirs=True).items()
        }
        is_hit = with_database and victim in {Victim.DATABASE, Victim.ALL}
        database = self._postgres.family() if self._postgres is not None and is_hit else []
        return {
            Victim.WRITER: [pid for pid, command in family.items() if f"-m {self.place.writer} " in command],
            Victim.ANSWERING: [child for one in server for child in children_of(one)],
            Victim.SEALER: sealer,
            Victim.DATABASE: database,
            Victim.ALL: [*server, *family, *sealer, *database],
        }[victim]


def _running(process: "subprocess.Popen[bytes] | None") -> list[int]:
    return [process.pid] if process is not None and process.poll() is None else []


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
