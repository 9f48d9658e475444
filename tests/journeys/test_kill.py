"""The whole program in a power cut; tests/intake/test_kills.py kills its parts, one by one and often."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tera.intake.tables import Database
from tests.homes import grown
from tests.intake.kills.audit import compare, look
from tests.intake.kills.crowd import CREATED, OK, Crowd
from tests.journeys.serving import Served, command_of, starting, wait_until

ENOUGH, SOME = 300, 50


def cut_the_power(served: Served) -> None:
    # The kernel's list of children may lack one while others start or end: whoever it names once is meant.
    everything = [served.process.pid, *{pid for _ in range(3) for pid in served.family()}]
    for pid in everything:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    served.process.wait()
    wait_until(lambda: not any(map(command_of, everything)))


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    home, crowd = grown(tmp_path / "home"), Crowd(0, "demo")
    with starting(home, tmp_path) as served:
        wait_until(lambda: served.get("/sehat") == OK)
        invented = look(Database(home / "responses.db"), "demo")
        crowd.port = served.port
        with crowd.answering():
            wait_until(lambda: len(crowd.receipts) > ENOUGH)
            cut_the_power(served)
    found = compare(crowd, look(Database(home / "responses.db"), "demo").since(invented))
    assert (found.lost, found.doubled, found.faults) == ([], 0, [])
    with starting(home, tmp_path) as served:
        wait_until(lambda: served.get("/sehat") == OK)
        crowd.port = served.port
        assert crowd.send_again(list(crowd.receipts)[-SOME:]) == {OK}
        assert crowd.send_again(crowd.unknown) <= {OK, CREATED}
    found = compare(crowd, look(Database(home / "responses.db"), "demo").since(invented))
    assert (found.lost, found.doubled, found.faults) == ([], 0, [])
