"""One response in: stored once, acknowledged after it is durable, the same answer to every retry."""

import base64
import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import receipt, response
from tera.intake import inbox, sealing
from tera.intake.blocks import count_waiting
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key, submit_many
from tera.intake.receipt import Outcome, Receipt, Refusal
from tera.intake.submission import Refused, Submission, read_json
from tera.intake.tables import Database, Unavailable

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
sign = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign


def sheet(form: CampaignForm, key: bytes, score: int = 4, comment: str = "") -> Submission:
    """Return a sheet with the same score everywhere."""
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    body = {"key": text, "answers": dict.fromkeys(form.codes, score), "comment": comment}
    return read_json(json.dumps(body).encode(), form)


def attempt(database: Database, form: CampaignForm, submission: Submission, at: datetime) -> Outcome:
    """Send one response and return what became of it."""
    with closing(database.connect()) as connection:
        [outcome] = submit_many(connection, [Arrival.of(form, submission, at)], sign)
    return outcome


def submit(database: Database, form: CampaignForm, submission: Submission, at: datetime) -> Receipt:
    """Store one response and return its receipt."""
    outcome = attempt(database, form, submission, at)
    assert isinstance(outcome, Receipt)
    return outcome


def waiting(database: Database, form: CampaignForm) -> int:
    return count_waiting(database, [form.code]).get(form.code, 0)


def test_a_response_gets_a_receipt_and_waits_for_its_block(database: Database, form: CampaignForm) -> None:
    receipt = submit(database, form, sheet(form, new_key(NOON)), NOON)
    assert (receipt.campaign, receipt.day, receipt.is_new) == ("sambas", "2026-11-22", True)
    assert len(receipt.code.replace("-", "")) == 26
    assert waiting(database, form) == 1


def test_a_retry_gets_the_same_receipt_and_counts_once(database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)
    first = submit(database, form, sheet(form, key), NOON)
    again = submit(database, form, sheet(form, key, comment="lain"), NOON + timedelta(days=1))
    assert again == replace(first, is_new=False)
    assert again.as_json() == first.as_json()
    assert waiting(database, form) == 1


def test_the_same_key_with_other_answers_is_a_conflict(database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)
    submit(database, form, sheet(form, key), NOON)
    assert attempt(database, form, sheet(form, key, score=3), NOON) is Refusal.OTHER_ANSWERS
    assert waiting(database, form) == 1


def test_a_retry_after_sealing_gets_the_same_receipt(database: Database, form: CampaignForm) -> None:
    keys = [new_key(NOON) for _ in range(30)]
    first = [submit(database, form, sheet(form, key), NOON) for key in keys]
    block = sealing.seal(database, form, NOON, random.Random(1))
    assert block is not None
    assert block.responses == 10
    again = [submit(database, form, sheet(form, key), NOON) for key in keys]
    assert [receipt.code for receipt in again] == [receipt.code for receipt in first]
    assert not any(receipt.is_new for receipt in again)
    assert waiting(database, form) == 20


def test_many_clients_racing_on_one_key_store_one_response(database: Database, form: CampaignForm) -> None:
    key = new_key(NOON)
    with ThreadPoolExecutor(32) as pool:
        receipts = list(pool.map(lambda _: submit(database, form, sheet(form, key), NOON), range(32)))
    assert len({receipt.code for receipt in receipts}) == 1
    assert sum(receipt.is_new for receipt in receipts) == 1
    assert waiting(database, form) == 1


def test_many_at_once_are_answered_each_for_itself(database: Database, form: CampaignForm) -> None:
    one, other, early = new_key(NOON), new_key(NOON), datetime(2026, 6, 1, tzinfo=UTC)
    submit(database, form, sheet(form, one), NOON)
    sheets = [
        (sheet(form, one), NOON),
        (sheet(form, other), NOON),
        (sheet(form, other), NOON),
        (sheet(form, other, score=2), NOON),
        (sheet(form, new_key(early)), early),
    ]
    with closing(database.connect()) as connection:
        outcomes = submit_many(
            connection, [Arrival.of(form, submission, at) for submission, at in sheets], sign
        )
    told = [outcome.is_new if isinstance(outcome, Receipt) else outcome for outcome in outcomes]
    assert told == [False, True, False, Refusal.OTHER_ANSWERS, Refusal.CLOSED]
    assert outcomes[1].code == outcomes[2].code  # type: ignore[union-attr]
    assert waiting(database, form) == 2


@pytest.mark.parametrize(
    ("at", "is_taken"),
    [
        (datetime(2026, 6, 30, 16, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 30, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 1, 17, 0, tzinfo=UTC), False),
    ],
)
def test_the_window_is_counted_in_the_zone_of_the_unit(
    database: Database, form: CampaignForm, at: datetime, is_taken: bool
) -> None:
    key = new_key(datetime(2026, 12, 31, 12, tzinfo=UTC))
    outcome = attempt(database, form, sheet(form, key), at)
    assert (outcome is Refusal.CLOSED, waiting(database, form)) == (not is_taken, int(is_taken))


