"""The verifier's own signatures and trees: the vectors of RFC 8032, and agreement with the engine's trees."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import merkle
from tera.verifier.verify import ORDER, is_signed, root_from, root_of

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_vectors_of_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert is_signed(key, text, signed)
    for at in range(64):
        assert not is_signed(key, text, signed[:at] + bytes([signed[at] ^ 4]) + signed[at + 1 :])
    assert not is_signed(key, text + b"\0", signed)


def test_signatures_of_another_library_are_valid_and_nothing_else_is() -> None:
    chance = random.Random(3)
    for _ in range(20):
        private, message = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), chance.randbytes(50)
        public, signed = private.public_key().public_bytes_raw(), private.sign(message)
        assert is_signed(public, message, signed)
        larger = (int.from_bytes(signed[32:], "little") + ORDER).to_bytes(32, "little")
        assert not is_signed(public, message, signed[:32] + larger)  # the same number, spelt another way
        assert not is_signed(public, message, signed[:-1])
        assert not is_signed(public[:-1], message, signed)
        assert not is_signed(chance.randbytes(32), message, signed)


@pytest.mark.parametrize(
    "y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 - 1, 2**255 + 1, 2**256 - 1]
)
def test_keys_of_small_order_and_odd_encodings_sign_nothing(y: int) -> None:
    neutral = (1).to_bytes(32, "little")
    assert not is_signed(y.to_bytes(32, "little"), b"anything", neutral + bytes(32))


def test_trees_agree_with_the_engine() -> None:
    chance = random.Random(4)
    for size in [*range(1, 40), 255, 256, 257, 1000]:
        leaves = [chance.randbytes(32) for _ in range(size)]
        hashes = merkle.hashes_of(merkle.levels(leaves))
        assert root_of(leaves) == merkle.root(size, hashes)
        for place in {0, size - 1, chance.randrange(size)}:
            proof = merkle.prove_inclusion(place, size, hashes)
            assert root_from(place, size, leaves[place], proof) == root_of(leaves)
            for wrong in ([*proof, bytes(32)], proof[:-1], [bytes(32), *proof[1:]], proof[::-1]):
                if wrong != proof:
                    assert not leads(place, size, leaves[place], wrong, root_of(leaves))
    assert root_of([]) == merkle.EMPTY_ROOT


def leads(place: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    try:
        return root_from(place, size, leaf, proof) == root
    except ValueError:
        return False


def test_a_proof_for_a_place_that_is_not_there_is_wrong() -> None:
    with pytest.raises(ValueError, match="does not fit the place"):
        root_from(5, 5, bytes(32), [bytes(32)])
