"""A witness cosigns what only adds to what it cosigned before, and says why it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import merkle, note, witness
from tera.engine.note import COSIGNATURE, Checkpoint, Key, Signature
from tera.engine.witness import ACCEPTED, CONFLICT, MALFORMED, UNPROVEN, BadRequest, Request, decide

# The example of the specification, with one signature.
EXAMPLE = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
ORIGIN = "log.example"
HASH = note.encoded(bytes(32))
SIGNED = f"{ORIGIN}\n1\n{HASH}\n\n— a AAAAAAA=\n"


def leaves(seed: int, count: int) -> list[bytes]:
    return [merkle.leaf_hash(f"{seed}/{number}".encode()) for number in range(count)]


def checkpoint(entries: list[bytes]) -> Checkpoint:
    return Checkpoint(
        ORIGIN, len(entries), merkle.root(len(entries), merkle.hashes_of(merkle.levels(entries)))
    )


def request(old: int, entries: list[bytes], proof: list[bytes] | None = None) -> Request:
    hashes = merkle.hashes_of(merkle.levels(entries))
    if proof is None:
        proof = merkle.prove_consistency(old, len(entries), hashes) if 0 < old <= len(entries) else []
    return Request(old, tuple(proof), note.write(str(checkpoint(entries)), [Signature("a", bytes(4), b"x")]))


def test_the_published_request_is_read_and_written() -> None:
    found = Request.read(EXAMPLE.encode())
    assert (found.old, len(found.proof), found.checkpoint.size) == (20852014, 4, 20852163)
    assert found.checkpoint.origin == "example.com/behind-the-sofa"
    assert str(found) == EXAMPLE


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        Request.read(body)


@pytest.mark.parametrize(
    "body",
    [
        *(
            f"\n{SIGNED}",
            f"old 1\n{SIGNED}",
            f"old 01\n\n{SIGNED}",
            f"old -1\n\n{SIGNED}",
            f"new 1\n\n{SIGNED}",
        ),
        *(f"old 1\nAAAA\n\n{SIGNED}", f"old 1\n{HASH} \n\n{SIGNED}", f"old 1\n{HASH}\r\n\n{SIGNED}"),
        "old 1\n" + f"{HASH}\n" * 64 + f"\n{SIGNED}",
        *(f"old 1\n\n\n{SIGNED}", f"old 1\n\n{SIGNED.replace('AAAAAAA=', '?')}", f"old 1\n\n{SIGNED[:-1]}"),
        "old 1\n\n" + SIGNED.replace("\n\n", "\n\nmore\n\n", 1),
        "old 1\n\n" + SIGNED.replace("\n\n", "\nmore\x00\n\n", 1),
    ],
)
def test_a_mangled_request_is_refused(body: str) -> None:
    with pytest.raises(BadRequest):
        Request.read(body.encode())


def test_lines_that_a_log_adds_stay_in_what_is_signed() -> None:
    signed = SIGNED.replace("\n\n", "\nmore\n\n", 1)
    assert Request.read(f"old 0\n\n{signed}".encode()).text == f"{ORIGIN}\n1\n{HASH}\nmore\n"


LOG = leaves(1, 9)


@pytest.mark.parametrize(
    ("known", "asked", "status"),
    [
        (None, request(0, LOG), ACCEPTED),
        (None, request(0, []), ACCEPTED),
        (None, request(0, LOG, [bytes(32)]), UNPROVEN),
        (None, request(3, LOG), CONFLICT),
        (checkpoint(LOG[:3]), request(3, LOG), ACCEPTED),
        (checkpoint(LOG[:8]), request(8, LOG), ACCEPTED),
        (checkpoint(LOG), request(9, LOG), ACCEPTED),
        (checkpoint([]), request(0, LOG), ACCEPTED),
        (checkpoint(LOG), request(9, LOG, [bytes(32)]), UNPROVEN),
        (checkpoint(LOG[:3]), request(0, LOG), CONFLICT),
        (checkpoint(LOG[:3]), request(2, LOG), CONFLICT),
        (checkpoint(LOG[:3]), request(3, LOG, []), UNPROVEN),
        (checkpoint(LOG[:3]), request(3, leaves(2, 9)), UNPROVEN),
        (checkpoint(LOG), request(9, leaves(2, 9)), CONFLICT),
        (checkpoint(LOG), request(9, LOG[:3]), MALFORMED),
        (checkpoint(LOG), request(3, LOG[:3]), CONFLICT),
        (checkpoint(LOG), request(0, LOG[:3]), CONFLICT),
    ],
)
def test_the_rules(known: Checkpoint | None, asked: Request, status: int) -> None:
    assert decide(known, Request.read(str(asked).encode())) == status


def test_a_first_checkpoint_of_nothing_has_the_root_of_nothing() -> None:
    wrong = note.write(str(Checkpoint(ORIGIN, 0, bytes(32))), [Signature("a", bytes(4), b"x")])
    assert decide(None, Request(0, (), wrong)) == CONFLICT


Attempt = tuple[int, int, int, int | None]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 12), st.none() | st.integers(0, 20))
    )
)
def test_all_that_is_cosigned_is_one_history(attempts: list[Attempt]) -> None:
    """Whatever is asked in whatever order, of logs that part ways at any entry, with any proofs."""
    known, entries_known = None, list[bytes]()
    for old, size, shared, proof_from in attempts:
        entries = [*LOG[:shared], *leaves(2, 20)][:size]
        proof = None
        if proof_from is not None and 0 < proof_from <= size:
            proof = merkle.prove_consistency(proof_from, size, merkle.hashes_of(merkle.levels(entries)))
        asked = request(old, entries, proof)
        if decide(known, asked) == ACCEPTED:
            assert entries[: len(entries_known)] == entries_known
            known, entries_known = asked.checkpoint, entries


def test_replies_are_read() -> None:
    signature = note.cosignature(Key("w", COSIGNATURE, bytes(32)), 1, bytes(64))
    assert witness.read_signatures(f"{signature}\n{signature}\n".encode()) == [signature, signature]
    assert witness.read_size(witness.write_size(checkpoint(LOG)).encode()) == 9
    assert witness.read_size(witness.write_size(None).encode()) == 0


@pytest.mark.parametrize(
    "reply", [b"", b"\n", b"\xff\n", b"text\n\n\xe2\x80\x94 a AAAAAAA=\n", SIGNED[-12:-1].encode()]
)
def test_what_holds_no_signatures_is_refused(reply: bytes) -> None:
    with pytest.raises(BadRequest):
        witness.read_signatures(reply)


@pytest.mark.parametrize(
    "reply", [b"", b"\n", b"1", b"01\n", b"-1\n", b"1\n\n", b"\xd9\xa1\n", b"9" * 30 + b"\n"]
)
def test_what_holds_no_size_is_refused(reply: bytes) -> None:
    with pytest.raises(BadRequest):
        witness.read_size(reply)
