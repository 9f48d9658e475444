"""Witnesses of the log: outsiders whose machines cosign that it only grows (C2SP tlog-witness).

All are asked at once. Whoever is slow, away or wrong costs a few seconds and its cosignature, nothing else.
"""

import logging
import re
import threading
import time
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from django.core.exceptions import ImproperlyConfigured

from tera.engine import note, witness
from tera.engine.merkle import Hashes, prove_consistency
from tera.engine.note import COSIGNATURE, BadNote, Checkpoint, Key, Signature
from tera.engine.witness import ACCEPTED, CONFLICT, MOST_BYTES, PATH, UNPROVEN, Request
from tera.portal.ledger import signatures

SILENT_SECONDS, MOST_SECONDS = 5, 15
_WITNESS = re.compile(r"([^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)@(https?://\S+)")

logger = logging.getLogger(__name__)


class BadWitness(ImproperlyConfigured):
    """The settings name no witness, or too few; the message says what to do."""


class Refused(ValueError):
    """A witness does not cosign."""


class _Plain(urllib.request.HTTPErrorProcessor):
    """Hands every answer over as it is: a refusal is an answer, and nobody is sent elsewhere."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


@dataclass(frozen=True)
class Witness:
    """A witness: the key of its cosignatures, and where it listens."""

    key: Key
    url: str

    @classmethod
    def read(cls, text: str) -> "Witness":
        """Return the witness that is written as KEY@URL; BadWitness where there is none."""
        found = _WITNESS.fullmatch(text)
        if found is None:
            raise BadWitness(f"TERA_WITNESSES: {text!r} is no witness; KEY@https://… is expected")
        try:
            key = Key.read(found[1])
        except BadNote as error:
            raise BadWitness(f"TERA_WITNESSES: {error}") from error
        if key.kind != COSIGNATURE:
            raise BadWitness(
                f"TERA_WITNESSES: {found[1]!r} is the key of a log; `tera witness` prints its own"
            )
        return cls(key, found[2].rstrip("/"))

    def cosign(self, signed: str, old: int, hashes: Hashes) -> Signature:
        """Return the cosignature under a checkpoint of which this witness may know the first `old` entries.

        Raises:
            Refused: it does not cosign, or what it sent is no cosignature.
            BadRequest: its reply cannot be read.
            OSError, HTTPException: it cannot be reached.
        """
        text, _ = note.read(signed)
        status, reply = self._post(signed, old, hashes)
        if status == CONFLICT and old != (known := witness.read_size(reply)) <= Checkpoint.read(text).size:
            status, reply = self._post(signed, known, hashes)
        if status in {CONFLICT, UNPROVEN}:
            raise Refused(
                "it cosigned another history under this name: the database was restored from a copy, or "
                "somebody else signs with the key of this log"
            )
        if status != ACCEPTED:
            raise Refused(f"it answered {status} {reply[:200]!r}")
        found = signatures.found(self.key, text, witness.read_signatures(reply))
        if found is None:
            raise Refused("it sent no valid cosignature of its key")
        return found

    def _post(self, signed: str, old: int, hashes: Hashes) -> tuple[int, bytes]:
        size = Checkpoint.read(note.read(signed)[0]).size
        proof = prove_consistency(old, size, hashes) if old else []
        body = str(Request(old, tuple(proof), signed)).encode()
        request = urllib.request.Request(  # noqa: S310  the scheme was checked when the setting was read
            f"{self.url}{PATH}", body, {"Content-Type": "text/plain; charset=utf-8"}
        )
        with urllib.request.build_opener(_Plain).open(request, timeout=SILENT_SECONDS) as answer:
            return answer.status, answer.read(MOST_BYTES)


@dataclass(frozen=True)
class Witnesses:
    """All witnesses of a log, and how many of them must cosign."""

    all: tuple[Witness, ...] = ()
    quorum: int = 0

    @classmethod
    def read(cls, witnesses: str, quorum: str) -> "Witnesses":
        """Return what the settings say; BadWitness where that cannot be."""
        found = tuple(Witness.read(text) for text in witnesses.replace(",", " ").split())
        if len({one.key for one in found}) < len(found):
            raise BadWitness("TERA_WITNESSES: a witness is named twice")
        if not (quorum.isascii() and quorum.isdigit() and int(quorum[:8]) <= len(found)):
            raise BadWitness(
                f"TERA_WITNESS_QUORUM: {quorum[:8]!r}; 0 to {len(found)} is possible with the witnesses that "
                "TERA_WITNESSES names"
            )
        return cls(found, int(quorum))

    def count(self, signed: str) -> int:
        """Return how many cosigned a checkpoint."""
        return len(self.all) - len(self._missing(signed))

    def ask(self, signed: str, old: int, hashes: Hashes) -> str:
        """Return a checkpoint with what is under it, and the cosignatures of those who had not cosigned yet.

        Args:
            signed: the checkpoint, signed by its log, as a note.
            old: the size that the witnesses may know.
            hashes: those of the log.
        """
        text, before = note.read(signed)
        found = _all_at_once(self._missing(signed), signed, old, hashes)
        fresh = {(one.name, one.key_id) for one in found}
        return note.write(text, [one for one in before if (one.name, one.key_id) not in fresh] + found)

    def _missing(self, signed: str) -> list[Witness]:
        text, under = note.read(signed)
        return [one for one in self.all if signatures.found(one.key, text, under) is None]


NOBODY = Witnesses()


def _all_at_once(asked: list[Witness], signed: str, old: int, hashes: Hashes) -> list[Signature]:
    found: list[Signature] = []

    def ask(one: Witness) -> None:
        try:
            found.append(one.cosign(signed, old, hashes))
        except (OSError, HTTPException, ValueError) as error:
            logger.warning("witness %s at %s did not cosign: %s", one.key.name, one.url, error)

    threads = [threading.Thread(target=ask, args=(one,), daemon=True) for one in asked]
    for thread in threads:
        thread.start()
    end = time.monotonic() + MOST_SECONDS
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    return found.copy()  # whoever answers later is asked again in the next round
