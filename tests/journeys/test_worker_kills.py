"""A worker that is killed at any step of sealing and publishing leaves an installation that is whole.

Every test grows one small installation, restores it before each kill, and counts on `tera fsck`, on the
independent verifier's tree and on what was acknowledged. `make kills` does it at every step and system call.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.with_pg import create_database

ALONE, BESIDE, ON_POSTGRES = 9, 14, 40
# Which control is seen after which kills: its first step, and how many steps further the next one is.
# `make kills` tries two more, which take longer to be seen.
CONTROLS = {"two-faced": (1, 40), "drops-one": (1, 40)}


def sweep(folder: Path, scenario: str, *arguments: str) -> dict[str, Any]:
    """Kill at each step, and return what came of it."""
    command = [sys.executable, "-m", "tests.journeys.kills", str(folder), scenario, *arguments]
    result = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ})
    assert result.returncode == 0, result.stderr
    tally: dict[str, Any] = json.loads(result.stdout)
    return tally


def some_of(steps: int) -> tuple[str, ...]:
    """Return the arguments for one step of so many, another one each time the tests run."""
    return "--first", str(random.randint(1, steps)), "--every", str(steps)


def test_killed_at_any_step_it_loses_nothing_and_signs_one_history(tmp_path: Path) -> None:
    tally = sweep(tmp_path, "grown", *some_of(ALONE))
    assert tally["faults"] == []
    assert tally["kills"] > 6
    assert tally["signed"] > tally["kills"]


def test_so_it_does_beside_another_worker_from_the_first_start(tmp_path: Path) -> None:
    tally = sweep(tmp_path, "fresh", "--beside", *some_of(BESIDE))
    assert tally["faults"] == []
    assert tally["kills"] > 2


def test_so_it_does_on_postgresql(tmp_path: Path, postgres_server: str) -> None:
    url = create_database(postgres_server, f"kills_{os.getpid()}")
    tally = sweep(tmp_path, "grown", "--url", url, *some_of(ON_POSTGRES))
    assert tally["faults"] == []
    assert tally["kills"] > 3


@pytest.mark.parametrize("control", CONTROLS)
def test_a_worker_that_is_wrong_is_caught(tmp_path: Path, control: str) -> None:
    first, every = CONTROLS[control]
    arguments = ("--careless", control, "--first", str(first), "--every", str(every))
    assert sweep(tmp_path, "grown", *arguments)["faults"] != []
