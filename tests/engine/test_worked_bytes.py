"""The worked bytes of docs/protocol.md are what the program computes."""

import pathlib
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import block, merkle, note, receipt, response, statement
from tera.engine.note import ED25519, Checkpoint, Key, Signature
from tera.engine.tally import Tally

TEXT = (pathlib.Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
FENCED = TEXT.partition("## 7. Worked bytes")[2].partition("```\n")[2].partition("```")[0]
TOLD = dict(re.findall(r"^(\S.*?) {2,}(\S.*)$", FENCED, re.MULTILINE))
ORIGIN, DAY, CODES = "example.org/ledger", 20780, ("PERSYARATAN", "PROSEDUR")


def key_of(seed: int, name: str) -> tuple[Ed25519PrivateKey, Key]:
    secret = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return secret, Key(name, ED25519, secret.public_key().public_bytes_raw())


def worked() -> dict[str, str]:
    """Return the example, computed."""
    body = bytes.fromhex(TOLD["response"])
    commitments = sorted(response.commitment(bytes([salt]) * 32, body) for salt in (1, 2, 3))
    leaves = [merkle.leaf_hash(one) for one in commitments]
    found = {"response": body.hex()}
    for number, (commitment, leaf) in enumerate(zip(commitments, leaves, strict=True), 1):
        found[f"commitment {number}"], found[f"leaf {number}"] = commitment.hex(), leaf.hex()
    found["node 1, 2"] = merkle.node_hash(leaves[0], leaves[1]).hex()
    found["root of the block"] = block.root_of(commitments).hex()
    tally = block.tally_bytes("demo", 1, 3, {"two": Tally.of(CODES, [(4, 3)] * 3)})
    found["tally"] = tally.decode()
    found["its hash"] = block.tally_hash(bytes([4]) * 32, tally).hex()
    entry = statement.encode(
        {
            "kind": "sealed",
            "id": "sealed/demo/1",
            "campaign": "demo",
            "block": 1,
            "count": 3,
            "root": found["root of the block"],
            "tally": found["its hash"],
        }
    )
    found["entry"], found["its leaf"] = entry.decode(), merkle.leaf_hash(entry).hex()
    secret, key = key_of(5, ORIGIN)
    checkpoint = str(Checkpoint(ORIGIN, 1, merkle.leaf_hash(entry)))
    found["key"], found["checkpoint"] = str(key), checkpoint.replace("\n", "\\n")
    found["signed by"] = str(Signature(ORIGIN, key.id, secret.sign(checkpoint.encode())))
    receipts, receipt_key = key_of(6, f"{ORIGIN}/receipts")
    signed = receipt.message(commitments[0], "demo", DAY)
    found["receipt key"], found["receipt"] = str(receipt_key), signed.hex()
    found["its signature"] = receipts.sign(signed).hex()
    found["its code"] = response.receipt_code(commitments[0])
    return found


def test_what_is_told_is_what_is_computed() -> None:
    assert worked() == TOLD


def test_the_note_is_one_that_can_be_read() -> None:
    text = TOLD["checkpoint"].replace("\\n", "\n")
    read, [signature] = note.read(f"{text}\n{TOLD['signed by']}\n")
    assert (read, str(signature)) == (text, TOLD["signed by"])
