"""The portal behind the process that owns the port: requests arrive whole, answers go back whole."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tera.cli.bridge.door import MOST_UPLOADING
from tests.cli.toy_site import CHUNK, CHUNKS
from tests.journeys.serving import children_of, command_of, free_port, wait_until

ROOT = Path(__file__).parents[2]
LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
PIECES = b"POST /pieces HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@dataclass(frozen=True)
class Site:
    """A served site."""

    port: int
    process: "subprocess.Popen[bytes]"
    home: Path

    @contextmanager
    def visitor(self, request: bytes) -> Iterator[socket.socket]:
        """Give a visitor who has sent this and no more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as visitor:
            visitor.sendall(request)
            yield visitor

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def status(self) -> int:
        """Return the status of a page, 0 where nobody answers."""
        try:
            return self.ask("GET", "/")[0]
        except OSError:
            return 0

    def answering(self) -> int:
        """Return the process that owns the port."""
        return next(pid for pid, line in children_of(self.process.pid).items() if "toy_site" in line)

    def log(self) -> str:
        return (self.home / "log").read_text()

    def posted(self) -> list[str]:
        """Return the uploads that reached the application."""
        return (self.home / "posted").read_text().split()


@pytest.fixture(scope="module", params=["children", "threads"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def start(kind: str, home: Path, seconds: float = 60) -> Site:
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("toy_site.py")), kind, str(port), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TOY_HOME": str(home), "TMPDIR": str(home)}
    with (home / "log").open("wb") as log:
        site = Site(port, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log), home)
    wait_until(lambda: site.status() > 0)
    return site


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGTERM)
    site.process.wait()


