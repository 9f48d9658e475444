"""The canonical bytes of a response never change; golden files hold them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.catalogue import get_codelists
from tera.engine.codelist import PROFILE_LISTS
from tera.engine.response import BadBytes, Response, commitment, decode, encode, receipt_code

GOLDEN = json.loads(Path("tests/vectors/responses.json").read_text(encoding="utf-8"))
CODE = st.text("abcdefghjkmnpqrstuvwxyz23456789-", min_size=1, max_size=32)
BYTE = st.integers(0, 255)
RESPONSES = st.builds(
    Response,
    campaign=CODE,
    day=st.integers(0, 65535),
    channel=BYTE,
    service=CODE | st.just(""),
    profile=st.tuples(BYTE, BYTE, BYTE, BYTE),
    not_free=st.booleans(),
    answers=st.lists(st.none() | st.integers(1, 6), min_size=1, max_size=60).map(tuple),
)


@pytest.mark.parametrize("golden", GOLDEN, ids=[entry["name"] for entry in GOLDEN])
def test_the_golden_bytes_come_out(golden: dict[str, object]) -> None:
    fields = dict(golden["response"])  # type: ignore[call-overload]
    said = Response(**{**fields, "profile": tuple(fields["profile"]), "answers": tuple(fields["answers"])})
    salt = bytes.fromhex(str(golden["salt"]))
    assert encode(said).hex() == golden["canonical"]
    assert commitment(salt, encode(said)).hex() == golden["commitment"]
    assert receipt_code(commitment(salt, encode(said))) == golden["receipt_code"]


@given(RESPONSES)
def test_bytes_read_back_as_the_response_that_they_came_from(said: Response) -> None:
    assert decode(encode(said)) == said


@given(st.binary(max_size=80))
def test_other_bytes_are_refused_and_never_crash(noise: bytes) -> None:
    try:
        said = decode(noise)
    except BadBytes:
        return
    assert encode(said) == noise


def test_a_byte_too_many_is_refused() -> None:
    golden = bytes.fromhex(GOLDEN[0]["canonical"])
    with pytest.raises(BadBytes):
        decode(golden + b"\x00")
    with pytest.raises(BadBytes):
        decode(golden[:-1])


@pytest.mark.parametrize("campaign", ["", "x" * 65])
def test_a_field_that_does_not_fit_is_refused(campaign: str) -> None:
    with pytest.raises(ValueError, match="bytes; 1 to 64 are allowed"):
        encode(Response(campaign, 0, 1, "", (0, 0, 0, 0), False, (4,)))


def test_code_lists_never_reuse_a_byte() -> None:
    lists = get_codelists()
    assert tuple(codes.id for codes in lists.profile) == PROFILE_LISTS
    assert {entry.code: entry.byte for entry in lists.channel.codes} == GOLDEN[0]["channel_bytes"]
    assert all(codes.byte_of("UNSAID") == 255 and codes.byte_of("") == 0 for codes in lists.profile)
