"""How people answered is counted in step with their responses, and lies beside none; on both databases."""

import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from tera.engine.disclosure import K
from tera.engine.ticket import OPEN_LINK, TICKET
from tera.intake import tickets
from tera.intake.checking import faults_of
from tera.intake.erasing import forget
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key, submit_many
from tera.intake.paradata import (
    COMPUTER,
    DELAY,
    DEVICE,
    DURATION,
    OTHER,
    PHONE,
    TABLET,
    UNKNOWN,
    delay_of,
    device_of,
    list_paradata,
)
from tera.intake.receipt import Outcome, Refusal
from tera.intake.sealing import seal
from tera.intake.submission import base64url, read_fields, read_json
from tera.intake.tables import Database
from tera.intake.wallet import Ticket
from tera.intake.wire import letter, take_letters

NOON, OVER = datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0 "
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "


def sent(form: CampaignForm, user_agent: str = "", at: datetime = NOON, **said: object) -> Arrival:
    """Return what arrives from a browser, with whatever else its page said."""
    body = {"key": base64url(new_key(at)), "answers": dict.fromkeys(form.codes, 4), **said}
    return Arrival.of(form, read_json(json.dumps(body).encode(), form), at, device_of(user_agent))


def store(database: Database, arrivals: list[Arrival]) -> list[Outcome]:
    """Let arrivals go the way of the writer: as letters, then in one transaction."""
    with closing(database.connect()) as connection:
        letters = bytearray(b"".join(map(letter, arrivals)))
        return submit_many(connection, take_letters(letters, len(arrivals)), lambda _: bytes(64))


def counted(database: Database) -> dict[str, Counter[str]]:
    """Return what is counted and went with no block yet, which nobody else looks at."""
    found: dict[str, Counter[str]] = {}
    with database.transaction(writes=False) as cursor:
        for kind, code, n in cursor.rows("SELECT kind, code, n FROM counters"):
            found.setdefault(kind, Counter())[code] += n
    return found


def test_a_phone_answers_in_45_seconds_and_nothing_of_it_lies_beside_the_response(
    database: Database, form: CampaignForm
) -> None:
    store(database, [sent(form, ANDROID + "Mobile Safari/537.36", duration="30-59"), sent(form, MAC)])
    with database.transaction(writes=False) as cursor:
        lying = {
            table: cursor.rows(f"SELECT * FROM {table}")  # noqa: S608
            for table in ("keys", "inbox", "comments", "redemptions")
        }
    _, _, _, body = zip(*lying["inbox"], strict=True)
    assert len(set(map(bytes, body))) == 1  # what either of them said is the same to the last byte
    assert [len(lying[table]) for table in lying] == [2, 2, 0, 0]
    assert counted(database) == {DEVICE: {PHONE: 1, COMPUTER: 1}, DURATION: {"30-59": 1, UNKNOWN: 1}}


def test_counts_arrive_with_the_block_and_not_before(database: Database, form: CampaignForm) -> None:
    store(database, [sent(form, ANDROID + "Mobile", duration="60-179") for _ in range(3 * K - 1)])
    assert seal(database, form, NOON, random.Random(1)) is None
    assert list_paradata(database, [form.code]) == {}
    store(database, [sent(form, MAC)])
    block = seal(database, form, NOON, random.Random(1))
    assert block is not None
    assert (
        block.responses == K
    )  # others are held back, and yet counted: these are arrivals, not its responses
    both = {DEVICE: {PHONE: 29, COMPUTER: 1}, DURATION: {"60-179": 29, UNKNOWN: 1}}
    assert list_paradata(database, [form.code, "other"]) == {form.code: both}
    assert counted(database) == {}
    assert list(faults_of(database, form)) == []
    store(database, [sent(form, MAC) for _ in range(K)])
    assert seal(database, form, NOON, random.Random(1)) is not None
    assert list_paradata(database, [form.code])[form.code][DEVICE] == {PHONE: 29, COMPUTER: 11}
    assert list_paradata(database, []) == {}


def test_fewer_than_k_wait_for_a_block_and_are_dropped_with_the_last(
    database: Database, form: CampaignForm
) -> None:
    holder = sent(replace(form, levels=(OPEN_LINK, TICKET)), MAC, ticket="0" * 26)
    about = Ticket("tickets/1", form.unit, "", date(2026, 12, 1), date(2026, 11, 22))
    tickets.issue(database, about, [holder.ticket])
    store(database, [holder, *(sent(form, MAC) for _ in range(4 * K))])
    assert seal(database, form, NOON, random.Random(1)) is not None
    assert counted(database) == {DELAY: {"0": 1}}  # one holder of a ticket is too few to tell of
    store(database, [sent(form, ANDROID) for _ in range(K - 1)])
    assert seal(database, form, OVER, random.Random(1)) is not None
    assert list_paradata(database, [form.code])[form.code] == {
        DEVICE: {COMPUTER: 4 * K + 1},
        DURATION: {UNKNOWN: 4 * K + 1},
    }
    assert counted(database) == {}


def test_what_is_sent_again_or_refused_is_not_counted(database: Database, form: CampaignForm) -> None:
    first = sent(form, MAC, duration="0-29")
    again = replace(first, device=PHONE, duration="600+")
    other = replace(first, body=first.body[:-1] + b"\x03")
    late = replace(sent(form, MAC), is_open=False)
    outcomes = [*store(database, [first, again]), *store(database, [again, other, late])]
    assert outcomes[3:] == [Refusal.OTHER_ANSWERS, Refusal.CLOSED]
    assert counted(database) == {DEVICE: {COMPUTER: 1}, DURATION: {"0-29": 1}}
    store(database, [again])
    assert counted(database) == {DEVICE: {COMPUTER: 1}, DURATION: {"0-29": 1}}


