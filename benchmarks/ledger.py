"""Sealing, proving and looking after: what the ledger costs, in one process on one core."""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tera.engine import merkle, response
from tera.engine.block import root_of, tally_bytes
from tera.engine.catalogue import get_instrument
from tera.engine.response import Response
from tera.intake import inbox
from tera.intake.checking import faults_of
from tera.intake.counting import breakdown_of, tallies_of
from tera.intake.form import CampaignForm
from tera.intake.sealing import seal
from tera.intake.tables import Database, Held

BLOCK, BLOCKS = 100_000, 10
FORM = CampaignForm(
    code="bench",
    unit="sambas",
    instruments=(get_instrument("skm-9"), get_instrument("spak-5-4")),
    services={},
    starts_on=date(2026, 7, 1),
    ends_on=date(2026, 12, 31),
    zone="Asia/Jakarta",
    grace=timedelta(hours=24),
)


def measure() -> dict[str, object]:
    """Return responses a second when hashed, tallied and sealed, a proof, and seconds for a whole look."""
    chance = random.Random(1)
    held = sorted(_held(chance) for _ in range(BLOCK))
    hashed = _seconds(lambda: root_of([commitment for commitment, _, _ in held]))
    tallied = _seconds(lambda: tally_bytes(FORM.code, 1, BLOCK, tallies_of(FORM, held)))
    broken_down = _seconds(lambda: breakdown_of(FORM, held))
    tree = merkle.hashes_of(merkle.levels([merkle.leaf_hash(one) for one, _, _ in held]))
    proofs = _seconds(lambda: [merkle.prove_inclusion(place, BLOCK, tree) for place in range(0, BLOCK, 100)])
    with tempfile.TemporaryDirectory() as folder:
        database, sealed = Database(path=Path(folder) / "responses.db"), 0.0
        database.create()
        for number in range(BLOCKS):
            inbox.put(database, FORM.code, held if number == 0 else [_held(chance) for _ in range(BLOCK)])
            sealed += _seconds(lambda: seal(database, FORM, datetime(2026, 11, 22, tzinfo=UTC), chance))
        faults: list[str] = []
        looked = _seconds(lambda: faults.extend(faults_of(database, FORM)))
    return {
        "hash_and_tally_per_s": round(BLOCK / (hashed + tallied)),
        "hash_tally_and_breakdown_per_s": round(BLOCK / (hashed + tallied + broken_down)),
        "hash_per_s": round(BLOCK / hashed),
        "tally_per_s": round(BLOCK / tallied),
        "seal_in_store_per_s": round(BLOCK * BLOCKS / sealed),
        "inclusion_proof_ms": round(proofs / (BLOCK / 100) * 1000, 4),
        "fsck_responses": BLOCK * BLOCKS,
        "fsck_s": round(looked, 1),
        "fsck_faults": len(faults),
    }


def _held(chance: random.Random) -> Held:
    answers = tuple(chance.randint(1, 4) for _ in FORM.items)
    salt = chance.randbytes(32)
    body = response.encode(Response(FORM.code, 20779, 1, "", (0, 0, 0, 0), False, answers))
    return response.commitment(salt, body), salt, body


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
