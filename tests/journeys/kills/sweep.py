"""Kills a worker at each of its steps, on one installation that is restored each time."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tera.engine import note
from tera.portal.ledger import publishing
from tests.journeys.kills import audit, installation, steps
from tests.journeys.kills.places import Place

KILLED = -9
MOST_ALIVE = 6  # workers in a row that were not killed, because another one did their work
CALLS = "write,pwrite64,rename,mkdir,unlink,link,linkat,chmod,fchmod,ftruncate,fsync,fdatasync,sendto"


@dataclass
class Tally:
    """What came of all kills."""

    kills: int = 0
    fscks: int = 0
    signed: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class How:
    """How workers are killed."""

    first: int = 1
    every: int = 1
    beside: bool = False
    strace: bool = False


class Sweep:
    """One installation, restored before each kill."""

    def __init__(self, folder: Path, place: Place, scenario: str, how: How) -> None:
        self._folder, self._place, self._how = folder, place, how
        self._over, self.tally = list(installation.OVER), Tally()
        sent = folder / "sent"

        def make() -> int:
            sent.write_text(json.dumps(installation.make(scenario)))
            return 0

        if code := self._run(make):
            raise SystemExit(f"no installation ({code}): {self._said()}")
        self._sent = json.loads(sent.read_text())
        place.keep()

    def run(self) -> Tally:
        """Kill at one step after another, until a worker has no more of them."""
        alive = 0
        for step in count(self._how.first, self._how.every):
            alive = 0 if self._kill_at(step) else alive + 1
            if alive == (MOST_ALIVE if self._how.beside else 1):
                break
        return self.tally

    def _kill_at(self, step: int) -> bool:
        """Kill a worker before one step, if it gets there, and look at what is left and how it goes on."""
        self._place.restore()
        signed = self._folder / "signed"
        signed.write_text("")
        faults: list[str] = []
        is_killed = self._work(step, faults)
        seen = self._published()
        self._look("killed", faults)
        self._work(steps.NEVER, faults)
        seen |= self._published()
        self._look("finished", faults)
        seen |= {json.loads(line) for line in signed.read_text().splitlines()}
        self._compare(seen, faults)
        self.tally.kills += is_killed
        self.tally.signed += len(seen)
        where = f"killed at step {step}" if is_killed else "never killed"
        self.tally.faults += [f"{where}: {fault}" for fault in faults]
        return is_killed

    def _work(self, fatal: int, faults: list[str]) -> bool:
        """Let a worker do one round; say whether it was killed."""
        (self._folder / "output").write_text("")
        worker = steps.child(self._worker(fatal), self._folder / "output")
        if fatal and self._how.beside and (code := self._run(self._worker(steps.NEVER))):
            faults.append(f"the other worker ended with {code}: {self._said()}")
        code = steps.ended(worker)
        is_killed = fatal != steps.NEVER and code == KILLED
        if code and not is_killed:
            faults.append(f"a worker ended with {code}: {self._said()}")
        return is_killed

    def _worker(self, fatal: int) -> Callable[[], int]:
        if not (self._how.strace and fatal):
            return steps.verb("worker", "--once", "--no-jobs", home=self._place.home, fatal=fatal)
        inject = ["-e", f"trace={CALLS}", "-e", f"inject={CALLS}:signal=SIGKILL:when={fatal}"]
        command = [sys.executable, "-m", "tera", "worker", "--once", "--no-jobs"]
        return steps.program("strace", "-f", "-qq", "-o", "/dev/null", *inject, *command)

    def _published(self) -> set[str]:
        path = self._place.home / "log" / "checkpoint"
        return {path.read_text()} if path.exists() else set()

    def _look(self, when: str, faults: list[str]) -> None:
        self.tally.fscks += 1
        (self._folder / "output").write_text("")
        if code := self._run(steps.verb("fsck", home=self._place.home)):
            faults.append(f"{when}, fsck ends with {code}: {self._said()}")

    def _compare(self, seen: set[str], faults: list[str]) -> None:
        log = audit.Log.read(self._place.home / "log")
        faults += audit.faults_of_checkpoints(log, seen)
        faults += audit.faults_of_responses(self._sent)
        faults += audit.faults_of_work(log, self._over, self._sent)

    def _run(self, deed: Callable[[], int]) -> int:
        return steps.ended(steps.child(deed, self._folder / "output"))

    def _said(self) -> str:
        return (self._folder / "output").read_text()


def remember_signatures(path: Path) -> None:
    """Keep every checkpoint that is signed in this process or its children, before anybody else sees it."""
    inner = publishing.signer_of

    def remembering(key: Path, name: str) -> publishing.Signer:
        signer = inner(key, name)

        def sign(text: bytes) -> bytes:
            signature = signer.sign(text)
            signed = note.write(text.decode(), [note.Signature(name, signer.key.id, signature)])
            with path.open("a") as told:
                told.write(json.dumps(signed) + "\n")
            return signature

        return publishing.Signer(signer.key, sign)

    publishing.signer_of = remembering  # type: ignore[assignment]  # it only looks on
