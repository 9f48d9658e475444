"""The throw-away PostgreSQL answers, keeps nothing, and does not outlive whoever started it."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import psycopg

from tools.with_pg import running_postgres

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20
HOLD = """
import time
from tools.with_pg import running_postgres
with running_postgres() as server:
    print(server.folder, flush=True)
    time.sleep(600)
"""
VISIT = """
import os, psycopg, sys
psycopg.connect(os.environ["TERA_DATABASE_URL"]).close()
psycopg.connect().close()
sys.exit(7)
"""


def postmaster(folder: pathlib.Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be reaped does not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_server_answers_and_is_gone_afterwards() -> None:
    with running_postgres() as server:
        pid = postmaster(server.folder)
        with psycopg.connect(server.create_database("uji")) as connection:
            row = connection.execute("SELECT current_database(), lower('É👍')").fetchone()
            assert connection.info.server_version // 10000 == 18
        assert row == ("uji", "é👍")
    assert not is_alive(pid)
    assert not server.folder.exists()


def test_server_dies_with_whoever_started_it_and_leaves_a_folder_that_the_next_one_removes() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None
        folder = pathlib.Path(holder.stdout.readline().strip())
        pid = postmaster(folder)
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)
    assert folder.exists()
    an_hour_ago = time.time() - 3600
    os.utime(folder, (an_hour_ago, an_hour_ago))
    with running_postgres():
        assert not folder.exists()


def test_command_sees_the_server_and_its_exit_code_comes_back() -> None:
    command = [sys.executable, "-m", "tools.with_pg", sys.executable, "-c", VISIT]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 7