def in_step(database: Database) -> int:
    """Return how many responses are stored, which is of how many devices and durations are counted."""
    with database.transaction(writes=False) as cursor:
        [(stored,)] = cursor.rows("SELECT COUNT(*) FROM keys")
        sums = dict(cursor.rows("SELECT kind, SUM(n) FROM counters GROUP BY kind"))
    assert not stored or sums == {DEVICE: stored, DURATION: stored}
    return int(stored)


def write_without_pause(database: Database, form: CampaignForm) -> None:
    chance = random.Random(3)
    while True:
        agents = chance.choices((MAC, ANDROID, ANDROID + "Mobile"), k=chance.randrange(1, 20))
        store(database, [sent(form, agent) for agent in agents])


def test_a_writer_that_is_killed_leaves_counts_and_responses_in_step(
    database: Database, form: CampaignForm
) -> None:
    stored = 0
    for _ in range(6):
        writer = multiprocessing.get_context("fork").Process(
            target=write_without_pause, args=(database, form), daemon=True
        )
        writer.start()
        while in_step(database) < stored + 40:
            time.sleep(0.001)
        writer.kill()
        writer.join()
        stored = in_step(database)


def test_many_who_write_at_once_lose_no_count(database: Database, form: CampaignForm) -> None:
    batches = [[sent(form, MAC), sent(form, ANDROID), sent(form)] for _ in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda batch: store(database, batch), batches))
    assert counted(database)[DEVICE] == {COMPUTER: 40, TABLET: 40, OTHER: 40}


@pytest.mark.parametrize("code", ["45", "30–59", "x" * 500, "", None, 45, ["30-59"], {"30-59": 1}, True])
def test_a_duration_that_is_none_of_ours_is_unknown_and_refuses_nobody(
    database: Database, form: CampaignForm, code: object
) -> None:
    store(database, [sent(form, duration=code)])
    assert counted(database)[DURATION] == {UNKNOWN: 1}


def test_a_page_without_a_script_says_no_duration(form: CampaignForm) -> None:
    assert read_fields(dict.fromkeys(form.codes, "4"), form).duration == UNKNOWN


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (ANDROID + "Mobile Safari/537.36", PHONE),
        (ANDROID + "Safari/537.36", TABLET),
        ("Mozilla/5.0 (Android 13; Mobile; rv:119.0) Gecko/119.0 Firefox/119.0", PHONE),
        ("Mozilla/5.0 (Android 13; Tablet; rv:119.0) Gecko/119.0 Firefox/119.0", TABLET),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) Version/16.6 Mobile/15E148 Safari/604.1",
            PHONE,
        ),
        ("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Version/12.1 Mobile/15E148 Safari/604.1", TABLET),
        ("Opera/9.80 (Android; Opera Mini/36.2.2254/191.249; U; id) Presto/2.12 Version/12.16", PHONE),
        (MAC + "Safari/605.1.15", COMPUTER),  # an iPad says the same
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko", COMPUTER),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/119.0 Safari/537.36", COMPUTER),
        ("curl/8.4.0", OTHER),
        ("", OTHER),
    ],
)
def test_a_browser_says_what_it_runs_on(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


Use = Callable[[date | None, datetime], Outcome]


@pytest.fixture
def use(database: Database, form: CampaignForm) -> Use:
    """Return a deed: use a ticket of a batch that was issued on a day, if that is known, at a time."""
    numbers, asked = count(1), replace(form, levels=(OPEN_LINK, TICKET))

    def use_one(issued_on: date | None, at: datetime) -> Outcome:
        number = next(numbers)
        arrival = sent(asked, at=at, ticket=f"{number:026}")
        about = Ticket(f"tickets/{number}", form.unit, "", date(2026, 12, 6), issued_on)
        tickets.issue(database, about, [arrival.ticket])
        [outcome] = store(database, [arrival])
        return outcome

    return use_one


def test_of_a_ticket_the_days_from_issue_to_use_are_counted_without_it(database: Database, use: Use) -> None:
    for days in (0, 1, 2, 3, 4, 7, 8, 14):
        use(date(2026, 11, 22), NOON + timedelta(days=days))
    evening = datetime(2026, 11, 22, 18, tzinfo=UTC)  # the next day in Sambas
    use(date(2026, 11, 22), evening)
    assert counted(database)[DELAY] == {"0": 1, "1": 2, "2-3": 2, "4-7": 2, "8-14": 2}
    assert use(date(2026, 11, 22), NOON + timedelta(days=15)) is Refusal.EXPIRED_TICKET
    use(None, NOON)  # of before November 2026
    assert counted(database)[DELAY].total() == 9
    assert delay_of(15) == "15+"


def test_tables_of_before_are_added_and_what_lies_there_stays(database: Database, form: CampaignForm) -> None:
    store(database, [sent(form, MAC) for _ in range(3 * K)])
    assert seal(database, form, NOON, random.Random(1)) is not None
    with database.transaction() as cursor:
        for table in ("counters", "paradata", "batches"):
            cursor.run(f"DROP TABLE {table}")
    database.create()
    assert list_paradata(database, [form.code]) == {}
    store(database, [sent(form, ANDROID) for _ in range(K)])
    assert seal(database, form, NOON, random.Random(1)) is not None
    assert list_paradata(database, [form.code])[form.code][DEVICE] == {TABLET: K}
    assert list(faults_of(database, form)) == []


def test_what_is_forgotten_is_not_counted_either(database: Database, form: CampaignForm) -> None:
    store(database, [sent(form, MAC) for _ in range(3 * K)])
    seal(database, form, NOON, random.Random(1))
    store(database, [sent(form, MAC)])
    forget(database, form.code)
    assert (counted(database), list_paradata(database, [form.code])) == ({}, {})
