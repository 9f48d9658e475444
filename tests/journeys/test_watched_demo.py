"""A demo with two witnesses: what it publishes, both have cosigned, and all of it ends together."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from tera.cli.watched import watched
from tera.engine import note
from tera.engine.note import ED25519, Key
from tests.homes import grown
from tests.journeys.serving import MOST_SECONDS, command_of, starting, wait_until


def test_two_witnesses_cosign_what_the_demo_publishes(tmp_path: Path) -> None:
    with starting(tmp_path / "home", tmp_path, "demo", "--witnesses", "2") as served:
        wait_until(lambda: served.get("/log/checkpoint") == 200 or served.process.poll() is not None)
        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/log/checkpoint", timeout=5) as answer:
            _, signatures = note.read(answer.read().decode())
        names = sorted(signature.name for signature in signatures)
        assert names == ["ledger.tera.invalid", "saksi-1.demo.invalid", "saksi-2.demo.invalid"]
        family = served.family()
        witnesses = [pid for pid, command in family.items() if "tera witness" in command]
        assert len(witnesses) == 2
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(MOST_SECONDS) == 0
        assert [command_of(pid) for pid in witnesses] == ["", ""]


def test_a_port_that_somebody_has_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERA_WITNESSES", "TERA_WITNESS_QUORUM"):
        monkeypatch.setenv(name, "")  # which is set for whoever publishes, and taken back after the test
    log = Key("log.example", ED25519, bytes(range(32)))
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = int(somebody.getsockname()[1])
        with watched(tmp_path, log, 1, taken - 1) as [line]:
            port = int(line.rpartition(":")[2])
    assert port > taken


def test_they_end_with_a_demo_that_is_killed(tmp_path: Path) -> None:
    with starting(grown(tmp_path / "home"), tmp_path, "demo", "--witnesses", "1") as served:
        wait_until(lambda: served.get("/sehat") == 200 or served.process.poll() is not None)
        [witness] = [pid for pid, command in served.family().items() if "tera witness" in command]
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(MOST_SECONDS)
        wait_until(lambda: command_of(witness) == "")
