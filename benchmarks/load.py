"""A server to measure and the load on it: wrk over loopback, bounded in time and connections.

Needs wrk (Debian package).
"""

import base64
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tera.engine.catalogue import get_instrument

CONNECTIONS = 64
SECONDS_TO_STOP = 15
SCRIPT = Path(__file__).with_name("post.lua")
CODES = [*get_instrument("skm-9").codes, *get_instrument("spak-5-4").codes]
FORM = "/s/demo"
FULL = "full"  # `tera serve` itself


@dataclass
class Side:
    """One server and what was measured of it, a figure a round."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def rate(self) -> float:
        """Return the median rate."""
        return statistics.median(self.rates)

    def figures(self) -> dict[str, object]:
        """Return the medians under names of their own."""
        return {
            f"{self.name}_per_s": round(self.rate),
            f"{self.name}_p50_ms": round(statistics.median(self.p50), 1),
            f"{self.name}_p99_ms": round(statistics.median(self.p99), 1),
            f"{self.name}_cpu_us": round(statistics.median(self.cpu)),
            f"{self.name}_failed": self.failed,
        }

    def take(self, told: str, cpu: float, seconds: float) -> None:
        """Add what wrk told of one round."""
        line = next(line for line in told.splitlines() if line.startswith("FIGURES"))
        rate, p50, p99, failed = map(float, line.split()[1:])
        self.rates.append(rate)
        self.p50.append(p50)
        self.p99.append(p99)
        self.cpu.append(cpu / (rate * seconds) * 1e6)
        self.failed += int(failed)

    def family(self) -> list[int]:
        """Return the server's process and all that it started."""
        found, todo = [], [self.process.pid]
        while todo:
            found.append(todo.pop())
            for task in Path(f"/proc/{found[-1]}/task").glob("*/children"):
                todo.extend(map(int, task.read_text().split()))
        return found

    def stop(self) -> None:
        """End it in order, or at once where it does not."""
        family = self.family()
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            for pid in family:
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    def seconds_of_cpu(self) -> float:
        """Return the CPU time of them all."""
        stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.family())
        return sum(int(user) + int(system) for *_, user, system in (row[:13] for row in stats)) / os.sysconf(
            "SC_CLK_TCK"
        )

    def memory(self) -> dict[str, float]:
        """Return the MB that each of them holds in memory, by what it runs."""
        held: dict[str, float] = {}
        for pid in self.family():
            command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            held[f"{pid} {command[-60:].strip()}"] = pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
        return held


def require_wrk() -> None:
    """Stop where there is no load generator."""
    if shutil.which("wrk") is None:
        raise SystemExit("benchmarks: wrk is missing; apt-get install wrk")


def grow(home: Path, url: str = "") -> Path:
    """Grow the demo in a home, or on a PostgreSQL, and return the home."""
    ask("from tera.cli import demo; demo._grow()", home, url)
    return home


def ask(program: str, home: Path, url: str = "") -> str:
    """Run a line of Python on an installation and return what it prints."""
    line = f"from tera.cli import installation; installation.enter(); {program}"
    command = [sys.executable, "-c", line]
    environment = _environment(home, url)
    return subprocess.run(
        command, check=True, env=environment, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def start(
    kind: str, home: Path, stack: ExitStack, *, name: str = "", url: str = "", processes: int = 1
) -> Side:
    """Start `tera serve`, or a kind of `benchmarks.served`, on a copy of a home, until the stack ends."""
    own = home.with_name(f"{home.name}-{name or kind}")
    shutil.copytree(home, own)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = ["benchmarks.served", kind, str(port)]
    if kind == FULL:
        program = ["tera", "serve", "--no-worker", "--port", str(port), "--processes", str(processes)]
    process = subprocess.Popen(
        [sys.executable, "-m", *program], env=_environment(own, url), stdout=subprocess.DEVNULL
    )
    side = Side(name or kind, port, process)
    stack.callback(side.stop)
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return side
        time.sleep(0.1)
    raise SystemExit(f"benchmarks: {kind} did not start")


def _environment(home: Path, url: str) -> dict[str, str]:
    return {**os.environ, "TERA_HOME": str(home), "TERA_DEMO": "1", "TERA_DATABASE_URL": url}


def post(side: Side, turn: int, seconds: int, *, connections: int = CONNECTIONS, pause_ms: int = 0) -> None:
    """Send answers for some seconds, each connection pausing between them."""
    day = int(time.time() // 86400)
    sheet = {
        "ANSWERS": ",".join(f'"{code}":4' for code in CODES),
        "PREFIX": base64.urlsafe_b64encode(day.to_bytes(2, "big") + bytes(1)).decode()[:3],
        "SEED": str(turn + side.port),
        "PAUSE_MS": str(pause_ms),
    }
    _run(side, FORM, seconds, connections, sheet)


def get(side: Side, path: str, seconds: int, *, connections: int = CONNECTIONS, cookie: str = "") -> None:
    """Ask for a page for some seconds."""
    _run(side, path, seconds, connections, {"COOKIE": cookie})


def _run(side: Side, path: str, seconds: int, connections: int, environment: dict[str, str]) -> None:
    before = side.seconds_of_cpu()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT)]
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{side.port}{path}"],
        check=True,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    side.take(told.stdout, side.seconds_of_cpu() - before, seconds)
