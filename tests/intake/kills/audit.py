"""What was told against what is stored: nothing acknowledged is lost, and nothing counts twice."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace

from tera.engine import response
from tera.intake.blocks import count_waiting, list_blocks
from tera.intake.submission import base64url
from tera.intake.tables import Database
from tests.intake.kills.crowd import Crowd

MOST_NAMED = 5


@dataclass(frozen=True)
class Stored:
    """What lies in the tables: the commitment of each client key, and how often each response is there."""

    commitments: dict[str, bytes]
    responses: Counter[bytes]
    counted: int  # what the blocks and the count of those that wait add up to
    devices: int  # what is counted of the devices that they came from adds up to
    damage: str

    def since(self, before: "Stored") -> "Stored":
        """Return what was added to a database that held responses without keys before, invented ones."""
        return replace(
            self, responses=self.responses - before.responses, counted=self.counted - before.counted
        )


@dataclass(frozen=True)
class Finding:
    """What is wrong."""

    lost: list[str]
    doubled: int
    faults: list[str]


def look(database: Database, campaign: str) -> Stored:
    """Return what is stored; a response counts if its bytes are those that its commitment commits to."""
    with database.transaction(writes=False) as cursor:
        keys = cursor.rows("SELECT client_key, commitment FROM keys")
        rows = cursor.rows(
            "SELECT commitment, salt, body FROM inbox UNION ALL SELECT commitment, salt, body FROM sealed"
        )
    whole = Counter(
        bytes(commitment)
        for commitment, salt, body in rows
        if response.commitment(bytes(salt), bytes(body)) == bytes(commitment)
    )
    in_blocks = sum(block.responses for block in list_blocks(database, [campaign]))
    counted = in_blocks + count_waiting(database, [campaign]).get(campaign, 0)
    commitments = {base64url(bytes(key)): bytes(commitment) for key, commitment in keys}
    return Stored(commitments, whole, counted, _devices(database), _damage(database))


def compare(crowd: Crowd, stored: Stored) -> Finding:
    """Say what the crowd was told and is not so."""
    told = {key: bytes.fromhex(json.loads(body)["commitment"]) for key, body in crowd.receipts.items()}
    lost = [
        key
        for key, commitment in told.items()
        if stored.commitments.get(key) != commitment or commitment not in stored.responses
    ]
    named = set(stored.commitments.values())
    twice = stored.responses.total() - len(stored.responses)
    ownerless = len(stored.responses.keys() - named)
    faults = [*crowd.surprises, *_faults(crowd, stored)]
    faults += [f"{key} was acknowledged and is lost" for key in lost[:MOST_NAMED]]
    return Finding(lost, twice + ownerless, faults)


def _faults(crowd: Crowd, stored: Stored) -> list[str]:
    """Return what must be so whatever was told."""
    commitments = stored.commitments
    found = {
        "keys are stored that nobody sent": len(commitments.keys() - set(crowd.sent)),
        "keys have no response": len(set(commitments.values()) - stored.responses.keys()),
        "keys share a response": len(commitments) - len(set(commitments.values())),
        "responses more are counted than stored": stored.counted - stored.responses.total(),
        "devices more are counted than keys are stored": stored.devices - len(commitments),
    }
    damage = [f"the file is damaged: {stored.damage}"] if stored.damage else []
    return [f"{count} {fault}" for fault, count in found.items() if count] + damage


def _devices(database: Database) -> int:
    """Return of how many arrivals the device is counted, before and after a block took the count with it."""
    with database.transaction(writes=False) as cursor:
        counts = [
            count
            for table in ("counters", "paradata")
            for (count,) in cursor.rows(f"SELECT n FROM {table} WHERE kind = 'device'")  # noqa: S608
        ]
    return sum(counts)


def _damage(database: Database) -> str:
    """Return what SQLite finds wrong with the file, or nothing; PostgreSQL looks by itself when it starts."""
    if database.path is None:
        return ""
    with closing(sqlite3.connect(database.path)) as file:
        said = "; ".join(line for (line,) in file.execute("PRAGMA quick_check"))
    return "" if said == "ok" else said
