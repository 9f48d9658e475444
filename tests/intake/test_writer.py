"""Many responses, one process that writes, each told only what is committed."""

import asyncio
import base64
import json
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tera.intake.blocks import count_waiting
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key
from tera.intake.queue import SECONDS_TO_STORE, Queue
from tera.intake.receipt import Outcome, Receipt, Refusal
from tera.intake.submission import read_json
from tera.intake.tables import Database, Unavailable

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def arrival(form: CampaignForm, key: bytes, score: int = 4) -> Arrival:
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    body = json.dumps({"key": text, "answers": dict.fromkeys(form.codes, score)})
    return Arrival.of(form, read_json(body.encode(), form), NOON)


def waiting(database: Database, form: CampaignForm) -> int:
    return count_waiting(database, [form.code]).get(form.code, 0)


Running = Callable[..., AbstractAsyncContextManager[Queue]]


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    """Return a deed: let a queue run with a writer of its own, then stop it."""

    @asynccontextmanager
    async def run(**options: Any) -> AsyncIterator[Queue]:
        queue = Queue(database, tmp_path / "receipt.key", asyncio.get_running_loop(), **options)
        try:
            yield queue
        finally:
            queue.stop()

    return run


def flood(queue: Queue, form: CampaignForm) -> tuple[list[asyncio.Future[Outcome]], list[str]]:
    """Send five hundred responses without waiting; return what was accepted and why others were refused."""
    accepted, refused = [], []
    for _ in range(500):
        try:
            accepted.append(queue.submit(arrival(form, new_key(NOON))))
        except Unavailable as error:
            refused.append(str(error))
    return accepted, refused


def test_two_hundred_at_once_are_each_stored_once(
    running: Running, database: Database, form: CampaignForm
) -> None:
    async def story() -> list[Outcome]:
        async with running() as queue:
            return await asyncio.gather(*(queue.submit(arrival(form, new_key(NOON))) for _ in range(200)))

    assert len({receipt.code for receipt in asyncio.run(story()) if isinstance(receipt, Receipt)}) == 200
    assert waiting(database, form) == 200


def test_each_is_answered_for_itself(running: Running, database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)

    async def story() -> list[Outcome | BaseException]:
        async with running() as queue:
            sent = [queue.submit(arrival(form, key, score)) for score in (4, 4, 3)]
            return await asyncio.gather(*sent, return_exceptions=True)

    first, again, other = asyncio.run(story())
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (first.is_new, again.is_new, first.as_json()) == (True, False, again.as_json())
    assert other is Refusal.OTHER_ANSWERS
    assert waiting(database, form) == 1


def test_a_failed_commit_is_told_to_everybody_and_the_next_one_works(
    running: Running, database: Database, form: CampaignForm, capfd: pytest.CaptureFixture[str]
) -> None:
    """Somebody breaks the tables and mends them again; the writer opens its connection anew."""

    async def story() -> list[Outcome | BaseException]:
        async with running() as queue:
            await queue.submit(arrival(form, new_key(NOON)))
            with database.transaction() as cursor:
                cursor.run("ALTER TABLE inbox RENAME TO elsewhere")
            lost = [queue.submit(arrival(form, new_key(NOON))) for _ in range(3)]
            told = await asyncio.gather(*lost, return_exceptions=True)
            with database.transaction() as cursor:
                cursor.run("ALTER TABLE elsewhere RENAME TO inbox")
            return [*told, await queue.submit(arrival(form, new_key(NOON)))]

    *told, last = asyncio.run(story())
    assert [type(outcome) for outcome in told] == [Unavailable] * 3
    assert isinstance(last, Receipt)
    assert waiting(database, form) == 2
    assert "inbox" in capfd.readouterr().err


