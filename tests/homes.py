"""Homes of installations: made once in a run of tests, then copied, because a first start takes seconds.

The processes of a run share them; the first that ends takes them away, and whoever still needs one makes it
anew. Tests of a first start make their own.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import gettempdir

from tera.intake.tables import Database
from tests.journeys.serving import free_port

SHARED = Path(gettempdir()) / f"tera-homes-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
MOST_SECONDS = 300


def installed(home: Path) -> Path:
    """Put an installation without anything in it there."""
    return _copied("installed", _install, home)


def grown(home: Path) -> Path:
    """Put a demo there that was grown, whose worker has nothing left to do, and that ended in order."""
    return _copied("grown", _grow, home)


def _copied(name: str, make: Callable[[Path], None], home: Path) -> Path:
    """Copy a shared home, which is made first where nobody has."""
    with _alone(name):
        kept, new = SHARED / name, SHARED / f"{name}.new"
        if not kept.exists():
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700, parents=True)
            make(new)
            new.rename(kept)
        shutil.copytree(kept, home, dirs_exist_ok=True)
    return home


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one process at a time make a home, copy it or take it away."""
    with (Path(gettempdir()) / f"tera-homes-{os.getuid()}-{name}.lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


@atexit.register
def _take_away() -> None:
    for kept in SHARED.glob("*"):
        with _alone(kept.name):
            shutil.rmtree(kept, ignore_errors=True)
    with suppress(OSError):  # it never was, or another process holds something in it
        SHARED.rmdir()


def _install(home: Path) -> None:
    run_tera(home, "manage", "migrate", "--verbosity", "0")
    Database(path=home / "responses.db").create()


def _grow(home: Path) -> None:
    command = [sys.executable, "-m", "tera", "demo", "--port", str(free_port())]
    with subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "password" in line), "")
        process.send_signal(signal.SIGTERM)
        assert said, "the demo ended before it had grown"
    assert process.returncode == 0
    run_tera(home, "worker", "--once", TERA_DEMO="1")


def run_tera(home: Path, *arguments: str, **given: str) -> str:
    """Run one `tera` command on an installation and return what it prints; `given` sets its environment."""
    command, environment = [sys.executable, "-m", "tera", *arguments], _environment(home) | given
    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=MOST_SECONDS
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": ""}
