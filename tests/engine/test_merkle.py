"""Trees of RFC 6962: the published vectors, and proofs that convince of what is so and of nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import merkle
from tera.engine.merkle import BadProof, leaf_hash, node_hash

# The eight entries and roots that the implementations of Certificate Transparency test with.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: list[bytes]) -> bytes:
    """Return the root as the RFC defines it, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(naive(leaves[:k]), naive(leaves[k:]))


def tree(count: int) -> tuple[list[bytes], merkle.Hashes]:
    leaves = [leaf_hash(str(number).encode()) for number in range(count)]
    return leaves, merkle.hashes_of(merkle.levels(leaves))


def test_no_entries_have_the_hash_of_nothing() -> None:
    assert merkle.root(0, merkle.hashes_of(merkle.levels([]))) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    hashes = merkle.hashes_of(merkle.levels([leaf_hash(entry) for entry in ENTRIES]))
    assert merkle.root(size, hashes).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_the_published_inclusion_proofs(index: int, size: int, proof: list[str]) -> None:
    hashes = merkle.hashes_of(merkle.levels([leaf_hash(entry) for entry in ENTRIES]))
    assert [part.hex() for part in merkle.prove_inclusion(index, size, hashes)] == proof


@pytest.mark.parametrize(
    ("old", "size", "proof"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_the_published_consistency_proofs(old: int, size: int, proof: list[str]) -> None:
    hashes = merkle.hashes_of(merkle.levels([leaf_hash(entry) for entry in ENTRIES]))
    assert [part.hex() for part in merkle.prove_consistency(old, size, hashes)] == proof


@given(st.integers(1, 300))
def test_the_root_is_the_one_that_the_rfc_defines(size: int) -> None:
    leaves, hashes = tree(size)
    assert merkle.root(size, hashes) == naive(leaves)


@given(st.integers(1, 200), st.data())
def test_a_proof_of_inclusion_convinces_of_its_entry_only(size: int, data: st.DataObject) -> None:
    leaves, hashes = tree(size)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    proof, root = merkle.prove_inclusion(index, size, hashes), merkle.root(size, hashes)
    merkle.check_inclusion(index, size, leaves[index], proof, root)
    if other != index:
        with pytest.raises(BadProof):
            merkle.check_inclusion(other, size, leaves[index], proof, root)
    with pytest.raises(BadProof, match="another root"):
        merkle.check_inclusion(index, size, leaf_hash(b"other"), proof, root)
    with pytest.raises(BadProof):
        merkle.check_inclusion(index, size, leaves[index], [*proof, root], root)
    if proof:
        with pytest.raises(BadProof, match="too short|another root"):
            merkle.check_inclusion(index, size, leaves[index], proof[:-1], root)


@given(st.integers(1, 200), st.data())
def test_a_proof_of_consistency_convinces_of_a_tree_that_only_grew(size: int, data: st.DataObject) -> None:
    _, hashes = tree(size)
    old = data.draw(st.integers(1, size))
    proof = merkle.prove_consistency(old, size, hashes)
    before, after = merkle.root(old, hashes), merkle.root(size, hashes)
    merkle.check_consistency(old, size, proof, before, after)
    with pytest.raises(BadProof):
        merkle.check_consistency(old, size, proof, leaf_hash(b"other"), after)
    with pytest.raises(BadProof):
        merkle.check_consistency(old, size, proof, before, leaf_hash(b"other"))
    with pytest.raises(BadProof):
        merkle.check_consistency(old, size, [*proof, after], before, after)
    if proof:
        with pytest.raises(BadProof):
            merkle.check_consistency(old, size, proof[:-1], before, after)


def test_what_is_not_there_cannot_be_proved() -> None:
    _, hashes = tree(3)
    with pytest.raises(ValueError, match="no entry 3 among 3"):
        merkle.prove_inclusion(3, 3, hashes)
    with pytest.raises(ValueError, match="no tree over 4 of 3"):
        merkle.prove_consistency(4, 3, hashes)
    with pytest.raises(BadProof, match="no tree over 0"):
        merkle.check_consistency(0, 3, [], b"", b"")
