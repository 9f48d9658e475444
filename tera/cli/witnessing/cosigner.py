"""What a witness cosigns, and what it remembers of each log.

What it knows lies in files only, and is read again for each request. A cosignature leaves after the
checkpoint is durably there, so neither a restart nor a kill makes the witness forget what it has signed.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tera.engine import note, witness
from tera.engine.note import BadNote, Checkpoint, Key
from tera.engine.witness import ACCEPTED, CONFLICT, MALFORMED, SIZE_TYPE, UNKNOWN, UNTRUSTED, BadRequest
from tera.portal.ledger import signatures
from tera.portal.ledger.files import Damaged, Files

TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What is answered over HTTP, and what whoever runs the witness should know of it."""

    status: int
    text: str
    kind: str = TEXT_TYPE
    news: str = ""


class Cosigner:
    """A witness with its key, the keys of the logs that it watches, and its files."""

    def __init__(self, files: Files, key: Key, sign: Callable[[bytes], bytes], logs: Iterable[Key]) -> None:
        """Take over the files; nobody else writes them.

        Raises:
            Damaged: a file does not hold the checkpoint that was cosigned last.
        """
        self._files, self._key, self._sign, self._logs = files, key, sign, tuple(logs)
        self._one_at_a_time = threading.Lock()
        for log in self._logs:
            self.known(log.name)

    def known(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint of a log that was cosigned, or None; Damaged if the file holds none."""
        path = _path_of(origin)
        try:
            found = Checkpoint.read(note.read(self._files.read(path).decode())[0])
        except FileNotFoundError:
            return None
        except (BadNote, UnicodeDecodeError) as error:
            raise Damaged(f"{self._files.folder / path} is no checkpoint: {error}") from error
        if found.origin != origin:
            raise Damaged(f"{self._files.folder / path} is a checkpoint of {found.origin}, not {origin}")
        return found

    def answer(self, body: bytes, clock: Callable[[], float]) -> Answer:
        """Return what a request is answered; Damaged or OSError where the files cannot be used."""
        try:
            request = witness.Request.read(body)
        except BadRequest as error:
            return Answer(MALFORMED, f"{error}\n")
        text, signed = note.read(request.signed)
        origin = request.checkpoint.origin
        keys = [key for key in self._logs if key.name == origin]
        if not keys:
            return Answer(UNKNOWN, "this witness does not watch that log\n")
        by_log = next(filter(None, (signatures.found(key, text, signed) for key in keys)), None)
        if by_log is None:
            return Answer(UNTRUSTED, "no signature of a key that this witness knows for that log\n")
        with self._one_at_a_time:  # or an older checkpoint could replace a newer one
            known = self.known(origin)
            status = witness.decide(known, request)
            if status != ACCEPTED:
                return _refusal(status, known, request)
            self._files.replace(_path_of(origin), note.write(text, [by_log]).encode())
            at = int(clock())
            cosignature = note.cosignature(self._key, at, self._sign(note.cosigned_bytes(text, at)))
        return Answer(ACCEPTED, f"{cosignature}\n")


def _path_of(origin: str) -> str:
    return f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"


def _refusal(status: int, known: Checkpoint | None, request: witness.Request) -> Answer:
    """Return why a checkpoint that its log did sign is not cosigned; two histories are news."""
    fresh = request.checkpoint
    if status == MALFORMED:
        return Answer(status, "the old size is larger than the checkpoint\n")
    if status != CONFLICT:
        news = f"{fresh.origin} did not show that its {fresh.size} entries only add to what it signed before"
        return Answer(status, f"{news}\n", news=news)
    is_split = known is not None and known.size == fresh.size and known.root != fresh.root
    news = (
        f"{fresh.origin} signed two histories; keep this as evidence: {request.signed!r}" if is_split else ""
    )
    return Answer(status, witness.write_size(known), SIZE_TYPE, news)
