"""Blocks of at least k, with a random hold-back of 2k, so that no number is about a few people."""

import json
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import response
from tera.engine.breakdown import Spread, without
from tera.engine.disclosure import K
from tera.engine.response import Response
from tera.engine.tally import Tally
from tera.intake import inbox
from tera.intake.blocks import count_waiting, list_blocks, list_breakdowns, list_ended
from tera.intake.checking import faults_of
from tera.intake.counting import strata_of
from tera.intake.cursor import Cursor
from tera.intake.exporting import list_answers
from tera.intake.form import CampaignForm
from tera.intake.sealing import choose, seal
from tera.intake.tables import Database, Held
from tests.tampering import tamper

OPEN, OVER = datetime(2026, 11, 22, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
Answer = Callable[[int], None]


def held(
    form: CampaignForm, chance: random.Random, day: int = 20779, channel: int = 1, service: str = ""
) -> Held:
    answers = tuple(chance.randint(1, 4) for _ in form.items)
    salt = chance.randbytes(32)
    body = response.encode(Response(form.code, day, channel, service, (0, 0, 0, 0), False, answers))
    return response.commitment(salt, body), salt, body


@pytest.fixture
def answer(database: Database, form: CampaignForm) -> Answer:
    """Return a deed: so many people answer."""
    chance = random.Random(5)
    return lambda count: inbox.put(database, form.code, [held(form, chance) for _ in range(count)])


@given(st.sets(st.binary(min_size=4, max_size=4), max_size=80), st.booleans(), st.integers())
def test_a_block_holds_none_or_at_least_k_and_leaves_none_or_twice_k(
    commitments: set[bytes], is_last: bool, seed: int
) -> None:
    waiting = [(commitment, b"", b"") for commitment in commitments]
    chosen = choose(waiting, is_last=is_last, generator=random.Random(seed))
    left = len(waiting) - len(chosen)
    assert chosen == sorted(chosen)
    assert set(chosen) <= set(waiting)
    if is_last:
        assert left == 0
    elif chosen:
        assert len(chosen) >= K
        assert left == 2 * K
    else:
        assert len(waiting) < 3 * K


def test_the_first_block_waits_for_three_times_k(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(3 * K - 1)
    assert seal(database, form, OPEN, random.Random(1)) is None
    answer(1)
    block = seal(database, form, OPEN, random.Random(1))
    assert block is not None
    assert (block.number, block.kind, block.responses, block.is_last) == (1, "SEALED", K, False)
    assert seal(database, form, OPEN, random.Random(1)) is None


def test_blocks_add_up_to_all_answers(database: Database, form: CampaignForm, answer: Answer) -> None:
    for count in (35, 0, 14, 31):
        answer(count)
        seal(database, form, OPEN, random.Random(count))
    last = seal(database, form, OVER, random.Random(9))
    assert last is not None
    assert last.is_last
    blocks = list_blocks(database, [form.code])
    assert [block.number for block in blocks] == list(range(1, len(blocks) + 1))
    assert sum(block.responses for block in blocks) == 80
    assert count_waiting(database, [form.code]) == {}
    rows = list_answers(database, form.code, random.Random(1))
    places = {instrument.id: place for instrument, place in form.slices()}
    for instrument in form.instruments:
        whole = Tally.of(instrument.codes, [row[places[instrument.id]] for row in rows])
        pooled = sum((block.tallies[instrument.id] for block in blocks[1:]), blocks[0].tallies[instrument.id])
        assert pooled == whole


def test_breakdowns_of_blocks_add_up(database: Database, form: CampaignForm, answer: Answer) -> None:
    for count in (35, 31):
        answer(count)
        seal(database, form, OPEN, random.Random(count))
    seal(database, form, OVER, random.Random(9))
    parts = [breakdown for _, _, breakdown in list_breakdowns(database, [form.code])]
    whole = sum(parts[1:], parts[0])
    assert len(parts) == 3
    assert (whole.channels.total(), whole.services, whole.not_free) == (66, {"": 66}, 0)
    assert whole.profile["sex"] == {"": 66}
    rows = list_answers(database, form.code, random.Random(1))
    for instrument, place in form.slices():
        given = [bytes(score or 0 for score in row[place]) for row in rows]
        assert whole.spreads[instrument.id].means == Spread.of(instrument, given).means
        assert whole.spreads[instrument.id].products == Spread.of(instrument, given).products
        assert whole.by_service[""][instrument.id] == Tally.of(instrument.codes, [row[place] for row in rows])


def test_strata_of_a_block_are_who_came_for_a_service_in_a_month_by_a_channel(
    database: Database, form: CampaignForm
) -> None:
    chance, september = random.Random(3), 20_711  # the 15th
    rows = {
        about: [held(form, chance, *about) for _ in range(count)]
        for about, count in {
            (september, 1, "PASPOR"): 8,
            (september + 10, 1, "PASPOR"): 4,
            (september + 40, 1, "PASPOR"): 5,
            (september, 2, ""): 6,
        }.items()
    }
    everybody = [row for some in rows.values() for row in some]
    inbox.put(database, form.code, everybody)
    assert seal(database, form, OVER, random.Random(1)) is not None
    [(_, _, found)] = list_breakdowns(database, [form.code])
    assert {stratum: means["skm-9"].total() for stratum, means in found.strata.items()} == {
        ("PASPOR", "2026-09", "WEB"): 12,
        ("PASPOR", "2026-10", "WEB"): 5,
        ("", "2026-09", "QR"): 6,
    }
    assert found.is_stratified
    excluded, left = everybody[5:15], everybody[:5] + everybody[15:]
    assert without(found.strata, strata_of(form, excluded)) == strata_of(form, left)


def test_a_block_of_before_there_were_strata_is_no_fault(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(40)
    assert seal(database, form, OPEN, random.Random(1)) is not None
    [(_, _, found)] = list_breakdowns(database, [form.code])
    before = {name: value for name, value in found.as_values().items() if name != "strata"}
    wrong = {**before, "strata": [["", "2026-11", "WEB", {"skm-9": {"4": 20}}]]}
    for kept, faults in ((before, 0), (wrong, 1)):
        tamper(database, "UPDATE blocks SET breakdown = ?", (json.dumps(kept),))
        assert len(list(faults_of(database, form))) == faults


def test_a_campaign_with_fewer_than_k_gets_a_count_and_no_tally(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(K - 1)
    seal(database, form, OVER, random.Random(1))
    [block] = list_blocks(database, [form.code])
    assert (block.responses, block.tallies, block.is_last) == (K - 1, {}, True)


def test_a_closed_campaign_is_sealed_once(database: Database, form: CampaignForm, answer: Answer) -> None:
    answer(12)
    assert seal(database, form, OVER, random.Random(1)) is not None
    assert seal(database, form, OVER, random.Random(1)) is None
    [block] = list_blocks(database, [form.code])
    assert block.responses == 12


def test_an_empty_campaign_ends_with_an_empty_block(database: Database, form: CampaignForm) -> None:
    block = seal(database, form, OVER, random.Random(1))
    assert block is not None
    assert (block.responses, block.is_last, block.tallies["skm-9"].respondents) == (0, True, 0)


def test_sealed_responses_keep_no_order_of_arrival(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(50)
    seal(database, form, OPEN, random.Random(1))
    with database.transaction() as cursor:
        stored = [row[0] for row in cursor.rows("SELECT commitment FROM sealed")]
    assert stored == sorted(stored)
    assert len(stored) == 30


def test_a_sealer_that_is_killed_in_the_middle_loses_nothing(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(3000)
    kill_in_the_middle(database, form, OPEN)
    assert 0 < sealed_rows(database) < 3000 - 2 * K
    [block] = list_blocks(database, [form.code])
    assert (block.responses, count_waiting(database, [form.code])) == (3000 - 2 * K, {form.code: 2 * K})
    assert len(list_answers(database, form.code, random.Random(1))) == 3000 - 2 * K
    answer(K)
    second = seal(database, form, OPEN, random.Random(2))
    assert second is not None
    assert (second.number, second.responses) == (2, K)
    assert sealed_rows(database) == 3000 - K
    assert count_waiting(database, [form.code]) == {form.code: 2 * K}


def test_a_campaign_whose_last_sealer_was_killed_has_not_ended(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(3000)
    kill_in_the_middle(database, form, OVER)
    assert sealed_rows(database) < 3000
    assert list_ended(database) == set()
    assert seal(database, form, OVER, random.Random(2)) is None
    assert (sealed_rows(database), list_ended(database)) == (3000, {form.code})


@dataclass(frozen=True)
class Busy(Database):
    """A database in which something happens before each of the next transactions."""

    happens: list[Callable[[], object]] = field(default_factory=list)

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Cursor]:
        if self.happens:
            self.happens.pop(0)()
        with super().transaction(writes=writes) as cursor:
            yield cursor


def test_a_block_that_is_sealed_during_a_look_is_no_fault(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    def nothing() -> None:
        """Let a look go on."""

    def seal_more() -> None:
        answer(40)
        assert seal(database, form, OPEN, random.Random(1)) is not None

    for before in range(3):
        busy = Busy(database.path, database.url, happens=[*[nothing] * before, seal_more])
        assert list(faults_of(busy, form)) == []


def kill_in_the_middle(database: Database, form: CampaignForm, at: datetime) -> None:
    sealer = multiprocessing.get_context("fork").Process(
        target=seal, args=(database, form, at, random.Random(1))
    )
    sealer.start()
    while not sealed_rows(database) and sealer.is_alive():
        time.sleep(0.001)
    sealer.kill()
    sealer.join()


def sealed_rows(database: Database) -> int:
    with database.transaction(writes=False) as cursor:
        [(count,)] = cursor.rows("SELECT COUNT(*) FROM sealed")
    return int(count)


def test_two_sealers_at_once_seal_everything_once(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(1000)
    with ThreadPoolExecutor(4) as pool:
        blocks = list(pool.map(lambda seed: seal(database, form, OVER, random.Random(seed)), range(4)))
    assert [block.responses for block in blocks if block] == [1000]
    assert sealed_rows(database) == 1000
    assert count_waiting(database, [form.code]) == {}


class Interrupted(random.Random):
    """Chance that lets something happen between the sealer's look and its writing."""

    def __init__(self, deed: Callable[[], None]) -> None:
        super().__init__(1)
        self._deed = deed

    def sample(self, *arguments: Any, **options: Any) -> list[Any]:
        self._deed()
        return super().sample(*arguments, **options)


def test_what_is_erased_while_a_block_is_made_is_in_no_block(
    database: Database, form: CampaignForm, answer: Answer
) -> None:
    answer(30)

    def erase_one() -> None:
        with database.transaction() as cursor:
            [(commitment,), *_] = cursor.rows("SELECT commitment FROM inbox ORDER BY commitment")
            assert cursor.run("DELETE FROM inbox WHERE commitment = ?", (commitment,)) == 1

    blocks = [seal(database, form, OPEN, Interrupted(erase_one)) for _ in range(2)]
    made = sum(block.responses for block in blocks if block)
    assert made == sealed_rows(database)
    last = seal(database, form, OVER, random.Random(1))
    assert last is not None
    assert made + last.responses == sealed_rows(database)
    assert list(faults_of(database, form)) == []
