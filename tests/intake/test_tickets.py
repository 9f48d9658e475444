"""A ticket lets one response in: once, in time, at its own office, on both databases."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine.response import receipt_code
from tera.engine.ticket import CODE_BYTES, OPEN_LINK, TICKET, ticket_hash
from tera.intake import tickets
from tera.intake.blocks import count_waiting
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key, submit_many
from tera.intake.receipt import Outcome, Receipt, Refusal
from tera.intake.submission import Refused, Submission, read_fields
from tera.intake.tables import Database
from tera.intake.wallet import Ticket, week_of

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
LAST_DAY = date(2026, 12, 6)
PASSPORTS = Ticket("tickets/1", "sambas", "PASPOR", LAST_DAY)
sign = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign


@pytest.fixture
def form(form: CampaignForm) -> CampaignForm:
    return replace(form, levels=(OPEN_LINK, TICKET))


def ticket(database: Database, about: Ticket = PASSPORTS) -> bytes:
    """Issue one ticket and return its code."""
    code = secrets.token_bytes(CODE_BYTES)
    tickets.issue(database, about, [ticket_hash(code)])
    return code


def sheet(form: CampaignForm, code: bytes, **fields: str) -> Submission:
    typed = receipt_code(code).lower() if code else ""
    return read_fields({**dict.fromkeys(form.codes, "4"), "ticket": typed, **fields}, form)


def send(
    database: Database, form: CampaignForm, submission: Submission, key: bytes, at: datetime = NOON
) -> Outcome:
    with closing(database.connect()) as connection:
        arrival = Arrival.of(form, replace(submission, key=key), at)
        [outcome] = submit_many(connection, [arrival], sign)
    return outcome


def waiting(database: Database, form: CampaignForm) -> int:
    return count_waiting(database, [form.code]).get(form.code, 0)


def test_one_ticket_one_response(database: Database, form: CampaignForm) -> None:
    code, key = ticket(database), new_key(NOON)
    first = send(database, form, sheet(form, code, service="PASPOR"), key)
    assert isinstance(first, Receipt)
    again = send(database, form, sheet(form, code, service="PASPOR"), key)
    assert again == replace(first, is_new=False)
    assert send(database, form, sheet(form, code), new_key(NOON)) is Refusal.USED_TICKET
    assert waiting(database, form) == 1
    assert tickets.count_redeemed(database, ["tickets/1"]) == {("tickets/1", "2026-W47"): 1}
    assert tickets.count_with_ticket(database, [form.code, "other"]) == {form.code: 1}


def test_a_repeat_with_another_ticket_spends_none(database: Database, form: CampaignForm) -> None:
    one, two, key = ticket(database), ticket(database), new_key(NOON)
    first = send(database, form, sheet(form, one), key)
    assert isinstance(first, Receipt)
    assert send(database, form, sheet(form, two), key) == replace(first, is_new=False)
    assert isinstance(send(database, form, sheet(form, two), new_key(NOON)), Receipt)


def test_sent_a_hundred_times_at_once_it_counts_once(database: Database, form: CampaignForm) -> None:
    """Half of the senders retry with the first one's key, the others want to use its ticket too."""
    submission, key = sheet(form, ticket(database)), new_key(NOON)
    keys = [key if number % 2 else new_key(NOON) for number in range(100)]
    with ThreadPoolExecutor(20) as crowd:
        outcomes = list(crowd.map(lambda mine: send(database, form, submission, mine), keys))
    assert waiting(database, form) == 1
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    holders = {mine for mine, outcome in zip(keys, outcomes, strict=True) if isinstance(outcome, Receipt)}
    assert len(holders) == 1  # whoever came first
    assert len(receipts) == (50 if holders == {key} else 1)
    assert len({outcome.as_json() for outcome in receipts}) == 1
    assert sum(outcome.is_new for outcome in receipts) == 1
    others = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    assert others == [Refusal.USED_TICKET] * (100 - len(receipts))


