"""Merkle trees of RFC 6962: roots, and proofs that something is in a tree or that a tree only grew.

A tree is known by the hashes of its complete subtrees. `Hashes` gives the one that is number `index` from the
left among those over 2^level entries, so a proof reads a few dozen hashes of a tree of any size, from memory
or from tiles.

Source: RFC 6962 section 2.1; the checks are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
Hashes = Callable[[int, int], bytes]
"""(level, index) to the hash of that complete subtree; level 0 are the leaves."""


class BadProof(ValueError):
    """The proof does not show what it should; the message says at which point it fails."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry: SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes of all complete subtrees over these leaf hashes, level by level.

    Args:
        leaves: n leaf hashes of 32 bytes, from the left.

    Returns:
        a list for each level h from 0, with floor(n / 2^h) hashes; [[]] for no leaves.
    """
    sha256, result = hashlib.sha256, [list(leaves)]
    while (below := result[-1]) and len(below) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        result.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return result


def hashes_of(tree: Sequence[Sequence[bytes]]) -> Hashes:
    """Return the access to what `levels` gave."""
    return lambda level, index: tree[level][index]


def root(size: int, hashes: Hashes) -> bytes:
    """Return the root of the tree over the first `size` entries; of none it is SHA-256 of nothing."""
    return _subtree(0, size, hashes) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """Return the hashes from which whoever knows entry `index` computes the root over `size` entries.

    Raises:
        ValueError: there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} among {size}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_subtree(middle, high, hashes))
            high = middle
        else:
            proof.append(_subtree(low, middle, hashes))
            low = middle
    return proof[::-1]


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], known_root: bytes) -> None:
    """Check that a leaf hash is entry `index` of the tree of `size` entries with this root.

    Raises:
        BadProof: it is not, or this does not show it.
    """
    if not 0 <= index < size:
        raise BadProof(f"no entry {index} among {size}")
    _, found = _climb(index, size - 1, leaf, proof)
    if found != known_root:
        raise BadProof("the proof leads to another root")


def prove_consistency(old: int, size: int, hashes: Hashes) -> list[bytes]:
    """Return the hashes that show that the tree over `old` entries is the beginning of that over `size`.

    Raises:
        ValueError: the old tree is empty or larger.
    """
    if not 0 < old <= size:
        raise ValueError(f"no tree over {old} of {size} entries to start from")
    proof: list[bytes] = []
    low, high, is_whole = 0, size, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_subtree(middle, high, hashes))
            high = middle
        else:
            proof.append(_subtree(low, middle, hashes))
            low, is_whole = middle, False
    if not is_whole:
        proof.append(_subtree(low, high, hashes))
    return proof[::-1]


def check_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree with the new root only added to the one with the old root.

    Raises:
        BadProof: it did not, or this does not show it.
    """
    if not 0 < old <= size:
        raise BadProof(f"no tree over {old} of {size} entries to start from")
    if old == size:
        if proof or old_root != new_root:
            raise BadProof("two trees of one size differ")
        return
    is_power = old & (old - 1) == 0
    first, *rest = [old_root, *proof] if is_power else (proof or [b""])
    number, last = old - 1, size - 1
    while number & 1:  # up to the largest subtree that both have
        number, last = number >> 1, last >> 1
    if _climb(number, last, first, rest) != (old_root, new_root):
        raise BadProof("the proof leads to another root")


def _climb(number: int, last: int, start: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots to which a proof leads from node `number` of a level that ends with node `last`.

    The first is of the tree that ends with this node, the second of the whole tree.
    """
    before = after = start
    for part in proof:
        if last == 0:
            raise BadProof("the proof is too long")
        if number & 1 or number == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, part)
        number, last = number >> 1, last >> 1
    if last != 0:
        raise BadProof("the proof is too short")
    return before, after


def _split(count: int) -> int:
    """Return the largest power of two below a count of at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _subtree(low: int, high: int, hashes: Hashes) -> bytes:
    """Return the hash over the entries from `low` to `high`, where `low` is where a subtree begins."""
    count = high - low
    if count & (count - 1) == 0:
        return hashes(count.bit_length() - 1, low // count)
    middle = low + _split(count)
    return node_hash(_subtree(low, middle, hashes), _subtree(middle, high, hashes))
