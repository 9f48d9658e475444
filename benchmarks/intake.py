"""The hot path against its own limits and against a Django view, over loopback, each side in turn in one run.

Needs wrk (Debian package). Ratios are what counts; rates are this machine's.
"""

import base64
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tera.engine.catalogue import get_instrument

KINDS = ("full", "unsigned", "null", "orm")
ROUNDS, SECONDS, CONNECTIONS = 3, 4, 64
LIMESURVEY_FLOWS = 4.8  # a second, measured on a machine of this size
SCRIPT = Path(__file__).with_name("post.lua")
CODES = [*get_instrument("skm-9").codes, *get_instrument("spak-5-4").codes]


@dataclass
class Side:
    """One server and what was measured of it."""

    port: int
    process: "subprocess.Popen[bytes]"
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    failed: int = 0

    def seconds_of_cpu(self) -> float:
        """Return the CPU time of the server and all that it started."""
        ticks = 0
        todo = [self.process.pid]
        while todo:
            pid = todo.pop()
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                todo.extend(map(int, task.read_text().split()))
        return ticks / os.sysconf("SC_CLK_TCK")


def measure() -> dict[str, object]:
    """Return rates, latencies, CPU and the ratios that the project claims."""
    if shutil.which("wrk") is None:
        raise SystemExit("benchmarks: wrk is missing; apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        _grow(home)
        sides = {kind: _start(kind, home, Path(folder), stack) for kind in KINDS}
        for turn in range(ROUNDS):
            for side in sides.values():
                _load(side, turn)
        forms = [_gets(sides["full"].port) for _ in range(ROUNDS)]
    return _figures(sides, statistics.median(forms))


def _grow(home: Path) -> None:
    grow = "from tera.cli import demo, installation as i; i.enter(); demo._grow()"
    environment = {**os.environ, "TERA_HOME": str(home), "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}
    subprocess.run([sys.executable, "-c", grow], check=True, env=environment)


def _start(kind: str, home: Path, folder: Path, stack: ExitStack) -> Side:
    own = shutil.copytree(home, folder / kind)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TERA_HOME": str(own), "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}
    command = [sys.executable, "-m", "benchmarks.served", kind, str(port)]
    process = subprocess.Popen(command, env=environment)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Side(port, process)
        time.sleep(0.1)
    raise SystemExit(f"benchmarks: {kind} did not start")


def _load(side: Side, turn: int) -> None:
    day = int(time.time() // 86400)
    environment = {
        **os.environ,
        "ANSWERS": ",".join(f'"{code}":4' for code in CODES),
        "PREFIX": base64.urlsafe_b64encode(day.to_bytes(2, "big") + bytes(1)).decode()[:3],
        "SEED": str(turn + side.port),
    }
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(SCRIPT)]
    before = side.seconds_of_cpu()
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{side.port}/s/demo"],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    line = next(line for line in told.stdout.splitlines() if line.startswith("FIGURES"))
    rate, p50, p99, failed = map(float, line.split()[1:])
    side.rates.append(rate)
    side.p50.append(p50)
    side.p99.append(p99)
    side.cpu.append((side.seconds_of_cpu() - before) / (rate * SECONDS) * 1e6)
    side.failed += int(failed)


def _gets(port: int) -> float:
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"http://127.0.0.1:{port}/s/demo"],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(next(line for line in told.stdout.splitlines() if "Requests/sec" in line).split()[1])


def _figures(sides: dict[str, Side], forms: float) -> dict[str, object]:
    rate = {kind: statistics.median(side.rates) for kind, side in sides.items()}
    flows = 1 / (1 / forms + 1 / rate["full"])
    figures: dict[str, object] = {}
    for kind, side in sides.items():
        figures[f"{kind}_responses_per_s"] = round(rate[kind])
        figures[f"{kind}_p50_ms"] = round(statistics.median(side.p50), 1)
        figures[f"{kind}_p99_ms"] = round(statistics.median(side.p99), 1)
        figures[f"{kind}_cpu_us"] = round(statistics.median(side.cpu))
        figures[f"{kind}_failed"] = side.failed
    return {
        **figures,
        "forms_per_s": round(forms),
        "flows_per_s": round(flows),
        "full_against_null": round(rate["full"] / rate["null"], 2),
        "unsigned_against_null": round(rate["unsigned"] / rate["null"], 2),
        "full_against_orm": round(rate["full"] / rate["orm"], 1),
        "flows_against_limesurvey": round(flows / LIMESURVEY_FLOWS),
    }
