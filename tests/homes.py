"""Homes of installations: made once by a process of tests, then copied, because a first start takes seconds.

Tests of a first start make their own.
"""

import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tera.intake.tables import Database
from tests.journeys.serving import free_port

HELD: list[TemporaryDirectory[str]] = []  # until the process ends
MOST_SECONDS = 300


def installed(home: Path) -> Path:
    """Put an installation without anything in it there."""
    shutil.copytree(_installed(), home, dirs_exist_ok=True)
    return home


def grown(home: Path) -> Path:
    """Put a demo there that was grown and ended in order."""
    shutil.copytree(_grown(), home, dirs_exist_ok=True)
    return home


@cache
def _installed() -> Path:
    home = _home()
    command = [sys.executable, "-m", "tera", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(command, check=True, env=_environment(home), timeout=MOST_SECONDS)
    Database(path=home / "responses.db").create()
    return home


@cache
def _grown() -> Path:
    home = _home()
    command = [sys.executable, "-m", "tera", "demo", "--port", str(free_port())]
    with subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "password" in line), "")
        process.send_signal(signal.SIGTERM)
        assert said, "the demo ended before it had grown"
    assert process.returncode == 0
    return home


def _home() -> Path:
    HELD.append(TemporaryDirectory())
    home = Path(HELD[-1].name) / "home"
    home.mkdir(mode=0o700)
    return home


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": ""}
