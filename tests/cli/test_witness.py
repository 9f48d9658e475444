"""`tera witness` as a process: it cosigns what only grows, keeps what it saw, and bears any visitor."""

import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import merkle, note, witness
from tera.engine.note import COSIGNATURE, ED25519, Checkpoint, Key, Signature
from tera.portal.ledger import signatures
from tests.cli.witness_process import NewWitness, WitnessProcess, witnesses

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(32))
LOG = Key("log.example", ED25519, SECRET.public_key().public_bytes_raw())


@pytest.fixture
def new(tmp_path: Path) -> Iterator[NewWitness]:
    with witnesses(tmp_path, LOG) as new:
        yield new


def entries(word: str, count: int) -> list[bytes]:
    return [merkle.leaf_hash(f"{word}/{number}".encode()) for number in range(count)]


def asked(old: int, leaves: list[bytes], key: Key = LOG) -> bytes:
    """Return a request for a checkpoint that the log signed."""
    hashes, size = merkle.hashes_of(merkle.levels(leaves)), len(leaves)
    text = str(Checkpoint(key.name, size, merkle.root(size, hashes)))
    signed = note.write(text, [Signature(key.name, key.id, SECRET.sign(text.encode()))])
    proof = merkle.prove_consistency(old, size, hashes) if 0 < old <= size else []
    return str(witness.Request(old, tuple(proof), signed)).encode()


def is_cosigned(key: Key, body: bytes, reply: tuple[int, str, bytes]) -> bool:
    text = witness.Request.read(body).text
    return reply[0] == 200 and signatures.found(key, text, witness.read_signatures(reply[2])) is not None


def test_it_cosigns_a_log_that_grows_and_nothing_else(new: NewWitness) -> None:
    one = new("w1")
    key = one.start()
    assert (key.name, key.kind) == ("w1", COSIGNATURE)
    assert stat.S_IMODE((one.home / "witness.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(one.home.stat().st_mode) == 0o700
    ours, theirs = entries("a", 300), entries("b", 300)
    for old, size in ((0, 3), (3, 3), (3, 299), (299, 300)):
        body = asked(old, ours[:size])
        assert is_cosigned(key, body, one.post(body))
    known = (409, "text/x.tlog.size", b"300\n")
    assert [one.post(asked(*each)) for each in ((0, ours), (299, ours), (300, theirs), (3, ours[:3]))] == [
        known
    ] * 4
    assert one.post(asked(300, theirs + ours))[0] == 422
    assert one.post(asked(300, ours[:3]))[0] == 400
    assert one.post(asked(300, ours).replace("— log.example".encode(), "— another".encode()))[0] == 403
    assert one.post(asked(0, ours, Key("another.example", ED25519, LOG.public)))[0] == 404
    assert one.end() == 0


def test_killed_right_after_it_answered_it_still_knows(new: NewWitness) -> None:
    one = new("w1")
    key, ours, theirs = one.start(), entries("a", 40), entries("b", 40)
    for size in range(1, 6):
        body = asked(size - 1, ours[:size])
        assert is_cosigned(key, body, one.post(body))
        assert one.end(signal.SIGKILL) == -signal.SIGKILL
        assert one.start() == key
        for old, others in ((0, theirs), (size, theirs[:size]), (0, ours[: size - 1])):
            assert one.post(asked(old, others)) == (409, "text/x.tlog.size", f"{size}\n".encode())
        assert one.post(asked(size, theirs))[0] == 422


POST = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", b""),
        (b"\x00\xff\x16\x03\x01\r\n\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b" 501 "),
        (POST + b"\r\n", b" 411 "),
        (POST + b"Content-Length: -1\r\n\r\n", b" 411 "),
        (POST + b"Content-Length: 5, 5\r\n\r\nold 0", b" 411 "),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nold 0", b" 411 "),
        (POST + b"Content-Length: 65537\r\n\r\n", b" 413 "),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b" 413 "),
        (POST + b"Content-Length: 50\r\n\r\nold 0", b""),
        (POST + b"Content-Length: 0\r\n\r\n", b" 400 "),
        (POST + b"Content-Length: 5\r\n\r\nold 0", b" 400 "),
        (POST.replace(b"add", b"more") + b"Content-Length: 0\r\n\r\n", b" 404 "),
        (POST + b"X: " + b"y" * 70_000 + b"\r\n\r\n", b" 431 "),
        (b"POST /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
    ],
)
def test_no_visitor_brings_it_down(watching: WitnessProcess, content: bytes, status: bytes) -> None:
    first_line, _, _ = watching.send(content).partition(b"\r\n")
    assert status in first_line, first_line
    assert bool(status) == bool(first_line)
    assert watching.post(asked(0, entries("a", 1), Key("x", ED25519, LOG.public)))[0] == 404


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WitnessProcess]:
    with witnesses(tmp_path_factory.mktemp("watching"), LOG) as new:
        one = new("w1")
        one.start()
        yield one


def require_refused(one: WitnessProcess, reason: str) -> None:
    result = subprocess.run(one.command(), check=False, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr


def test_one_witness_has_a_folder(new: NewWitness) -> None:
    one = new("w1")
    one.start()
    require_refused(new("w1"), "another witness has")


def test_a_port_that_is_taken_is_refused(new: NewWitness) -> None:
    one, two = new("w1"), new("w2")
    one.start()
    two.port = one.port
    require_refused(two, "the witness cannot start")


def test_what_it_saw_is_never_taken_for_nothing(new: NewWitness) -> None:
    one = new("w1")
    one.start()
    assert one.post(asked(0, entries("a", 3)))[0] == 200
    one.end()
    [path] = one.home.glob("*.checkpoint")
    path.write_bytes(b"")
    require_refused(one, "is no checkpoint")


def test_a_file_that_is_damaged_while_it_runs_ends_no_witness_and_signs_nothing(new: NewWitness) -> None:
    one = new("w1")
    key, body = one.start(), asked(0, entries("a", 3))
    assert is_cosigned(key, body, one.post(body))
    [path] = one.home.glob("*.checkpoint")
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"log.example\n", b"log.other\n", 1))
    assert one.post(body)[0] == 500
    path.write_bytes(kept)
    again = asked(3, entries("a", 3))
    assert is_cosigned(key, again, one.post(again))


@pytest.mark.parametrize(
    ("name", "log", "reason"),
    [
        ("w 1", str(LOG), "cannot be a name"),
        ("w1", "nonsense", "is no key"),
        ("w1", str(Key("w2", COSIGNATURE, LOG.public)), "is the key of a witness"),
    ],
)
def test_names_and_keys_that_cannot_be(tmp_path: Path, name: str, log: str, reason: str) -> None:
    command = [sys.executable, "-m", "tera", "witness", "--home", str(tmp_path), "--name", name, "--log", log]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 2
    assert reason in result.stderr
