"""Blocks: one root for a set of commitments, one canonical tally, and a hash that nobody guesses through."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import block
from tera.engine.merkle import leaf_hash, node_hash
from tera.engine.tally import Tally

TALLIES = {"skm-9": Tally.of(["BIAYA", "WAKTU"], [(4, 3), (4, None), (3, 3)])}


def test_the_root_is_that_of_the_sorted_commitments() -> None:
    one, other = bytes(32), bytes([1] * 32)
    assert block.root_of([one, other]) == node_hash(leaf_hash(one), leaf_hash(other))
    assert block.root_of([]) == hashlib.sha256(b"").digest()
    for wrong in ([other, one], [one, one]):
        with pytest.raises(ValueError, match="sorted, and none comes twice"):
            block.root_of(wrong)


def test_a_tally_has_one_spelling() -> None:
    assert block.tally_bytes("demo", 1, 3, TALLIES) == (
        b'{"block":1,"campaign":"demo","count":3,"instruments":{"skm-9":{"complete":2,'
        b'"counts":{"BIAYA":{"3":1,"4":2},"WAKTU":{"3":2}},"respondents":3}}}'
    )


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2, 3, 4]), st.sampled_from([None, 1, 2])), max_size=30))
def test_a_tally_gives_itself_back(rows: list[tuple[int | None, int | None]]) -> None:
    tally = Tally.of(["A", "B"], rows)
    assert block.read_tallies(block.tally_bytes("demo", 1, len(rows), {"x": tally})) == {"x": tally}


def test_the_hash_depends_on_the_salt() -> None:
    content = block.tally_bytes("demo", 1, 3, TALLIES)
    assert (
        block.tally_hash(bytes(32), content)
        == hashlib.sha256(b"tera/tally/v1" + bytes(32) + content).digest()
    )
    with pytest.raises(ValueError, match="32 bytes, not 0"):
        block.tally_hash(b"", content)
