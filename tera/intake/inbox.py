"""Responses in: stored durably and once, then acknowledged.

The same key with the same answers gets the same receipt, also after the response is sealed; the same key with
other answers is a conflict. Nothing is acknowledged before it is committed. Many responses go in with one
transaction, because what costs is the disk's promise at its end.
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
from tera.intake.tables import Cursor, Database, Held, Unavailable

NEW_KEY_BYTES = 14
_KEYS = "INSERT INTO keys (client_key, commitment, mac) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_INBOX = "INSERT INTO inbox (campaign, commitment, salt, body) VALUES (?, ?, ?, ?)"
_COMMENTS = "INSERT INTO comments (id, campaign, comment) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement: what the respondent keeps. `is_new` is False for a repeat."""

    code: str
    campaign: str
    day: str
    is_new: bool


Outcome = Receipt | Refused


@dataclass(frozen=True, slots=True)
class Arrival:
    """A valid submission on its way into the inbox: what was said, and how it is held."""

    form: CampaignForm
    key: bytes
    at: datetime
    said: Response
    held: Held
    comment: str

    @classmethod
    def of(cls, form: CampaignForm, submission: Submission, at: datetime) -> "Arrival":
        """Return the arrival of a submission, with a fresh salt; Refused (422) where it has no key."""
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
        salt, body = secrets.token_bytes(response.SALT_BYTES), response.encode(said)
        held = (response.commitment(salt, body), salt, body)
        return cls(form, submission.key, at, said, held, submission.comment)


class _Raced(Exception):
    """Another process stored one of these keys between the look and the write; look again."""


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


def submit_many(database: Database, arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Store many responses in one transaction and return what became of each.

    Raises:
        Unavailable: nothing was stored; the same submissions may be sent again.
    """
    for _ in range(3):
        try:
            with database.transaction() as cursor:
                return _store(cursor, arrivals)
        except _Raced:
            continue
    raise Unavailable("other processes keep storing the same keys")


def put(database: Database, campaign: str, rows: Sequence[Held]) -> None:
    """Put responses into the inbox that nobody will retry, such as invented ones, in one transaction."""
    with database.transaction() as cursor:
        cursor.run_many(_INBOX, [(campaign, *row) for row in rows])


def _store(cursor: Cursor, arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Store what is new; then everything that came has a row, and a repeat is answered from it."""
    codes = sorted({arrival.form.code for arrival in arrivals})
    for code in codes:
        cursor.lock(code, is_shared=True)
    marks = ", ".join("?" * len(codes))
    ended = {
        code
        for (code,) in cursor.rows(
            f"SELECT campaign FROM blocks WHERE is_last = 1 AND campaign IN ({marks})",  # noqa: S608
            codes,
        )
    }
    known = _known(cursor, [arrival.key for arrival in arrivals])
    fresh: dict[bytes, Arrival] = {}
    outcomes: list[Outcome | None] = []
    for arrival in arrivals:
        if arrival.key in known or arrival.key in fresh:
            outcomes.append(None)
            continue
        try:
            require_open(arrival.form, arrival.key, arrival.at, is_sealed=arrival.form.code in ended)
        except Refused as refused:
            outcomes.append(refused)
        else:
            fresh[arrival.key] = arrival
            outcomes.append(_receipt(arrival.held[0], arrival.said, is_new=True))
    _insert(cursor, list(fresh.values()))
    return [
        outcome if outcome is not None else _repeat(cursor, arrival)
        for arrival, outcome in zip(arrivals, outcomes, strict=True)
    ]


def _known(cursor: Cursor, keys: Sequence[bytes]) -> set[bytes]:
    marks = ", ".join("?" * len(keys))
    statement = f"SELECT client_key FROM keys WHERE client_key IN ({marks})"  # noqa: S608  only question marks
    return {bytes(key) for (key,) in cursor.rows(statement, keys)}


def _insert(cursor: Cursor, fresh: Sequence[Arrival]) -> None:
    keys = [(new.key, new.held[0], _mac(new.held[1], new.said)) for new in fresh]
    if cursor.run_many(_KEYS, keys) != len(keys):
        raise _Raced
    cursor.run_many(_INBOX, [(new.form.code, *new.held) for new in fresh])
    comments = [(secrets.token_bytes(16), new.form.code, new.comment) for new in fresh if new.comment]
    cursor.run_many(_COMMENTS, comments)


def _mac(salt: bytes, said: Response) -> bytes:
    """Return the digest that tells a repeat from other answers: answers and profile, not day or channel."""
    return hmac.digest(salt, response.encode(replace(said, day=0, channel=0)), "sha256")


def _repeat(cursor: Cursor, arrival: Arrival) -> Outcome:
    said = arrival.said
    found = cursor.rows(
        "SELECT commitment, mac, salt, body FROM keys JOIN inbox USING (commitment)"
        " WHERE client_key = ? AND campaign = ? UNION ALL"
        " SELECT commitment, mac, salt, body FROM keys JOIN sealed USING (commitment)"
        " WHERE client_key = ? AND campaign = ?",
        (arrival.key, said.campaign, arrival.key, said.campaign),
    )
    if not found or not hmac.compare_digest(_mac(found[0][2], said), found[0][1]):
        reason = {
            "id": "Kunci ini sudah dipakai untuk jawaban lain.",
            "en": "This key was used for other answers.",
        }
        return Refused(409, reason, "key")
    commitment, _, _, body = found[0]
    return _receipt(commitment, response.decode(body), is_new=False)


def _receipt(commitment: bytes, said: Response, *, is_new: bool) -> Receipt:
    day = EPOCH + timedelta(days=said.day)
    return Receipt(response.receipt_code(commitment), said.campaign, day.isoformat(), is_new)
