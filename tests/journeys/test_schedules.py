"""Phones that lose network, tabs and patience, as `make offline` lets them by the thousand; here a few."""

import subprocess
import sys
from pathlib import Path

from tests.homes import grown

ROOT = Path(__file__).resolve().parents[2]


def play(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    three = ["--home", str(grown(home)), "--n", "3", "--at-once", "2"]
    command = [sys.executable, "-m", "tools.offline_schedules", *three, *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_nothing_is_lost_or_counted_twice(tmp_path: Path) -> None:
    played = play(tmp_path / "home", "--seed", "1")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "0 schedules went wrong" in played.stdout


def test_a_script_that_is_broken_is_found(tmp_path: Path) -> None:
    played = play(tmp_path / "home", "--seed", "3", "--plant", "new-key-on-resend")
    assert (played.returncode, played.stderr) == (1, "")
    assert "counted" in played.stdout
