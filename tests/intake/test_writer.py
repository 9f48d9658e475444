"""Many responses, one thread that writes, each told only what is committed."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tera.intake import sealing
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, Receipt, new_key
from tera.intake.submission import Refused, read_json
from tera.intake.tables import Database, Unavailable
from tera.intake.writer import Writer

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    running = Writer(database)
    yield running
    running.stop()


def arrival(form: CampaignForm, key: bytes, score: int = 4) -> Arrival:
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    body = json.dumps({"key": text, "answers": dict.fromkeys(form.codes, score)})
    return Arrival.of(form, read_json(body.encode(), form), NOON)


def waiting(database: Database, form: CampaignForm) -> int:
    return sealing.count_waiting(database, [form.code]).get(form.code, 0)


def flood(writer: Writer, form: CampaignForm) -> tuple[list[Future[Receipt]], list[str]]:
    """Send five hundred responses without waiting; return what was accepted and why others were refused."""
    accepted, refused = [], []
    for _ in range(500):
        try:
            accepted.append(writer.submit(arrival(form, new_key(NOON))))
        except Unavailable as error:
            refused.append(str(error))
    return accepted, refused


def test_two_hundred_from_sixteen_clients_are_each_stored_once(
    writer: Writer, database: Database, form: CampaignForm
) -> None:
    keys = [new_key(NOON) for _ in range(200)]
    with ThreadPoolExecutor(16) as clients:
        receipts = list(clients.map(lambda key: writer.submit(arrival(form, key)).result(), keys))
    assert len({receipt.code for receipt in receipts}) == 200
    assert waiting(database, form) == 200


def test_each_is_answered_for_itself(writer: Writer, database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)
    futures = [writer.submit(arrival(form, key, score)) for score in (4, 4, 3)]
    assert [futures[0].result().is_new, futures[1].result().is_new] == [True, False]
    with pytest.raises(Refused, match="used for other answers"):
        futures[2].result()
    assert waiting(database, form) == 1


def test_a_failed_commit_is_told_to_everybody_and_the_next_one_works(
    database: Database, form: CampaignForm
) -> None:
    gone = replace(database, path=database.path and database.path.parent, url=f"{database.url}?port=1")
    broken = Writer(gone)
    futures = [broken.submit(arrival(form, new_key(NOON))) for _ in range(3)]
    for future in futures:
        with pytest.raises(Unavailable):
            future.result()
    broken.stop()
    assert waiting(database, form) == 0


def test_a_full_queue_refuses_at_once(database: Database, form: CampaignForm) -> None:
    small = Writer(database, most_waiting=1)
    with database.transaction() as cursor:
        cursor.run("DELETE FROM comments")  # Whoever holds the database holds up the writer.
        accepted, refused = flood(small, form)
    small.stop()
    assert "too many responses wait to be stored" in refused
    stored = sum(future.exception() is None for future in accepted)
    assert stored == len(accepted) == waiting(database, form)


def test_stopping_stores_what_waits_and_takes_no_more(database: Database, form: CampaignForm) -> None:
    ending = Writer(database)
    futures = [ending.submit(arrival(form, new_key(NOON))) for _ in range(50)]
    ending.stop()
    assert all(future.result().is_new for future in futures)
    assert waiting(database, form) == 50
    with pytest.raises(Unavailable, match="has stopped"):
        ending.submit(arrival(form, new_key(NOON)))
