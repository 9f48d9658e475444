"""Blocks: the root over their commitments, and the tally that a salted hash commits to.

Commitments are sorted, so the place of one says nothing about when it came. The tally is canonical JSON; it
follows from the responses. Its hash is salted, because a tally of few responses could be guessed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tera.engine.merkle import hashes_of, leaf_hash, levels, root
from tera.engine.tally import Tally, as_values, of_values

DOMAIN = b"tera/tally/v1"
SALT_BYTES = 32


def root_of(commitments: Sequence[bytes]) -> bytes:
    """Return the root of a block; ValueError where the commitments are not sorted or one comes twice."""
    if any(left >= right for left, right in pairwise(commitments)):
        raise ValueError("the commitments of a block are sorted, and none comes twice")
    return root(len(commitments), hashes_of(levels([leaf_hash(one) for one in commitments])))


def tally_bytes(campaign: str, number: int, count: int, tallies: Mapping[str, Tally]) -> bytes:
    """Return the tally of a block in canonical form.

    Args:
        campaign: its code.
        number: of the block, from 1.
        count: of its responses.
        tallies: by instrument id; scores that nobody chose are left out.
    """
    values = {
        "campaign": campaign,
        "block": number,
        "count": count,
        "instruments": as_values(tallies),
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def read_tallies(content: bytes | str) -> dict[str, Tally]:
    """Return the tallies by instrument id that a block's tally holds."""
    return of_values(json.loads(content)["instruments"])


def tally_hash(salt: bytes, content: bytes) -> bytes:
    """Return what commits to a tally; ValueError where the salt has another size."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(DOMAIN + salt + content).digest()
