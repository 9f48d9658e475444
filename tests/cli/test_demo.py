"""Where the running program cannot start it says so in one line, and what it makes is its owner's alone."""

import ctypes
import errno
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tera.cli import serving
from tests.homes import installed

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
LIBC = ctypes.CDLL(None)
PATIENCE, TENTH = 300, 0.1


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": "1"}


def obey_modes() -> None:
    """Take from root what lets it write where nobody may; anybody else has it not."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        LIBC.prctl(PR_CAPBSET_DROP, capability)


def tera(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tera", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment(home),
        preexec_fn=obey_modes,
    )


def require_refused(result: "subprocess.CompletedProcess[str]", reason: str) -> None:
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if is_so():
            return
        time.sleep(TENTH)
    pytest.fail("it did not happen")


@pytest.mark.parametrize("verb", [("demo",), ("worker", "--once"), ("manage", "check")])
def test_a_home_that_is_a_file_is_refused(tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "file").touch()
    port = ("--port", free_port()) if verb == ("demo",) else ()
    require_refused(tera(tmp_path / "file", *verb, *port), "choose a folder that you may write")


def test_a_home_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    require_refused(tera(tmp_path / "home", "demo", "--port", free_port()), "Permission denied")
    require_refused(tera(tmp_path, "demo", "--port", free_port()), "Permission denied")


@pytest.mark.parametrize("name", ["app.db", "responses.db"])
def test_a_database_that_may_not_be_written_is_refused(tmp_path: Path, name: str) -> None:
    (installed(tmp_path) / name).chmod(0o400)
    require_refused(
        tera(tmp_path, "demo", "--port", free_port()), "cannot be used: attempt to write a readonly"
    )


def test_a_database_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.db").mkdir()
    require_refused(tera(tmp_path, "demo", "--port", free_port()), "unable to open database file")
    require_refused(tera(tmp_path, "worker", "--once"), "unable to open database file")


def test_a_file_of_responses_has_one_writer(tmp_path: Path) -> None:
    serve = ("serve", "--port", free_port(), "--processes")
    require_refused(tera(installed(tmp_path), *serve, "2"), "--processes 2 needs PostgreSQL")
    require_refused(tera(tmp_path, *serve, "0"), "'0': 1 to 64 are allowed")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TERA_SITE_WORKERS", "x", "TERA_SITE_WORKERS is 'x'; a whole number from 0 to 999 is expected"),
        ("TERA_SITE_WORKERS", "-1", "a whole number from 0 to 999 is expected"),
        ("TERA_PUBLISH_SECONDS", "0", "a whole number from 1 to 999 is expected"),
        ("TERA_DATABASE_URL", "mysql://host/name", "does not name a PostgreSQL"),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, name: str, value: str, complaint: str) -> None:
    command = [sys.executable, "-m", "tera", "serve", "--port", free_port()]
    told = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**environment(tmp_path), name: value}
    )
    require_refused(told, complaint)


def test_the_worker_says_that_nothing_is_installed(tmp_path: Path) -> None:
    require_refused(tera(tmp_path, "worker", "--once"), "nothing is installed")
    require_refused(tera(tmp_path, "worker"), "nothing is installed")


def test_an_installation_with_an_account_of_its_own_is_no_place_for_the_demo(tmp_path: Path) -> None:
    script = "from tera.portal.accounts.models import User; User.objects.create_user('admin')"
    assert tera(installed(tmp_path), "manage", "shell", "--verbosity", "0", "-c", script).returncode == 0
    result = tera(tmp_path, "demo", "--port", free_port())
    require_refused(result, "this installation holds real data, which the demo did not grow")


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        require_refused(tera(tmp_path, "demo", "--port", port), f"port {port} is taken")


def test_a_port_of_the_system_is_not_called_taken(tmp_path: Path) -> None:
    require_refused(tera(tmp_path, "demo", "--port", "80"), "a port of 1024 to 65535 is allowed")
    assert "taken" not in serving.no_port(1024, PermissionError(errno.EACCES, "Permission denied"))


def test_everything_in_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = os.umask(0o022)
    try:
        tera(home, "manage", "migrate", "--verbosity", "0")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home, *home.iterdir())}
    assert modes == {"home": 0o700, "app.db": 0o600, "secret.key": 0o600}


def test_programs_that_start_together_share_one_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from tera.portal.settings import SECRET_KEY; print(SECRET_KEY)"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path / "home"))
        for _ in range(6)
    ]
    [key] = {process.communicate()[0].strip() for process in running}
    assert key == (tmp_path / "home" / "secret.key").read_text()
    assert len(key) > 50


def test_a_worker_outlives_its_shell_and_a_database_that_fails(tmp_path: Path) -> None:
    assert tera(tmp_path, "manage", "migrate", "--verbosity", "0").returncode == 0
    shell = subprocess.run(
        ["sh", "-c", '"$0" -m tera worker >/dev/null 2>log & echo $!', sys.executable],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(Path.cwd())},
    )
    try:  # The responses are missing. The shell is gone. It tries again, and says so in one line each.
        wait_until(lambda: len((tmp_path / "log").read_text().splitlines()) > 2)
        assert all("nothing was sealed" in line for line in (tmp_path / "log").read_text().splitlines())
    finally:
        os.kill(int(shell.stdout), signal.SIGTERM)


def test_a_worker_ends_with_a_parent_that_is_gone_already(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    result = tera(installed(tmp_path), "worker", "--parent", str(gone.pid))
    assert (result.returncode, result.stderr) == (0, "")


def test_a_demo_that_does_not_answer_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    stopped = threading.Event()
    stopped.set()
    port = int(free_port())
    serving.announce(port, "", stopped, patience=0)
    said = capsys.readouterr()
    assert said.out == ""
    assert f"http://127.0.0.1:{port}/ does not answer (" in said.err


def test_a_demo_that_answers_with_an_error_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.handle_request).start()
        stopped = threading.Event()
        stopped.set()
        serving.announce(server.server_port, "", stopped, patience=0)
    said = capsys.readouterr()
    assert said.out == ""
    assert "does not answer (HTTP 501)" in said.err
