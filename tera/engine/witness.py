"""What a log and its witnesses say to each other, and when a witness may cosign.

A witness remembers, of each log, the last checkpoint that it cosigned, and cosigns another one only if it was
shown that the log only grew since. So nobody can be shown one history of a log and somebody else another, as
long as both ask for cosignatures of witnesses that are honest.

Source: C2SP tlog-witness, add-checkpoint.
"""

import re
from dataclasses import dataclass

from tera.engine import note
from tera.engine.merkle import EMPTY_ROOT, HASH_BYTES, BadProof, check_consistency
from tera.engine.note import BadNote, Checkpoint, Signature

ACCEPTED, MALFORMED, UNTRUSTED, UNKNOWN, CONFLICT, UNPROVEN = 200, 400, 403, 404, 409, 422
"""What a witness answers, as HTTP has it."""
PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MOST_BYTES = 64 * 1024
MOST_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class BadRequest(ValueError):
    """This is no request, or no reply; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks to cosign a checkpoint, with the proof that it only adds to that of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    signed: str
    """The checkpoint with its signatures, as a note."""

    def __str__(self) -> str:
        """Return the body of the request."""
        lines = [f"old {self.old}", *map(note.encoded, self.proof), "", self.signed]
        return "\n".join(lines)

    @classmethod
    def read(cls, body: bytes) -> "Request":
        """Return the request that a body holds; no signature in it is checked yet.

        Raises:
            BadRequest: it holds none.
        """
        try:
            head, gap, signed = body.decode().partition("\n\n")
            first, *lines = head.split("\n")
            text, _ = note.read(signed)
            Checkpoint.read(text)
        except (UnicodeDecodeError, BadNote) as error:
            raise BadRequest(f"no checkpoint: {error}") from error
        old, proof = _OLD.fullmatch(first), tuple(note.decoded(line) for line in lines)
        if not gap or old is None:
            raise BadRequest("'old SIZE', a proof, an empty line and a checkpoint are expected")
        if len(proof) > MOST_HASHES or any(len(part) != HASH_BYTES for part in proof):
            raise BadRequest(f"a proof has at most {MOST_HASHES} hashes of {HASH_BYTES} bytes, in base64")
        if "\n\n" in text or _CONTROL.search(signed):
            raise BadRequest("a checkpoint has no empty lines and no control characters")
        return cls(int(old[1]), proof, signed)

    @property
    def text(self) -> str:
        """The text of the checkpoint: what its log signed."""
        return note.read(self.signed)[0]

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint itself."""
        return Checkpoint.read(self.text)


def decide(known: Checkpoint | None, request: Request) -> int:
    """Return whether a witness cosigns: ACCEPTED, or why it does not.

    The caller has checked that the log signed the checkpoint. It keeps every other request for this log
    waiting until the checkpoint that is accepted here is the known one, on disk.

    Args:
        known: the last checkpoint of this log that the witness cosigned, or None if there was none.
        request: what was asked.

    Returns:
        ACCEPTED; MALFORMED for an old size above that of the checkpoint; CONFLICT where the old size is not
        the known one, or the checkpoint has the known size and another root; UNPROVEN where the proof fails.
    """
    size, root = (known.size, known.root) if known else (0, EMPTY_ROOT)
    fresh = request.checkpoint
    if request.old > fresh.size:
        return MALFORMED
    if request.old != size or (fresh.size == size and fresh.root != root):
        return CONFLICT
    if size in {0, fresh.size}:  # anything begins with nothing, and with itself: there is nothing to prove
        return UNPROVEN if request.proof else ACCEPTED
    try:
        check_consistency(size, fresh.size, request.proof, root, fresh.root)
    except BadProof:
        return UNPROVEN
    return ACCEPTED


def write_size(known: Checkpoint | None) -> str:
    """Return the reply CONFLICT: the size from which a proof must start."""
    return f"{known.size if known else 0}\n"


def read_size(reply: bytes) -> int:
    """Return the size in the reply CONFLICT; BadRequest where there is none."""
    found = _SIZE.fullmatch(reply.decode("ascii", "replace"))
    if found is None:
        raise BadRequest("the size that the witness knows is expected, and a line end")
    return int(found[1])


def read_signatures(reply: bytes) -> list[Signature]:
    """Return the signatures in the reply ACCEPTED, none of which is checked yet; BadRequest if it is none."""
    try:
        *lines, rest = reply.decode().split("\n")
        found = [Signature.read(line) for line in lines]
    except (UnicodeDecodeError, BadNote) as error:
        raise BadRequest(f"no signatures: {error}") from error
    if rest or not found:
        raise BadRequest("one or more signatures are expected, each with a line end")
    return found
