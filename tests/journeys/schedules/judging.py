"""What phones were told against what is stored: each answer once, and each receipt right."""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tera.engine.receipt import message
from tera.intake.form import day_number
from tera.intake.signing import read_key
from tera.intake.submission import base64url
from tera.intake.tables import Database

RECEIPT = re.compile(r"[a-z0-9-]+\.\d{4}-\d\d-\d\d\.[\w-]{43}\.[\w-]{86}")


@dataclass
class Told:
    """What one schedule leaves behind; a mark is the comment of one person.

    `sealed` has the mark of each client key that lay in the queue, `receipts` all that anybody could see.
    """

    name: str
    told: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    sealed: Mapping[str, str] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stored:
    """What an intake holds: the commitment of each client key, and how often each mark is there."""

    commitments: Mapping[str, bytes]
    marks: Counter[str]
    home: Path


def look(home: Path) -> Stored:
    with Database(path=home / "responses.db").transaction(writes=False) as cursor:
        keys = cursor.rows(
            "SELECT client_key, commitment FROM keys WHERE commitment IN"
            " (SELECT commitment FROM inbox UNION ALL SELECT commitment FROM sealed)"
        )
        marks = Counter(text for (text,) in cursor.rows("SELECT comment FROM comments"))
    return Stored({base64url(bytes(key)): bytes(commitment) for key, commitment in keys}, marks, home)


def faults(said: Told, stored: Stored) -> Iterator[str]:
    """Yield what is wrong: lost, counted twice, or a receipt that nobody saw or that does not hold."""
    for mark in said.told | {*said.sealed.values()}:
        if stored.marks[mark] == 0:
            yield f"lost: {mark}"
    for mark in said.pressed:
        if stored.marks[mark] > 1:
            yield f"counted {stored.marks[mark]} times: {mark}"
    for receipt in said.receipts:
        if not holds(receipt, stored.home):
            yield f"a receipt that does not hold: {receipt}"
    seen = {_decoded(receipt.split(".")[2]) for receipt in said.receipts if RECEIPT.fullmatch(receipt)}
    for key, mark in said.sealed.items():
        if key not in stored.commitments:
            yield f"lost: the key of {mark}"
        elif stored.commitments[key] not in seen:
            yield f"a receipt that nobody saw: {mark}"


def holds(receipt: str, home: Path) -> bool:
    """Say whether the installation signed this; its signatures are deterministic."""
    if not RECEIPT.fullmatch(receipt):
        return False
    campaign, day, commitment, signature = receipt.split(".")
    number = day_number(date.fromisoformat(day))
    return signature == base64url(
        read_key(home / "receipt.key").sign(message(_decoded(commitment), campaign, number))
    )


def compact_of(proof: str) -> str:
    """Return a receipt as its QR code has it; what is none, as it is."""
    try:
        said = json.loads(proof)
    except ValueError:
        return proof
    commitment = base64url(bytes.fromhex(said["commitment"]))
    return f"{said['campaign']}.{said['day']}.{commitment}.{said['signature']}"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