def test_a_batch_of_arrivals_that_share_a_ticket(database: Database, form: CampaignForm) -> None:
    submission = sheet(form, ticket(database))
    arrivals = [Arrival.of(form, replace(submission, key=new_key(NOON)), NOON) for _ in range(3)]
    with closing(database.connect()) as connection:
        first, *others = submit_many(connection, [arrivals[0], arrivals[0], *arrivals[1:]], sign)
    assert isinstance(first, Receipt)
    assert others == [replace(first, is_new=False), Refusal.USED_TICKET, Refusal.USED_TICKET]


def test_what_is_no_good_ticket_stores_nothing(database: Database, form: CampaignForm) -> None:
    foreign = ticket(database, replace(PASSPORTS, unit="pontianak"))
    visits = ticket(database, replace(PASSPORTS, service="KUNJUNGAN"))
    late = NOON + timedelta(days=15)
    for code, fields, at, refusal in (
        (secrets.token_bytes(CODE_BYTES), {}, NOON, Refusal.UNKNOWN_TICKET),
        (foreign, {}, NOON, Refusal.FOREIGN_TICKET),
        (visits, {"service": "PASPOR"}, NOON, Refusal.OTHER_SERVICE),
        (ticket(database), {}, late, Refusal.EXPIRED_TICKET),
    ):
        assert send(database, form, sheet(form, code, **fields), new_key(at), at) is refusal
    assert waiting(database, form) == 0
    assert isinstance(send(database, form, sheet(form, visits), new_key(NOON)), Receipt)  # no service named


def test_whoever_has_a_copy_cannot_see_whether_it_was_used(database: Database, form: CampaignForm) -> None:
    code, late = ticket(database, replace(PASSPORTS, service="KUNJUNGAN")), NOON + timedelta(days=15)

    def probe() -> list[Outcome]:
        wrong = sheet(form, code, service="PASPOR")
        return [
            send(database, form, *about) for about in ((wrong, new_key(NOON)), (wrong, new_key(late), late))
        ]

    before = probe()
    assert isinstance(send(database, form, sheet(form, code), new_key(NOON)), Receipt)
    assert probe() == before == [Refusal.OTHER_SERVICE] * 2


def test_an_answer_that_waited_on_a_phone_may_come_a_day_after_its_ticket_ended(
    database: Database, form: CampaignForm
) -> None:
    evening = datetime(2026, 12, 6, 14, tzinfo=UTC)  # of the last day, in Sambas
    morning = evening + timedelta(hours=8)
    assert isinstance(send(database, form, sheet(form, ticket(database)), new_key(evening), morning), Receipt)
    too_late = evening + timedelta(days=3)
    refused = send(database, form, sheet(form, ticket(database)), new_key(evening), too_late)
    assert refused is Refusal.EXPIRED_TICKET
    fast_clock = new_key(evening + timedelta(days=1))
    assert isinstance(send(database, form, sheet(form, ticket(database)), fast_clock, evening), Receipt)


def test_a_campaign_says_who_may_answer(form: CampaignForm) -> None:
    code = bytes(CODE_BYTES)
    with pytest.raises(Refused, match="for holders of a ticket"):
        sheet(replace(form, levels=(TICKET,)), b"")
    with pytest.raises(Refused, match="takes no tickets"):
        sheet(replace(form, levels=(OPEN_LINK,)), code)
    assert sheet(form, b"").ticket == b""
    assert sheet(form, code).ticket == ticket_hash(code)


@pytest.mark.parametrize("typed", ["ABC", "U" * 26, "8" * 26, "é" * 26, "0" * 27, "\x00" * 26])
def test_a_code_that_is_none_is_named_with_what_one_looks_like(form: CampaignForm, typed: str) -> None:
    fields = {**dict.fromkeys(form.codes, "4"), "ticket": typed}
    with pytest.raises(Refused, match="26 letters and digits") as refused:
        read_fields(fields, form)
    assert (refused.value.status, refused.value.item) == (422, "ticket")


def test_weeks_are_those_of_the_calendar() -> None:
    assert [week_of(date(2026, 12, 31)), week_of(date(2027, 1, 4))] == ["2026-W53", "2027-W01"]
