"""One response in: stored durably and once, then acknowledged.

The same key with the same answers gets the same receipt, also after the response is sealed; the same key with
other answers is a conflict. Nothing is acknowledged before it is committed.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tera.engine import response
from tera.engine.response import Response
from tera.intake.form import EPOCH, CampaignForm, day_number
from tera.intake.submission import Refused, Submission
from tera.intake.tables import Cursor, Database, Held

NEW_KEY_BYTES = 14
_INBOX = "INSERT INTO inbox (campaign, commitment, salt, body) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement: what the respondent keeps. `is_new` is False for a repeat."""

    code: str
    campaign: str
    day: str
    is_new: bool


def new_key(at: datetime) -> bytes:
    """Return a fresh client key: the UTC day in two bytes, then 14 random bytes."""
    days = day_number(at.date())
    return days.to_bytes(2, "big") + secrets.token_bytes(NEW_KEY_BYTES)


def require_open(form: CampaignForm, key: bytes | None, at: datetime, *, is_sealed: bool = False) -> None:
    """Refuse an answer outside the window; one that was given in it counts until the last block is sealed."""
    key_day = response.day_of_key(key) if key else None
    if form.takes(at, key_day) and not is_sealed:
        return
    start, end = form.starts_on.isoformat(), form.ends_on.isoformat()
    if form.is_before(at):
        reason = {"id": f"Survei dibuka pada {start}.", "en": f"The survey opens on {start}."}
        raise Refused(403, reason)
    raise Refused(410, {"id": f"Survei ditutup pada {end}.", "en": f"The survey closed on {end}."})


def submit(database: Database, form: CampaignForm, submission: Submission, at: datetime) -> Receipt:
    """Store a response and return its receipt.

    Raises:
        Refused: 422 without a key, 409 where the key came with other answers, 403 or 410 outside the window.
    """
    if submission.key is None:
        raise Refused(422, {"id": "'key' tidak ada.", "en": "'key' is missing."}, "key")
    said = Response(
        campaign=form.code,
        day=day_number(form.local_day(at)),
        channel=submission.channel,
        service=submission.service,
        profile=submission.profile,
        not_free=submission.not_free,
        answers=submission.answers,
    )
    body, salt = response.encode(said), secrets.token_bytes(response.SALT_BYTES)
    commitment = response.commitment(salt, body)
    with database.transaction() as cursor:
        row = (submission.key, commitment, _mac(salt, said))
        if _is_known(cursor, submission.key) or not cursor.run(
            "INSERT INTO keys (client_key, commitment, mac) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row
        ):
            return _repeat(cursor, submission.key, said)
        cursor.lock(form.code, is_shared=True)
        last = cursor.rows("SELECT 1 FROM blocks WHERE campaign = ? AND is_last = 1", (form.code,))
        require_open(form, submission.key, at, is_sealed=bool(last))
        cursor.run(_INBOX, (form.code, commitment, salt, body))
        if submission.comment:
            comments = "INSERT INTO comments (id, campaign, comment) VALUES (?, ?, ?)"
            cursor.run(comments, (secrets.token_bytes(16), form.code, submission.comment))
    return _receipt(commitment, said, is_new=True)


def put(database: Database, campaign: str, rows: Sequence[Held]) -> None:
    """Put responses into the inbox that nobody will retry, such as invented ones, in one transaction."""
    with database.transaction() as cursor:
        cursor.run_many(_INBOX, [(campaign, *row) for row in rows])


def _is_known(cursor: Cursor, key: bytes) -> bool:
    return bool(cursor.rows("SELECT 1 FROM keys WHERE client_key = ?", (key,)))


def _mac(salt: bytes, said: Response) -> bytes:
    """Return the digest that tells a repeat from other answers: answers and profile, not day or channel."""
    return hmac.digest(salt, response.encode(replace(said, day=0, channel=0)), "sha256")


def _repeat(cursor: Cursor, key: bytes, said: Response) -> Receipt:
    found = cursor.rows(
        "SELECT commitment, mac, salt, body FROM keys JOIN inbox USING (commitment)"
        " WHERE client_key = ? AND campaign = ? UNION ALL"
        " SELECT commitment, mac, salt, body FROM keys JOIN sealed USING (commitment)"
        " WHERE client_key = ? AND campaign = ?",
        (key, said.campaign, key, said.campaign),
    )
    if not found or not hmac.compare_digest(_mac(found[0][2], said), found[0][1]):
        reason = {
            "id": "Kunci ini sudah dipakai untuk jawaban lain.",
            "en": "This key was used for other answers.",
        }
        raise Refused(409, reason, "key")
    commitment, _, _, body = found[0]
    return _receipt(commitment, response.decode(body), is_new=False)


def _receipt(commitment: bytes, said: Response, *, is_new: bool) -> Receipt:
    day = EPOCH + timedelta(days=said.day)
    return Receipt(response.receipt_code(commitment), said.campaign, day.isoformat(), is_new)
