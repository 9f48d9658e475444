"""Receipts are signed with a key of this installation: a file of its own, never in a database."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tera.intake.keyfile import read_or_make


class BadKey(ValueError):
    """The file does not hold a key that signs receipts."""


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a PEM file (PKCS #8), made if it is not there; BadKey if it holds no Ed25519 key."""
    try:
        key = load_pem_private_key(read_or_make(path, _make), password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{path} does not hold a private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} holds another kind of key; receipts are signed with Ed25519")
    return key


def _make() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
