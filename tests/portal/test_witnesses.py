"""Witnesses that run in processes of their own cosign the log; without them nothing new is published."""

import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import note
from tera.engine.note import COSIGNATURE, ED25519, Checkpoint, Key
from tera.portal.ledger import signatures
from tera.portal.ledger.actions import say
from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import Signer, Unwitnessed, publish
from tera.portal.ledger.witnesses import BadWitness, Witness, Witnesses
from tests.cli.witness_process import NewWitness, WitnessProcess, witnesses

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = Key("log.example", ED25519, SECRET.public_key().public_bytes_raw())
SIGNER = Signer(KEY, SECRET.sign)
W1 = Key("w1", COSIGNATURE, KEY.public)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Files:
    """Return the files of a log, on a machine that reaches itself without a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Files(tmp_path / "log")


@pytest.fixture
def new(tmp_path: Path) -> Iterator[NewWitness]:
    with witnesses(tmp_path, KEY) as new:
        yield new


Started = tuple[WitnessProcess, WitnessProcess, Callable[[int], Witnesses]]


@pytest.fixture
def started(new: NewWitness) -> Started:
    """Return two witnesses that run, and the settings with a quorum of them."""
    one, two = new("w1"), new("w2")
    written = ", ".join(f"{each.start()}@http://127.0.0.1:{each.port}/" for each in (one, two))
    return one, two, lambda quorum: Witnesses.read(written, str(quorum))


def say_some(count: int, word: str = "erased") -> None:
    first = Statement.objects.count()
    for number in range(first, first + count):
        name = f"erased/{word}/{number}"
        say({"kind": "erased", "id": name, "campaign": word, "block": 1, "count": 1})


def published(files: Files, names: set[str], known: Witnesses) -> int:
    """Return the size of what is published, once it is sure that the log and these witnesses signed it."""
    text, under = note.read(files.read("checkpoint").decode())
    assert {one.name for one in under} == {KEY.name, *names}
    assert len(under) == len(names) + 1
    keys = [KEY, *(one.key for one in known.all if one.key.name in names)]
    assert all(signatures.found(key, text, under) is not None for key in keys)
    return Checkpoint.read(text).size


def test_two_witnesses_cosign_a_log_that_grows(files: Files, started: Started) -> None:
    _, _, quorum_of = started
    both, size = quorum_of(2), 0
    for more in (1, 2, 254, 1, 300):
        say_some(more)
        size += more
        fresh = publish(files, SIGNER, both)
        assert fresh is not None
        assert (fresh.size, published(files, {"w1", "w2"}, both)) == (size, size)
    before = files.read("checkpoint")
    assert publish(files, SIGNER, both) is None
    assert files.read("checkpoint") == before


def test_without_the_quorum_the_former_checkpoint_stays(
    files: Files, started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    _, two, quorum_of = started
    both = quorum_of(2)
    say_some(3)
    publish(files, SIGNER, both)
    before = files.read("checkpoint")
    two.end(signal.SIGKILL)
    for _ in range(2):
        say_some(4)
        with pytest.raises(Unwitnessed, match="has 1 cosignatures and needs 2; the former one stays"):
            publish(files, SIGNER, both)
        assert files.read("checkpoint") == before
    assert f"witness w2 at http://127.0.0.1:{two.port} did not cosign" in caplog.text
    two.start()
    fresh = publish(files, SIGNER, both)  # one knows 11 entries by now, the other 3
    assert fresh is not None
    assert published(files, {"w1", "w2"}, both) == fresh.size == 11


def test_a_log_whose_first_checkpoint_lacks_the_quorum_has_none(files: Files, started: Started) -> None:
    one, _, quorum_of = started
    one.end()
    say_some(1)
    with pytest.raises(Unwitnessed):
        publish(files, SIGNER, quorum_of(2), [str(KEY)])
    assert {path.name for path in files.folder.iterdir()} == {".lock", "tile"}


def test_who_was_away_is_asked_again(files: Files, started: Started) -> None:
    one, two, quorum_of = started
    some = quorum_of(1)
    one.end()
    say_some(300)
    assert publish(files, SIGNER, some) is not None
    assert published(files, {"w2"}, some) == 300
    one.start()
    two.end()  # and who cosigned already is not needed
    assert publish(files, SIGNER, some) is None
    assert published(files, {"w1", "w2"}, some) == 300


def test_a_split_view_is_refused(
    files: Files, started: Started, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, _, quorum_of = started
    some, other = quorum_of(1), Files(tmp_path / "other")
    say_some(20)
    publish(files, SIGNER, some)
    Statement.objects.all().delete()
    for size in (5, 15, 5):  # a smaller log, another one of the same size and so again, and a larger one
        say_some(size, "another")
        with pytest.raises(Unwitnessed):
            publish(other, SIGNER, some)
    assert caplog.text.count("it cosigned another history under this name") == 6
    assert not (other.folder / "checkpoint").exists()


def test_a_log_without_a_quorum_goes_on_alone(files: Files, started: Started) -> None:
    one, two, quorum_of = started
    one.end()
    two.end()
    say_some(1)
    assert publish(files, SIGNER, quorum_of(0)) is not None
    assert published(files, set(), quorum_of(0)) == 1


def test_a_published_log_gets_witnesses_later(files: Files, started: Started) -> None:
    _, _, quorum_of = started
    say_some(9)
    publish(files, SIGNER)
    assert published(files, set(), quorum_of(0)) == 9
    say_some(1)
    assert publish(files, SIGNER, quorum_of(2)) is not None
    assert published(files, {"w1", "w2"}, quorum_of(2)) == 10


def test_killed_between_the_cosignature_and_the_checkpoint_it_asks_again(
    files: Files, started: Started, tmp_path: Path
) -> None:
    _, _, quorum_of = started
    both = quorum_of(2)
    say_some(3)
    publish(files, SIGNER, both)
    earlier = Files(Path(shutil.copytree(files.folder, tmp_path / "earlier")))
    say_some(4)
    publish(files, SIGNER, both)
    assert publish(earlier, SIGNER, both) is not None  # as if its last write had not come
    assert published(earlier, {"w1", "w2"}, both) == 7


def test_a_cosignature_of_another_key_does_not_count(files: Files, started: Started) -> None:
    one, two, _ = started
    one_key = one.end() is not None and one.start()
    assert isinstance(one_key, Key)
    wrong = Witnesses((Witness(one_key, f"http://127.0.0.1:{two.port}"),), 1)
    say_some(1)
    with pytest.raises(Unwitnessed):
        publish(files, SIGNER, wrong)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n\xff\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx",
        "HTTP/1.1 200 OK\r\n\r\n— w1 AAAAAAA=\n".encode(),
        b"HTTP/1.1 409 Conflict\r\n\r\nmany\n",
        b"HTTP/1.1 409 Conflict\r\n\r\n5\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\n\r\n" + b"x" * 100_000,
    ],
)
def test_whatever_a_witness_answers_the_log_goes_on(files: Files, answer: bytes) -> None:
    say_some(2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=answer_once, args=(listening, answer))
        thread.start()
        assert publish(files, SIGNER, Witnesses((Witness(W1, url),), 0)) is not None
        thread.join()
    assert published(files, set(), Witnesses()) == 2


def answer_once(listening: socket.socket, answer: bytes) -> None:
    with closing(listening.accept()[0]) as asker:
        got = b""
        while not got.endswith(b"=\n"):  # the last line of the note
            got += asker.recv(65536)
        asker.sendall(answer)


def test_the_settings_are_read() -> None:
    found = Witnesses.read(f"{W1}@https://w.example/x/,\n {Key('a@b', COSIGNATURE, bytes(32))}@http://h", "1")
    assert [(one.key.name, one.url) for one in found.all] == [
        ("w1", "https://w.example/x"),
        ("a@b", "http://h"),
    ]
    assert found.quorum == 1
    assert Witnesses.read("", "0") == Witnesses()


@pytest.mark.parametrize(
    ("written", "quorum", "reason"),
    [
        ("", "1", "0 to 0 is possible"),
        (f"{W1}@http://h", "2", "0 to 1 is possible"),
        (f"{W1}@http://h", "one", "0 to 1 is possible"),
        (f"{W1}@http://h", "-1", "0 to 1 is possible"),
        (f"{W1}@ftp://h", "0", "KEY@https://… is expected"),
        (str(W1), "0", "KEY@https://… is expected"),
        (f"{W1}@http://h {W1}@http://i", "0", "named twice"),
        (f"{KEY}@http://h", "0", "is the key of a log"),
        (f"{str(W1).replace('w1', 'w2')}@http://h", "0", "is no key"),
    ],
)
def test_settings_that_cannot_be(written: str, quorum: str, reason: str) -> None:
    with pytest.raises(BadWitness, match=reason):
        Witnesses.read(written, quorum)
