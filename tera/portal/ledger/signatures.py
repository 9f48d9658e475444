"""Looks whether a log or a witness signed: the one place where signatures under notes are checked."""

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tera.engine import note
from tera.engine.note import COSIGNATURE, TIME_BYTES, Key, Signature


def found(key: Key, text: str, signatures: Iterable[Signature]) -> Signature | None:
    """Return the signature of a key, log's or witness's, under a text, or None if no valid one is there."""
    for one in signatures:
        if (one.name, one.key_id) == (key.name, key.id) and _is_valid(key, text, one.content):
            return one
    return None


def _is_valid(key: Key, text: str, content: bytes) -> bool:
    signed = text.encode()
    if key.kind == COSIGNATURE:
        at, content = int.from_bytes(content[:TIME_BYTES], "big"), content[TIME_BYTES:]
        signed = note.cosigned_bytes(text, at)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(content, signed)
    except InvalidSignature:
        return False
    return True
