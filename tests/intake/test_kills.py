"""What was acknowledged is stored, once, whoever is killed in the middle of the work."""

import os
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key, put, submit_many
from tera.intake.receipt import Receipt
from tera.intake.submission import base64url, read_json
from tera.intake.tables import Database
from tests.intake.kills.audit import compare, look
from tests.intake.kills.crowd import Crowd, sheet
from tests.intake.kills.processes import CARELESS, Postgres, Victim
from tests.intake.kills.rounds import own_postgres, processes_on, run
from tests.tampering import tamper

MOST_ROUNDS = 8


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres | None]:
    """Yield a PostgreSQL that may be killed in that pass of `make test`, else None: then a file is used."""
    if not os.environ.get("TERA_DATABASE_URL"):
        yield None
        return
    with own_postgres() as server:
        yield server


def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(postgres: Postgres | None) -> None:
    seed = random.randrange(10**6)
    with processes_on(postgres) as processes:
        tally = run(processes, len(processes.victims), random.Random(seed))
    assert tally.is_clean, (seed, str(tally), tally.faults)
    assert all(tally.kills[victim] for victim in processes.victims)


def test_a_writer_that_tells_before_it_stores_is_caught(postgres: Postgres | None) -> None:
    """The control: the same kills, the same comparison, an unsafe writer; only a kill brings it to light."""
    victim = Victim.WRITER if postgres is None else Victim.DATABASE
    with processes_on(postgres, CARELESS) as processes:
        assert run(processes, 0, random.Random(1)).is_clean
    for seed in range(MOST_ROUNDS):
        with processes_on(postgres, CARELESS) as processes:
            if run(processes, 1, random.Random(seed), [victim]).lost:
                return
    pytest.fail("it lost nothing, or nobody saw it")


def acknowledged(database: Database, form: CampaignForm) -> Crowd:
    """Return a crowd of one, who answered and was given a receipt."""
    crowd, at = Crowd(0, form.code), datetime(2026, 11, 22, 5, tzinfo=UTC)
    key = base64url(new_key(at))
    arrival = Arrival.of(form, read_json(sheet(key).encode(), form), at)
    with closing(database.connect()) as connection:
        [receipt] = submit_many(connection, [arrival], lambda _: bytes(64))
    assert isinstance(receipt, Receipt)
    crowd.sent.append(key)
    crowd.receipts[key] = receipt.as_json()
    return crowd


def test_a_response_that_is_gone_is_seen(database: Database, form: CampaignForm) -> None:
    crowd = acknowledged(database, form)
    found = compare(crowd, look(database, form.code))
    assert (found.lost, found.doubled, found.faults) == ([], 0, [])
    with database.transaction() as cursor:
        cursor.run("DELETE FROM inbox")
    found = compare(crowd, look(database, form.code))
    assert found.lost == crowd.sent
    assert "1 keys have no response" in found.faults


def test_a_response_that_counts_twice_is_seen(database: Database, form: CampaignForm) -> None:
    crowd = acknowledged(database, form)
    with database.transaction(writes=False) as cursor:
        [(commitment, salt, body)] = cursor.rows("SELECT commitment, salt, body FROM inbox")
    put(database, "elsewhere", [(commitment, salt, body)])
    assert compare(crowd, look(database, form.code)).doubled == 1


def test_another_receipt_for_the_same_key_is_seen(database: Database, form: CampaignForm) -> None:
    crowd = acknowledged(database, form)
    tamper(database, "UPDATE keys SET commitment = ?", (bytes(32),))
    found = compare(crowd, look(database, form.code))
    assert (found.lost, found.doubled) == (crowd.sent, 1)


def test_a_count_of_devices_out_of_step_is_seen(database: Database, form: CampaignForm) -> None:
    crowd = acknowledged(database, form)
    tamper(database, "UPDATE counters SET n = n + 1 WHERE kind = 'device'")
    assert compare(crowd, look(database, form.code)).faults == [
        "1 devices more are counted than keys are stored"
    ]
