"""The portal behind the process that owns the port: requests arrive whole, answers go back whole."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.toy_site import CHUNK, CHUNKS
from tests.journeys.serving import command_of, free_port, wait_until

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A served site."""

    port: int
    process: "subprocess.Popen[bytes]"

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def is_there(self) -> bool:
        try:
            return self.ask("GET", "/")[0] == http.HTTPStatus.OK
        except OSError:
            return False


@pytest.fixture(scope="module", params=["children", "threads"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def start(kind: str) -> Site:
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("toy_site.py")), kind, str(port)]
    site = Site(port, subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}))
    wait_until(site.is_there)
    return site


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGTERM)
    site.process.wait()


@pytest.fixture(scope="module")
def site(kind: str) -> Iterator[Site]:
    served = start(kind)
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
        with socket.create_connection(("127.0.0.1", site.port)) as visitor:
            visitor.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            assert visitor.recv(1000)
    for _ in range(4):
        assert site.ask("GET", "/after")[2].startswith(b"GET /after")


@pytest.mark.parametrize("kind", ["children"], indirect=True, scope="module")
def test_a_process_that_dies_is_replaced(site: Site) -> None:
    assert site.ask("POST", "/die", b"x")[0] == http.HTTPStatus.BAD_GATEWAY
    pids = {int(site.ask("GET", "/")[2].split()[-1]) for _ in range(2)}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert site.ask("GET", "/again")[2].startswith(b"GET /again")


def test_what_is_under_way_is_finished_when_the_server_stops(kind: str) -> None:
    site = start(kind)
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as visitor:
        visitor.request("GET", "/slow")
        pid = int(site.ask("GET", "/")[2].split()[-1])  # which was taken up after it
        stop(site)
        assert visitor.getresponse().status == http.HTTPStatus.OK
    assert command_of(pid) == ""


@pytest.mark.parametrize("kind", ["children"], indirect=True, scope="module")
def test_no_process_outlives_a_killed_server(site: Site) -> None:
    mine = start("children")
    pid = int(mine.ask("GET", "/")[2].split()[-1])
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    mine.process.kill()
    mine.process.wait()
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: command_of(pid) == "")


def test_a_process_of_the_portal_loads_no_verb() -> None:
    told = "import sys, tera.cli.bridge.child; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {*run.stdout.split()} & {"argparse", "django", "granian", "openpyxl", "rich"} == set()
