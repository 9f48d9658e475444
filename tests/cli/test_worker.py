"""A worker publishes within minutes what is said, and what lacked witnesses; sealing keeps its own time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tera.engine import note
from tera.engine.note import Checkpoint
from tera.portal.ledger.publishing import signer_of
from tests.cli.witness_process import witnesses
from tests.homes import installed
from tests.journeys.serving import wait_until

NAME = "ledger.tera.invalid"
SAY = """
import django
django.setup()
from tera.portal.ledger.actions import say
say({"kind": "erased", "id": "erased/demo/1", "campaign": "demo", "block": 1, "count": 1})
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    settings = {"TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": "", "TERA_PUBLISH_SECONDS": "1"}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tera.portal.settings", **settings, **more}


@contextmanager
def worker(home: Path, log: Path, **more: str) -> Iterator[None]:
    with log.open("w") as said:
        command = [sys.executable, "-m", "tera", "worker"]
        process = subprocess.Popen(command, stderr=said, env=environment(home, **more))
    try:
        yield
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def size_of(home: Path) -> int:
    """Return how many entries are published."""
    path = home / "log" / "checkpoint"
    return Checkpoint.read(note.read(path.read_text())[0]).size if path.exists() else 0


def written(home: Path) -> dict[str, tuple[int, int]]:
    """Return when what was written, apart from the files that a reader of SQLite keeps while it reads."""
    found = [path for path in home.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


def is_quiet(home: Path) -> bool:
    """Say whether a round of publishing passes without anything written."""
    before = written(home)
    time.sleep(1.2)
    return written(home) == before


def test_what_is_said_is_published_soon_and_nothing_is_written_without_news(tmp_path: Path) -> None:
    home = installed(tmp_path / "home")
    with worker(home, tmp_path / "said"):
        wait_until(lambda: size_of(home) == 2)  # the two keys
        subprocess.run([sys.executable, "-c", SAY], check=True, env=environment(home))
        wait_until(lambda: size_of(home) == 3)
        wait_until(lambda: is_quiet(home))  # SQLite moves its log into the file when the last reader leaves
        before = written(home)
        time.sleep(2.5)
        assert written(home) == before
    assert (tmp_path / "said").read_text() == ""


def test_a_checkpoint_that_lacked_its_quorum_is_tried_again_soon(tmp_path: Path) -> None:
    home = installed(tmp_path / "home")
    key = signer_of(home / "log.key", NAME).key
    with witnesses(tmp_path, key) as new:
        one = new("w1")
        named = {"TERA_WITNESSES": f"{one.start()}@http://127.0.0.1:{one.port}", "TERA_WITNESS_QUORUM": "1"}
        one.end()
        with worker(home, tmp_path / "said", no_proxy="127.0.0.1", **named):
            wait_until(lambda: told(tmp_path / "said", "has 0 cosignatures and needs 1"))
            assert size_of(home) == 0
            one.start()
            wait_until(lambda: size_of(home) == 2)


def told(log: Path, words: str) -> bool:
    return words in log.read_text()
