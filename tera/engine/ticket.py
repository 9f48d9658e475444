"""Tickets: single-use codes of 128 bits that let somebody answer once; docs/protocol.md has the bytes.

A code is written and typed like that of a receipt (`response.receipt_code`, `response.read_code`). Only its
hash is kept. The hashes of a batch have a root that the ledger holds: tickets added later are found.
"""

import hashlib
from collections.abc import Sequence

from tera.engine.block import root_of

DOMAIN = b"tera/ticket/v1"
CODE_BYTES = 16
OPEN_LINK, TICKET = 0, 1  # the levels of docs/protocol.md; 2 will be blind tickets


def ticket_hash(code: bytes) -> bytes:
    """Return the 32 bytes by which a ticket is known; they do not tell its code."""
    return hashlib.sha256(DOMAIN + code).digest()


def batch_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the sorted hashes of a batch, built as that of a block."""
    return root_of(sorted(hashes))