def test_a_full_queue_refuses_at_once(running: Running, database: Database, form: CampaignForm) -> None:
    async def story() -> tuple[int, list[str], int]:
        async with running(most_waiting=1) as queue:
            accepted, refused = flood(queue, form)
            receipts = await asyncio.gather(*accepted)
            return len(accepted), refused, len(receipts)

    accepted, refused, stored = asyncio.run(story())
    assert set(refused) == {"too many responses wait to be stored"}
    assert accepted == stored == waiting(database, form)


def test_stopping_stores_what_waits_and_takes_no_more(
    running: Running, database: Database, form: CampaignForm
) -> None:
    async def story() -> list[Outcome]:
        async with running() as queue:
            futures = [queue.submit(arrival(form, new_key(NOON))) for _ in range(50)]
            queue.stop()
            with pytest.raises(Unavailable, match="has stopped"):
                queue.submit(arrival(form, new_key(NOON)))
            return await asyncio.gather(*futures)

    assert all(isinstance(outcome, Receipt) for outcome in asyncio.run(story()))
    assert waiting(database, form) == 50


def test_a_writer_that_is_killed_is_started_again_and_the_answers_may_be_sent_again(
    running: Running, database: Database, form: CampaignForm
) -> None:
    sent = [arrival(form, new_key(NOON)) for _ in range(300)]

    async def story() -> tuple[list[Outcome | BaseException], list[Outcome]]:
        async with running() as queue:
            futures = [queue.submit(one) for one in sent]
            os.kill(queue._process, signal.SIGKILL)
            told = await asyncio.gather(*futures, return_exceptions=True)
            with pytest.raises(Unavailable, match="the writer starts again"):
                queue.submit(sent[0])
            assert queue._restarting is not None
            await queue._restarting
            return told, await asyncio.gather(*map(queue.submit, sent))

    told, again = asyncio.run(story())
    assert any(isinstance(outcome, Unavailable) for outcome in told)
    assert all(isinstance(outcome, Receipt | Unavailable) for outcome in told)
    assert all(isinstance(outcome, Receipt) for outcome in again)
    assert waiting(database, form) == 300


def test_a_writer_that_stalls_is_given_up_and_still_stores_what_it_has(
    running: Running, database: Database, form: CampaignForm
) -> None:
    sent = [arrival(form, new_key(NOON)) for _ in range(400)]

    async def story() -> list[Outcome | BaseException]:
        async with running() as queue:
            os.kill(queue._process, signal.SIGSTOP)
            futures = [queue.submit(one) for one in sent]
            queue.give_up_the_old()
            assert not any(future.done() for future in futures)
            queue._waiting = deque(
                (one, future, since - SECONDS_TO_STORE) for one, future, since in queue._waiting
            )
            queue.give_up_the_old()
            os.kill(queue._process, signal.SIGCONT)
            return await asyncio.gather(*futures, return_exceptions=True)

    assert all(isinstance(outcome, Unavailable) for outcome in asyncio.run(story()))
    assert waiting(database, form) == 400


def test_stopping_takes_what_a_busy_writer_still_says(
    running: Running, database: Database, form: CampaignForm
) -> None:
    """More letters and records than the socket holds: neither end may wait for the other."""
    long = "x" * 900
    sent = [replace(arrival(form, new_key(NOON)), comment=long) for _ in range(3000)]

    async def story() -> list[Outcome]:
        async with running(most_waiting=5000) as queue:
            os.kill(queue._process, signal.SIGSTOP)
            futures = [queue.submit(one) for one in sent]
            await asyncio.sleep(0)
            threading.Timer(0.2, os.kill, (queue._process, signal.SIGCONT)).start()
            queue.stop()
            return await asyncio.gather(*futures)

    assert all(isinstance(outcome, Receipt) for outcome in asyncio.run(story()))
    assert waiting(database, form) == 3000


def test_a_writer_without_a_key_does_not_start_and_says_why(
    running: Running, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "receipt.key").write_text("no key")

    async def story() -> None:
        async with running():
            pass

    with pytest.raises(Unavailable, match="cannot start"):
        asyncio.run(story())
    assert "does not hold a private key" in capfd.readouterr().err
