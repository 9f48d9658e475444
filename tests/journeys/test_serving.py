"""The demo as processes: it keeps its worker, ends as one, and is quiet."""

import base64
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tera.portal.demo.actions import PASSWORD
from tests import homes
from tests.intake.kills.crowd import new_key, post
from tests.journeys.serving import MOST_SECONDS, Served, command_of, starting, wait_until
from tools.with_pg import create_database


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which a demo was grown, by a program that ended in order."""
    return homes.grown(tmp_path_factory.mktemp("grown") / "home")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a demo for those who leave it as it is."""
    yield from _shared(tmp_path_factory)


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a demo for those who kill what it replaces."""
    yield from _shared(tmp_path_factory)


@pytest.fixture
def served(grown: Path, tmp_path: Path) -> Iterator[Served]:
    yield from _served(grown, tmp_path)


def _shared(folders: pytest.TempPathFactory) -> Iterator[Served]:
    return _served(homes.grown(folders.mktemp("shared") / "home"), folders.mktemp("said"))


def _served(home: Path, folder: Path) -> Iterator[Served]:
    with starting(home, folder) as served:
        wait_until(lambda: "password" in served.out.read_text() or served.process.poll() is not None)
        assert served.process.poll() is None, served.err.read_text()
        wait_until(served.worker)
        yield served


def test_it_says_where_to_go_and_who_may_log_in(running: Served) -> None:
    first, second, *people, password = running.out.read_text().strip().splitlines()
    assert first == f"Tera: http://127.0.0.1:{running.port}/"
    assert second.strip().startswith(f"http://127.0.0.1:{running.port}/s/demo")
    names = ["budi", "dewi", "ratna", "wati", "irma", "hadi", "mira", "aulia", "adi"]
    assert [line.split()[0] for line in people] == names
    assert password.strip() == "kata sandi / password: tera-demo-2026"
    assert running.err.read_text() == ""


def test_its_files_are_its_owners_alone(running: Served) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in (running.home, *running.home.iterdir())}
    assert {"app.db", "responses.db", "secret.key"} <= set(modes)
    assert set(modes.values()) == {0}


def test_a_killed_worker_is_replaced_and_the_log_says_so(patched: Served) -> None:
    first, said = patched.worker(), len(patched.err.read_text())
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: patched.worker() not in {0, first})
    new = patched.err.read_text()[said:]
    assert new.startswith("tera: the worker ended (-9), nothing is sealed; the next one")


def test_a_killed_server_is_replaced(patched: Served) -> None:
    first = patched.answering()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: patched.answering() not in {0, first} and patched.get("/sehat") == 200)


def status_for(address: str, url: str, body: bytes | None = None) -> int:
    """Return what somebody at an address is answered, as the proxy in front says it."""
    headers = {"X-Forwarded-For": f"10.9.9.9, {address}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_one_address_looks_up_sixty_receipts_at_once(running: Served) -> None:
    url = f"http://127.0.0.1:{running.port}/r/15CAF"
    asked = [status_for("203.0.113.7", url) for _ in range(150)]
    assert asked[:60] == [400] * 60  # no receipt code, but looked at
    assert 429 in asked
    assert status_for("203.0.113.8", url) == 400


def test_one_address_sends_no_more_than_a_full_hall(running: Served) -> None:
    url, body = f"http://127.0.0.1:{running.port}/s/demo", b'{"answers": {}}'
    sent = [status_for("203.0.113.7", url, body) for _ in range(900)]
    assert sent[:600] == [422] * 600  # no answers, but looked at
    assert 429 in sent
    assert status_for("203.0.113.8", url, body) == 422
    assert status_for("203.0.113.7", url) == 200  # whoever only opens the form is not held up


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_without_a_word(served: Served, number: signal.Signals) -> None:
    children = served.family()
    assert {served.answering(), served.writer(), served.worker()} < children.keys()
    served.process.send_signal(number)
    assert served.process.wait(MOST_SECONDS) == 0
    assert not any(map(command_of, children))
    assert served.err.read_text() == ""


def test_a_signal_to_every_process_at_once_ends_all(served: Served) -> None:
    children = served.family()
    for pid in (served.answering(), served.process.pid, served.worker()):
        os.kill(pid, signal.SIGTERM)
    assert served.process.wait(MOST_SECONDS) == 0
    assert not any(map(command_of, children))


def test_nothing_outlives_a_demo_that_is_killed(served: Served) -> None:
    children = served.family()
    served.process.kill()
    served.process.wait(MOST_SECONDS)
    wait_until(lambda: not any(map(command_of, children)))
    with socket.create_server(("127.0.0.1", served.port)):
        pass  # the port is free again


def test_a_worker_ends_though_the_demo_is_killed_while_it_starts(grown: Path, tmp_path: Path) -> None:
    with starting(grown, tmp_path) as served:
        wait_until(served.worker)
        worker = served.worker()
        served.process.kill()
        served.process.wait(MOST_SECONDS)
        wait_until(lambda: not command_of(worker))


@pytest.mark.parametrize("name", ["home", "home/secret.key", "home/app.db", "home/responses.db"])
def test_ctrl_c_while_it_begins_prints_no_traceback(tmp_path: Path, name: str) -> None:
    with starting(tmp_path / "home", tmp_path) as served:
        wait_until((tmp_path / name).exists)
        interrupt(served)


def test_ctrl_c_while_its_processes_start_prints_no_traceback(grown: Path, tmp_path: Path) -> None:
    with starting(grown, tmp_path) as served:
        wait_until(served.family)
        interrupt(served)


def interrupt(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(MOST_SECONDS) in {0, 130}
    assert served.err.read_text() == ""


def test_a_second_server_on_the_same_files_is_refused(running: Served, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with starting(running.home, tmp_path / "second") as second:
        assert second.process.wait(MOST_SECONDS) == 2
        assert "another server writes" in second.err.read_text()
    assert running.get("/s/demo") == 200


def test_a_killed_writer_is_replaced(patched: Served) -> None:
    first = patched.writer()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: post(patched.port, new_key())[0] == 201)
    assert patched.writer() not in {0, first}
    assert "the writer ended" in patched.err.read_text()


def test_a_disk_that_fails_ends_the_program_and_nothing_is_acknowledged(served: Served) -> None:
    """A limit on the size of files makes the next write of the process that writes fail for good."""
    assert post(served.port, new_key())[0] == 201
    resource.prlimit(served.writer(), resource.RLIMIT_FSIZE, (0, 0))
    key = new_key()
    assert post(served.port, key)[0] in {503, 0}
    assert served.process.wait(MOST_SECONDS) == 2
    assert "the disk failed" in served.err.read_text()
    with sqlite3.connect(served.home / "responses.db") as file:
        mark = base64.urlsafe_b64decode(key + "==")
        assert file.execute("SELECT COUNT(*) FROM keys WHERE client_key = ?", (mark,)).fetchone() == (0,)


def test_two_processes_answer_for_one_postgres(tmp_path: Path, postgres_server: str) -> None:
    (tmp_path / "second").mkdir()
    url = create_database(postgres_server, f"serving_{os.getpid()}")
    with starting(tmp_path / "home", tmp_path, url=url) as grown:
        wait_until(lambda: "password" in grown.out.read_text() or grown.process.poll() is not None)
        grown.process.send_signal(signal.SIGTERM)
        assert grown.process.wait(MOST_SECONDS) == 0, grown.err.read_text()
    verb = ("serve", "--no-worker", "--processes", "2")
    with starting(tmp_path / "home", tmp_path / "second", *verb, url=url) as served:
        wait_until(lambda: served.get("/sehat") == 200)
        writers = [command for command in served.family().values() if "tera.intake.writer" in command]
        assert len(writers) == 2
        keys = [new_key() for _ in range(40)]
        first = [post(served.port, key) for key in keys]
        assert [status for status, _ in first] == [201] * 40
        assert [post(served.port, key) for key in keys] == [(200, receipt) for _, receipt in first]
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(MOST_SECONDS) == 0
        assert served.err.read_text() == ""


def test_two_people_erase_a_response_at_its_respondents_wish(running: Served) -> None:
    key = new_key()
    status, told = post(running.port, key)
    receipt = json.loads(told or b"{}")["receipt"]
    assert status == 201
    environment = {**os.environ, "TERA_HOME": str(running.home), "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}

    def erase(first: str, second: str, passwords: str) -> "subprocess.CompletedProcess[str]":
        people = ["--by", first, "--with", second]
        command = [sys.executable, "-m", "tera", "erase", "--receipt", receipt, "--key", key, *people]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, input=passwords
        )

    alone = erase("budi", "budi", f"{PASSWORD}\n{PASSWORD}\n")
    assert (alone.returncode, "two different people" in alone.stderr) == (2, True)
    guessed = erase("budi", "ratna", f"{PASSWORD}\nguess\n")
    assert (guessed.returncode, "ratna and this password are no account" in guessed.stderr) == (2, True)
    assert running.get(f"/r/{receipt}") == 200
    done = erase("budi", "ratna", f"{PASSWORD}\n{PASSWORD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("one response of demo was erased")


def test_a_first_start_that_was_killed_can_be_made_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with starting(home, tmp_path) as served:
        wait_until(lambda: (home / "responses.db-wal").exists() and blocks_in(home))
    with starting(home, tmp_path) as served:
        wait_until(lambda: "password" in served.out.read_text() or served.process.poll() is not None)
        assert served.get("/s/demo") == 200
        assert served.err.read_text() == ""


def blocks_in(home: Path) -> int:
    try:
        with sqlite3.connect(f"file:{home / 'responses.db'}?mode=ro", uri=True) as file:
            return int(file.execute("SELECT COUNT(*) FROM blocks").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_uploads_that_stall_hold_up_nobody_and_are_given_up(running: Served) -> None:
    lines = (b"POST /s/demo HTTP/1.1", b"Host: x", b"Content-Type: application/json", b"Content-Length: 300")
    with ExitStack() as stack:
        stalled = [
            stack.enter_context(socket.create_connection(("127.0.0.1", running.port))) for _ in range(40)
        ]
        for visitor in stalled:
            visitor.sendall(b"\r\n".join((*lines, b"", b"{")))
        assert running.get("/s/demo") == 200
        assert {visitor.recv(12) for visitor in stalled} == {b"HTTP/1.1 408"}
    assert post(running.port, new_key())[0] == 201


def test_visitors_cannot_fill_the_log(running: Served) -> None:
    fields = urllib.parse.urlencode({f"f{number}": "" for number in range(1100)}).encode()
    assert running.get("/", host="elsewhere.example") == 400
    assert running.get("/s/demo", fields) in {400, 403}
    assert running.get("/masuk/", fields) in {400, 403}
    assert running.err.read_text() == ""