def test_the_grace_is_for_answers_that_were_given_in_the_window(
    database: Database, form: CampaignForm
) -> None:
    late = datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert submit(database, form, sheet(form, new_key(late - timedelta(days=1))), late).is_new
    assert attempt(database, form, sheet(form, new_key(late)), late) is Refusal.CLOSED


def test_a_key_of_another_time_was_not_made_in_the_window(database: Database, form: CampaignForm) -> None:
    late = datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert attempt(database, form, sheet(form, bytes(16)), late) is Refusal.CLOSED


def test_a_retry_after_the_window_gets_its_receipt(database: Database, form: CampaignForm) -> None:
    key, late = new_key(NOON), datetime(2027, 3, 1, tzinfo=UTC)
    first = submit(database, form, sheet(form, key), NOON)
    assert submit(database, form, sheet(form, key), late) == replace(first, is_new=False)


def test_a_database_that_somebody_holds_is_unavailable_and_stores_nothing(
    database: Database, form: CampaignForm
) -> None:
    gone = replace(database, path=database.path and database.path.parent, url=f"{database.url}?port=1")
    with pytest.raises(Unavailable):
        submit(gone, form, sheet(form, new_key(NOON)), NOON)
    assert waiting(database, form) == 0


def test_nothing_comes_after_the_last_block(database: Database, form: CampaignForm) -> None:
    over = datetime(2027, 1, 2, tzinfo=UTC)
    for _ in range(12):
        submit(database, form, sheet(form, new_key(NOON)), NOON)
    assert sealing.seal(database, form, over, random.Random(1)) is not None
    assert attempt(database, form, sheet(form, new_key(NOON)), NOON) is Refusal.CLOSED


def test_without_a_key_nothing_is_stored(database: Database, form: CampaignForm) -> None:
    keyless = read_json(json.dumps({"answers": dict.fromkeys(form.codes, 4)}).encode(), form)
    with pytest.raises(Refused, match="'key' is missing") as refused:
        submit(database, form, keyless, NOON)
    assert (refused.value.status, waiting(database, form)) == (422, 0)


def test_what_is_stored_is_committed_to_and_says_nothing_of_the_time(
    database: Database, form: CampaignForm
) -> None:
    receipt = submit(database, form, sheet(form, new_key(NOON), comment="Bagus"), NOON)
    with database.transaction() as cursor:
        [(commitment, salt, body)] = cursor.rows("SELECT commitment, salt, body FROM inbox")
        comments = cursor.rows("SELECT campaign, comment FROM comments")
    assert response.commitment(salt, body) == commitment
    assert response.receipt_code(commitment) == receipt.code
    assert response.decode(body).answers == (4,) * 14
    assert comments == [("sambas", "Bagus")]


def test_a_failed_transaction_leaves_nothing(database: Database, form: CampaignForm) -> None:
    row = (b"c" * 32, b"s" * 32, b"body")
    with pytest.raises(Exception, match="(?i)unique"):
        inbox.put(database, form.code, [row, row])
    assert waiting(database, form) == 0


def test_the_receipt_is_signed_over_commitment_day_and_campaign(
    database: Database, form: CampaignForm
) -> None:
    given = submit(database, form, sheet(form, new_key(NOON)), NOON)
    said = receipt.message(given.commitment, "sambas", given.day_number)
    verifier = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    verifier.verify(given.signature, said)
    with pytest.raises(InvalidSignature):
        verifier.verify(given.signature, receipt.message(given.commitment, "sambas", given.day_number + 1))


def test_responses_of_services_with_codes_of_any_length_go_in_together(
    database: Database, form: CampaignForm
) -> None:
    offering = replace(form, services={"P": "Paspor", "IZIN-TINGGAL": "Izin tinggal"})
    sheets = [
        replace(sheet(offering, new_key(NOON), comment="Ruang tunggu sejuk, é" * place), service=service)
        for place, service in enumerate(("P", "", "IZIN-TINGGAL", "P"))
    ]
    with closing(database.connect()) as connection:
        submit_many(connection, [Arrival.of(offering, entry, NOON) for entry in sheets], sign)
    with database.transaction(writes=False) as cursor:
        found = cursor.rows("SELECT commitment, salt, body FROM inbox")
        comments = cursor.rows("SELECT comment FROM comments")
    assert sorted(response.decode(body).service for _, _, body in found) == ["", "IZIN-TINGGAL", "P", "P"]
    assert all(response.commitment(salt, body) == commitment for commitment, salt, body in found)
    assert sorted(comments) == sorted((entry.comment,) for entry in sheets if entry.comment)


def test_tables_of_before_the_ledger_are_refused_and_left_alone(
    database: Database, form: CampaignForm
) -> None:
    submit(database, form, sheet(form, new_key(NOON)), NOON)
    with database.transaction() as cursor:
        cursor.run("ALTER TABLE blocks DROP COLUMN breakdown")
    with pytest.raises(Unavailable, match="an unreleased version made the tables"):
        database.create()
    assert waiting(database, form) == 1
