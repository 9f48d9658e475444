"""Notes, keys and checkpoints as C2SP writes them."""

import pytest

from tera.engine import note
from tera.engine.note import COSIGNATURE, ED25519, BadNote, Checkpoint, Key, Signature

# The example of the specification of signed notes (golang.org/x/mod/sumdb/note).
PETER = Key.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
    "b6KE6RyyBwJnAM=\n"
)


def test_the_published_key_is_read_and_written() -> None:
    assert (PETER.name, PETER.kind, PETER.id.hex()) == ("PeterNeumann", ED25519, "c74f20a3")
    assert str(PETER) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_published_note_is_read_and_written() -> None:
    text, signatures = note.read(NOTE)
    assert text.endswith("your problem is.\n")
    assert [(one.name, one.key_id, len(one.content)) for one in signatures] == [
        ("PeterNeumann", PETER.id, 64)
    ]
    assert note.write(text, signatures) == NOTE


def test_a_checkpoint_is_read_and_written() -> None:
    checkpoint = Checkpoint("tera.example/log", 70_000, bytes(range(32)))
    assert str(checkpoint) == "tera.example/log\n70000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert Checkpoint.read(str(checkpoint)) == checkpoint
    assert Checkpoint.read(f"{checkpoint}an extension\n") == checkpoint


def test_a_witness_signs_the_time_and_the_text() -> None:
    key = Key("witness.example", COSIGNATURE, bytes(32))
    assert note.cosigned_bytes("log\n1\nroot\n", 1_700_000_000) == (
        b"cosignature/v1\ntime 1700000000\nlog\n1\nroot\n"
    )
    signature = note.cosignature(key, 1_700_000_000, bytes(64))
    assert signature.content == (1_700_000_000).to_bytes(8, "big") + bytes(64)
    assert Key.read(str(key)) == key


@pytest.mark.parametrize(
    "text",
    [
        *("", "no gap\n— a AAAAAAA=\n", "text\n\n", "text\n\n— a AAAAAAA=", "text\n\na AAAAAAA=\n"),
        *("text\n\n— a AAA\n", "text\n\n— a+b AAAAAAA=\n", "text\n\n— a AAAAAAB=\n"),
        *("text\n\n—  AAAAAAA=\n", "text\n\n— a AAAA\n"),
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.read(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "log\n1\n", "log\n01\nAAAA\n", "\n1\nAAAA\n", "log\n-1\nAAAA\n", "log\n1\nAAAA\n"),
        *(f"log\n{size}\n{'A' * 43}=\n" for size in ("", "1e3", "\u0661", "9" * 30)),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.read(text)


@pytest.mark.parametrize(
    "text", ["", "a+b", "a+00000000+AAAA", str(PETER).replace("c74f", "c74e"), f"x {PETER}"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote, match="is no key"):
        Key.read(text)


def test_a_text_with_an_empty_line_could_hide_signatures() -> None:
    with pytest.raises(ValueError, match="has no empty one"):
        note.write("text\n\n— a AAAAAAA=\n", [Signature("a", bytes(4), b"x")])
