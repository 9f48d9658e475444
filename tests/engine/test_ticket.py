"""Tickets: what is printed, what is kept, and the root of a batch."""

import hashlib

import pytest

from tera.engine.response import read_code, receipt_code
from tera.engine.ticket import CODE_BYTES, batch_root, ticket_hash

CODE = bytes(range(CODE_BYTES))


def test_a_code_is_typed_as_it_is_printed() -> None:
    printed = receipt_code(CODE)
    assert len(printed.replace("-", "")) == 26
    assert read_code(printed) == read_code(printed.lower().replace("-", " ")) == CODE


def test_what_is_kept_does_not_tell_the_code() -> None:
    assert ticket_hash(CODE) == hashlib.sha256(b"tera/ticket/v1" + CODE).digest()


def test_a_batch_has_one_root_in_whatever_order_it_was_made() -> None:
    hashes = [ticket_hash(bytes([number]) * CODE_BYTES) for number in range(5)]
    assert batch_root(hashes) == batch_root(hashes[::-1])
    assert batch_root(hashes) != batch_root(hashes[:4])
    with pytest.raises(ValueError, match="none comes twice"):
        batch_root([*hashes, hashes[0]])
