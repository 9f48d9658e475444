"""Signed notes: short texts with signatures of named keys (C2SP signed-note), and the checkpoints of a log.

A note is its text, an empty line, and a line "— name base64(key id ‖ signature)" for each signature. Nothing
is signed or checked here: whoever holds a key does that, over the text.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (version 1).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tera.engine.merkle import HASH_BYTES

ED25519, COSIGNATURE = 0x01, 0x04
KEY_ID_BYTES, TIME_BYTES, PUBLIC_KEY_BYTES = 4, 8, 32
_DASH = "— "
_NAME = re.compile(r"[^\s+]+")
_DIGITS = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(ValueError):
    """This is no signed note, or no checkpoint; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature under a note: the name and the id of the key, and what follows the id."""

    name: str
    key_id: bytes
    content: bytes

    def __str__(self) -> str:
        """Return its line, without the end."""
        return f"{_DASH}{self.name} {encoded(self.key_id + self.content)}"

    @classmethod
    def read(cls, line: str) -> "Signature":
        """Return the signature that a line holds; BadNote where it holds none."""
        name, _, rest = line.removeprefix(_DASH).partition(" ")
        content = decoded(rest)
        if not line.startswith(_DASH) or not _NAME.fullmatch(name) or len(content) <= KEY_ID_BYTES:
            raise BadNote(f"{line!r} is no signature: '— name base64' is expected")
        return cls(name, content[:KEY_ID_BYTES], content[KEY_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Key:
    """The public part of a key that signs notes. `kind` is ED25519 for a log, COSIGNATURE for a witness."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which its signatures are found."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """Return the key as it is handed out: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Return the key that somebody handed out; BadNote where it is none."""
        name, _, rest = text.strip().partition("+")
        key_id, _, public = rest.partition("+")
        content = decoded(public)
        if not _NAME.fullmatch(name) or len(content) != 1 + PUBLIC_KEY_BYTES:
            raise BadNote(f"{text!r} is no key: name+id+base64 is expected")
        key = cls(name, content[0], content[1:])
        if key.kind not in {ED25519, COSIGNATURE} or key.id.hex() != key_id:
            raise BadNote(f"{text!r} is no key: its id or its kind does not fit")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Return the checkpoint that a note's text holds; lines after the third are allowed and ignored."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _DIGITS.fullmatch(lines[1]):
            raise BadNote("a checkpoint has three lines: origin, size, root")
        root = decoded(lines[2])
        if len(root) != HASH_BYTES:
            raise BadNote(f"a root has {HASH_BYTES} bytes, not {len(root)}")
        return cls(lines[0], int(lines[1]), root)


def write(text: str, signatures: Sequence[Signature]) -> str:
    """Return the note of a text and its signatures; ValueError where the text does not end its last line."""
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("the text of a note ends with a line and has no empty one")
    lines = (f"{one}\n" for one in signatures)
    return f"{text}\n{''.join(lines)}"


def read(note: str) -> tuple[str, list[Signature]]:
    """Return the text of a note and its signatures, none of which is checked yet; BadNote if it is none."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("a note has an empty line before its signatures, and ends with a line")
    return f"{text}\n", [Signature.read(line) for line in lines[:-1].split("\n")]


def cosigned_bytes(text: str, at: int) -> bytes:
    """Return what a witness signs when it has seen a checkpoint; `at` in seconds since 1970-01-01 UTC."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosignature(key: Key, at: int, signature: bytes) -> Signature:
    """Return the signature of a witness as it stands under a note."""
    return Signature(key.name, key.id, at.to_bytes(TIME_BYTES, "big") + signature)


def encoded(content: bytes) -> str:
    """Return base64 as notes have it."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: str) -> bytes:
    """Return what base64 holds, and nothing where it is none: one content has one spelling."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if encoded(content) == text else b""
