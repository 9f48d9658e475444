"""`tera fsck` as it is typed, on an installation with a million responses."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.installation import environment_of
from benchmarks.million import BLOCK, BLOCKS, CAMPAIGNS

ROUNDS = 3


def measure() -> dict[str, object]:
    """Return the seconds and the memory of a whole look, and what it looked at."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = environment_of(home)
        subprocess.run([sys.executable, "-m", "benchmarks.million"], check=True, env=environment)
        entries = int((home / "log" / "checkpoint").read_text().splitlines()[1])
        looks = [_look(environment) for _ in range(ROUNDS)]
    return {
        "responses": CAMPAIGNS * BLOCKS * BLOCK,
        "campaigns": CAMPAIGNS,
        "ledger_entries": entries,
        "seconds": round(statistics.median(seconds for seconds, _, _ in looks), 1),
        "peak_mb": max(memory for _, memory, _ in looks),
        "faults": max(faults for _, _, faults in looks),
    }


def _look(environment: dict[str, str]) -> tuple[float, int, int]:
    """Return seconds, megabytes and faults of one look."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "tera", "fsck", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        told = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_maxrss // 1024, len(json.loads(told)["faults"])
