"""Rounds of killing: the crowd answers, somebody dies, all comes back; then what was told is compared."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.intake.kills.alone import CAMPAIGN
from tests.intake.kills.audit import compare, look
from tests.intake.kills.crowd import CREATED, OK, Crowd
from tests.intake.kills.processes import WRITER, Postgres, Processes, Victim
from tools.with_pg import fresh_cluster

LONGEST_LIFE = 0.4
AGAIN, LONGEST_RECOVERY = (
    0.25,
    1.2,
)  # how often it is killed once more, and in which time: while it comes back
MOST_SENT_AGAIN = 300


@dataclass
class Tally:
    """What came of it."""

    kills: Counter[Victim] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0  # stored, but the client learned it only when it tried again
    faults: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.faults)

    def add(self, other: "Tally") -> None:
        self.kills += other.kills
        self.acknowledged += other.acknowledged
        self.lost += other.lost
        self.doubled += other.doubled
        self.late += other.late
        self.faults += other.faults
        self.seconds += other.seconds

    def __str__(self) -> str:
        by_victim = ", ".join(f"{one.value} {self.kills[one]}" for one in Victim if self.kills[one])
        return (
            f"{self.kills.total()} kills ({by_victim}); {self.acknowledged} acknowledged, {self.lost} lost,"
            f" {self.doubled} doubled, {self.late} stored but acknowledged only at a later try,"
            f" {len(self.faults)} other faults; {self.seconds / max(1, self.kills.total()):.2f} s a kill"
        )


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Yield a PostgreSQL that may be killed, and remove it."""
    with fresh_cluster() as cluster:
        postgres = Postgres(cluster)
        try:
            yield postgres
        finally:
            postgres.stop()


@contextmanager
def processes_on(postgres: Postgres | None, writer: str = WRITER) -> Iterator[Processes]:
    """Yield what runs on an empty PostgreSQL or file, and leave nothing of it behind."""
    with TemporaryDirectory(prefix="tera-kills-") as folder:
        processes = Processes(Path(folder), postgres, writer)
        try:
            yield processes
        finally:
            processes.end()


def run(processes: Processes, rounds: int, chance: random.Random, victims: Sequence[Victim] = ()) -> Tally:
    """Kill in so many rounds while the crowd answers, then compare what was told with what is stored.

    In some rounds the victim is killed once more while it comes back.
    """
    began, tally, crowd = time.monotonic(), Tally(), Crowd(processes.place.port, CAMPAIGN)
    with crowd.answering():
        _recover(processes, crowd)
        for victim in islice(_plan(victims or processes.victims, chance), rounds):
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            tally.kills[victim] += processes.kill(victim, chance)
            if chance.random() < AGAIN:
                processes.start()
                time.sleep(chance.uniform(0, LONGEST_RECOVERY))
                tally.kills[victim] += processes.kill(victim, chance)
            _recover(processes, crowd)
    processes.stop()
    _compare(processes, crowd, tally)
    tally.seconds = time.monotonic() - began
    return tally


def _plan(victims: Sequence[Victim], chance: random.Random) -> Iterator[Victim]:
    """Name each victim before any is named again."""
    while True:
        yield from chance.sample(victims, len(victims))


def _recover(processes: Processes, crowd: Crowd) -> None:
    """Wait until all runs again and somebody was given a receipt."""
    processes.until(processes.start, "it does not start")
    before = len(crowd.receipts)
    processes.until(lambda: processes.start() and len(crowd.receipts) > before, "nobody is acknowledged")


def _compare(processes: Processes, crowd: Crowd, tally: Tally) -> None:
    """Look at what is stored, let the crowd ask and try again, and look once more."""
    found = compare(crowd, look(processes.database, CAMPAIGN))
    tally.acknowledged, tally.lost, tally.doubled = len(crowd.receipts), len(found.lost), found.doubled
    tally.faults = found.faults
    processes.until(processes.start, "it does not start again")
    some = list(crowd.receipts)[-MOST_SENT_AGAIN:]
    if crowd.send_again(some) - {OK}:
        tally.faults.append("a receipt is not given again")
    if crowd.send_again(crowd.unknown) - {CREATED, OK}:
        tally.faults.append("what was not acknowledged cannot be sent again")
    processes.stop()
    last = compare(crowd, look(processes.database, CAMPAIGN))
    tally.late = len(crowd.late)
    tally.doubled = max(tally.doubled, last.doubled)
    tally.faults += [fault for fault in last.faults if fault not in tally.faults]
