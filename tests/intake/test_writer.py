"""Many responses, one thread that writes, each told only what is committed."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.intake import sealing
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key
from tera.intake.receipt import Receipt
from tera.intake.submission import Refused, read_json
from tera.intake.tables import Database, Unavailable
from tera.intake.writer import Writer

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
SIGN = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign


def arrival(form: CampaignForm, key: bytes, score: int = 4) -> Arrival:
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    body = json.dumps({"key": text, "answers": dict.fromkeys(form.codes, score)})
    return Arrival.of(form, read_json(body.encode(), form), NOON)


def waiting(database: Database, form: CampaignForm) -> int:
    return sealing.count_waiting(database, [form.code]).get(form.code, 0)


@asynccontextmanager
async def writing(database: Database, **limits: Any) -> AsyncIterator[Writer]:
    running = Writer(database, SIGN, asyncio.get_running_loop(), **limits)
    try:
        yield running
    finally:
        running.stop()


def flood(writer: Writer, form: CampaignForm) -> tuple[list[asyncio.Future[Receipt]], list[str]]:
    """Send five hundred responses without waiting; return what was accepted and why others were refused."""
    accepted, refused = [], []
    for _ in range(500):
        try:
            accepted.append(writer.submit(arrival(form, new_key(NOON))))
        except Unavailable as error:
            refused.append(str(error))
    return accepted, refused


def test_two_hundred_at_once_are_each_stored_once(database: Database, form: CampaignForm) -> None:
    async def story() -> list[Receipt]:
        async with writing(database) as writer:
            return await asyncio.gather(*(writer.submit(arrival(form, new_key(NOON))) for _ in range(200)))

    assert len({receipt.code for receipt in asyncio.run(story())}) == 200
    assert waiting(database, form) == 200


def test_each_is_answered_for_itself(database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)

    async def story() -> list[Receipt | BaseException]:
        async with writing(database) as writer:
            sent = [writer.submit(arrival(form, key, score)) for score in (4, 4, 3)]
            return await asyncio.gather(*sent, return_exceptions=True)

    first, again, other = asyncio.run(story())
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (first.is_new, again.is_new, first.as_json()) == (True, False, again.as_json())
    assert isinstance(other, Refused)
    assert other.status == 409
    assert waiting(database, form) == 1


def test_a_failed_commit_is_told_to_everybody_and_the_next_one_works(
    database: Database, form: CampaignForm, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody breaks the tables and mends them again; the writer opens its connection anew."""

    async def story() -> list[Receipt | BaseException]:
        async with writing(database) as writer:
            await writer.submit(arrival(form, new_key(NOON)))
            with database.transaction() as cursor:
                cursor.run("ALTER TABLE inbox RENAME TO elsewhere")
            lost = [writer.submit(arrival(form, new_key(NOON))) for _ in range(3)]
            told = await asyncio.gather(*lost, return_exceptions=True)
            with database.transaction() as cursor:
                cursor.run("ALTER TABLE elsewhere RENAME TO inbox")
            return [*told, await writer.submit(arrival(form, new_key(NOON)))]

    *told, last = asyncio.run(story())
    assert [type(outcome) for outcome in told] == [Unavailable] * 3
    assert isinstance(last, Receipt)
    assert waiting(database, form) == 2
    assert "elsewhere" not in caplog.text


def test_a_full_queue_refuses_at_once(database: Database, form: CampaignForm) -> None:
    async def story() -> tuple[int, list[str], int]:
        async with writing(database, most_waiting=1) as writer:
            accepted, refused = flood(writer, form)
            receipts = await asyncio.gather(*accepted)
            return len(accepted), refused, len(receipts)

    accepted, refused, stored = asyncio.run(story())
    assert set(refused) == {"too many responses wait to be stored"}
    assert accepted == stored == waiting(database, form)


def test_stopping_stores_what_waits_and_takes_no_more(database: Database, form: CampaignForm) -> None:
    async def story() -> list[Receipt]:
        async with writing(database) as writer:
            futures = [writer.submit(arrival(form, new_key(NOON))) for _ in range(50)]
            writer.stop()
            with pytest.raises(Unavailable, match="has stopped"):
                writer.submit(arrival(form, new_key(NOON)))
            return await asyncio.gather(*futures)

    assert all(receipt.is_new for receipt in asyncio.run(story()))
    assert waiting(database, form) == 50