@pytest.fixture(scope="module")
def site(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = start(kind, tmp_path_factory.mktemp("toy"))
    yield served
    stop(served)


def test_path_query_and_cookies_arrive_as_they_were_meant(site: Site) -> None:
    _, headers, body = site.ask("GET", "/s%C3%A9/%2541?x=%20y", headers={"Cookie": "k=v"})
    assert body.decode().rpartition(" ")[0] == "GET /sé/%41 x=%20y k=v"
    assert [value for name, value in headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_a_head_says_how_long_the_body_would_be(site: Site) -> None:
    _, headers, body = site.ask("HEAD", "/")
    assert body == b""
    assert int(dict(headers)["content-length"]) > len("HEAD /")


def test_not_modified_has_a_tag_and_no_body(site: Site) -> None:
    status, headers, body = site.ask("GET", "/unchanged")
    assert (status, dict(headers)["etag"], body) == (304, '"x"', b"")


def test_an_upload_arrives_whole_and_one_that_is_too_large_does_not(site: Site) -> None:
    upload = os.urandom(5 * 1024 * 1024)
    assert site.ask("POST", "/", upload)[2].split()[0].decode() == hashlib.sha256(upload).hexdigest()
    headers = {"Content-Length": str(33 * 1024 * 1024)}
    assert site.ask("POST", "/", b"", headers)[0] == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_body_in_pieces_arrives_whole_whatever_length_is_claimed(site: Site) -> None:
    headers = {"Content-Length": "3", "Transfer-Encoding": "chunked"}
    _, _, body = site.ask("POST", "/", b"5\r\nabcde\r\n0\r\n\r\n", headers)
    assert body.split()[0].decode() == hashlib.sha256(b"abcde").hexdigest()


def test_a_large_answer_arrives_whole(site: Site) -> None:
    _, _, body = site.ask("GET", "/large")
    assert hashlib.sha256(body).digest() == hashlib.sha256(CHUNK * CHUNKS).digest()


def test_a_visitor_who_hangs_up_in_the_middle_disturbs_nobody(site: Site) -> None:
    for _ in range(3):
        with site.visitor(LARGE) as visitor:
            assert visitor.recv(1000)
        with site.visitor(LARGE):
            pass  # before there is an answer
    for _ in range(4):
        assert site.ask("GET", "/after")[2].startswith(b"GET /after")


@pytest.mark.parametrize("kind", ["children"], indirect=True, scope="module")
def test_a_process_that_dies_is_replaced(site: Site) -> None:
    assert site.ask("POST", "/die", b"x")[0] == http.HTTPStatus.BAD_GATEWAY
    pids = {int(site.ask("GET", "/")[2].split()[-1]) for _ in range(2)}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert site.ask("GET", "/again")[2].startswith(b"GET /again")


def test_what_is_under_way_is_finished_when_the_server_stops(kind: str, tmp_path: Path) -> None:
    site = start(kind, tmp_path)
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as visitor:
        visitor.request("GET", "/slow")
        pid = int(site.ask("GET", "/")[2].split()[-1])  # which was taken up after it
        stop(site)
        assert visitor.getresponse().status == http.HTTPStatus.OK
    assert command_of(pid) == ""


@pytest.mark.parametrize("kind", ["children"], indirect=True, scope="module")
def test_no_process_outlives_a_killed_server(kind: str, tmp_path: Path) -> None:
    mine = start(kind, tmp_path)
    pid, parent = int(mine.ask("GET", "/")[2].split()[-1]), mine.answering()
    mine.process.kill()
    mine.process.wait()
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: command_of(pid) == "")


def test_a_process_of_the_portal_loads_no_verb() -> None:
    told = "import sys, tera.cli.bridge.child; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {*run.stdout.split()} & {"argparse", "django", "granian", "openpyxl", "rich"} == set()


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def files_of(site: Site) -> list[str]:
    """Return the files without a name that the server holds open."""
    numbers = Path(f"/proc/{site.answering()}/fd").iterdir()
    links = [str(number.readlink()) for number in numbers if number.is_symlink()]
    return [link for link in links if link.startswith(str(site.home)) and "deleted" in link]


def test_visitors_who_do_not_read_fill_no_memory(site: Site) -> None:
    site.ask("GET", "/large")
    before = memory_of(site.answering())
    with ExitStack() as stack:
        visitors = [stack.enter_context(site.visitor(LARGE)) for _ in range(8)]
        assert [visitor.recv(1) for visitor in visitors] == [b"H"] * 8
        for _ in range(8):  # whatever makes answers has made all of those
            site.ask("GET", "/after")
        assert memory_of(site.answering()) - before < len(CHUNK) * CHUNKS * 2
        wait_until(lambda: len(files_of(site)) == len(visitors))  # opened by the server, closed by us
    wait_until(lambda: files_of(site) == [])
    assert {path.name for path in site.home.iterdir()} <= {"log", "posted"}


@pytest.mark.parametrize(
    "broken",
    [PIECES, PIECES + b"5\r\nab", PIECES + b"2\r\nab\r\n", LENGTH + b"abc"],
    ids=["before a piece", "within a piece", "between pieces", "short of its length"],
)
def test_an_upload_that_breaks_off_never_reaches_the_portal(site: Site, broken: bytes) -> None:
    site.ask("POST", "/whole", b"x")
    before = site.posted()
    with site.visitor(broken) as visitor:
        visitor.shutdown(socket.SHUT_WR)
        assert visitor.recv(1000).startswith(b"HTTP/1.1 400")
    with site.visitor(broken):
        pass
    site.ask("POST", "/whole", b"x")
    assert site.posted() == [*before, "/whole"]


@pytest.mark.parametrize("path", ["/broken", "/broken-late", "/endless", "/leave"])
def test_a_mistake_of_a_page_is_logged_and_ends_nothing(site: Site, path: str) -> None:
    before = {site.ask("GET", "/")[2].split()[-1] for _ in range(4)}
    status, headers, body = site.ask("GET", path)
    assert (status, dict(headers)["content-type"]) == (500, "text/plain; charset=utf-8")
    assert b"logged" in body
    assert "Traceback" in site.log()
    assert f"GET '{path}' failed" in site.log()
    assert {site.ask("GET", "/")[2].split()[-1] for _ in range(4)} <= before


def test_stalled_uploads_shut_out_uploads_and_no_page(site: Site) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_UPLOADING):
            stack.enter_context(site.visitor(LENGTH + b"abc"))
        wait_until(lambda: site.ask("POST", "/", b"x")[0] == http.HTTPStatus.SERVICE_UNAVAILABLE)
        assert site.status() == http.HTTPStatus.OK
    wait_until(lambda: site.ask("POST", "/", b"x")[0] == http.HTTPStatus.OK)


def test_a_page_that_takes_too_long_is_given_up(kind: str, tmp_path: Path) -> None:
    site = start(kind, tmp_path, seconds=1)
    try:
        assert site.ask("GET", "/stuck")[0] == http.HTTPStatus.GATEWAY_TIMEOUT
        assert "GET '/stuck' t" in site.log()
        assert site.status() == http.HTTPStatus.OK
        assert site.ask("GET", "/stuck")[0] == http.HTTPStatus.GATEWAY_TIMEOUT
        if kind == "threads":  # which nobody can end
            assert site.status() == http.HTTPStatus.SERVICE_UNAVAILABLE
            (tmp_path / "go").touch()
        wait_until(lambda: site.status() == http.HTTPStatus.OK)
    finally:
        stop(site)


@pytest.mark.parametrize("kind", ["children"], indirect=True, scope="module")
def test_processes_that_cannot_start_are_told_of_until_they_can(kind: str, tmp_path: Path) -> None:
    site = start("late", tmp_path)
    try:
        status, headers, _ = site.ask("GET", "/")
        assert (status, dict(headers)["retry-after"]) == (http.HTTPStatus.SERVICE_UNAVAILABLE, "2")
        assert "No module named 'late'" in site.log()
        assert "tera: a process of the portal cannot start (exit code 1" in site.log()
        (tmp_path / "late.py").write_text("from toy_site import application\n")
        wait_until(lambda: site.status() == http.HTTPStatus.OK)
    finally:
        stop(site)
