"""Responses in: stored durably and once, then acknowledged.

The same key with the same answers gets the same receipt, also after the response is sealed; the same key with
other answers is a conflict. Nothing is acknowledged before it is committed. Many responses go in with one
transaction, because what costs is the disk's promise at its end.
"""

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tera.engine import receipt, response
from tera.engine.response import Response
from tera.intake.cursor import IGNORE, Cursor
from tera.intake.form import CampaignForm, day_number
from tera.intake.receipt import Receipt
from tera.intake.submission import Refused, Submission
from tera.intake.tables import Connection, Database, Held, Unavailable

NEW_KEY_BYTES = 14
Sign = Callable[[bytes], bytes]
Outcome = Receipt | Refused


@dataclass(frozen=True, slots=True)
class Arrival:
    """A valid submission on its way into the inbox: what is said, and how it is held."""

    form: CampaignForm
    key: bytes
    at: datetime
    day: int
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
        return cls(form, submission.key, at, said.day, held, submission.comment)

    @property
    def mac(self) -> bytes:
        """The digest that tells a repeat from other answers: answers and profile, not day or channel."""
        _, salt, body = self.held
        return hmac.digest(salt, response.undated(body), "sha256")


class _Known(Exception):
    """One of these keys is stored already: nothing was stored, look first and then store the others."""


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


def submit_many(connection: Connection, arrivals: Sequence[Arrival], sign: Sign) -> list[Outcome]:
    """Store many responses in one transaction and return what became of each.

    First as if all keys were new, which they nearly always are; if one is not, once more with a look at them.

    Raises:
        Unavailable: nothing was stored; the same submissions may be sent again.
        Broken: nothing was stored, and nothing more can be.
    """
    if all(arrival.form.takes(arrival.at, response.day_of_key(arrival.key)) for arrival in arrivals):
        try:
            with connection.transaction() as cursor:
                return _store(cursor, arrivals, set(), sign)
        except _Known:
            pass  # it is looked at below
    for _ in range(3):
        try:
            with connection.transaction() as cursor:
                return _store(cursor, arrivals, _known(cursor, arrivals), sign)
        except _Known:  # another process stored it between our look and our write
            continue
    raise Unavailable("other processes keep storing the same keys")


def put(database: Database, campaign: str, rows: Sequence[Held]) -> None:
    """Put responses into the inbox that nobody will retry, such as invented ones, in one transaction."""
    with database.transaction() as cursor:
        cursor.insert("inbox", [(campaign, *row) for row in rows])


def _store(cursor: Cursor, arrivals: Sequence[Arrival], known: set[bytes], sign: Sign) -> list[Outcome]:
    """Store what is new; then everything that came has a row, and a repeat is answered from it."""
    ended = _ended(cursor, sorted({arrival.form.code for arrival in arrivals}))
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
            signed = sign(receipt.message(arrival.held[0], arrival.form.code, arrival.day))
            outcomes.append(Receipt(arrival.held[0], arrival.form.code, arrival.day, signed, is_new=True))
    _insert(cursor, list(fresh.values()))
    return [
        outcome if outcome is not None else _repeat(cursor, arrival, sign)
        for arrival, outcome in zip(arrivals, outcomes, strict=True)
    ]


def _ended(cursor: Cursor, campaigns: Sequence[str]) -> set[str]:
    cursor.lock(campaigns, is_shared=True)
    marks = ", ".join("?" * len(campaigns))
    statement = f"SELECT campaign FROM blocks WHERE is_last = 1 AND campaign IN ({marks})"  # noqa: S608
    return {code for (code,) in cursor.rows(statement, campaigns)}


def _known(cursor: Cursor, arrivals: Sequence[Arrival]) -> set[bytes]:
    marks = ", ".join("?" * len(arrivals))
    statement = f"SELECT client_key FROM keys WHERE client_key IN ({marks})"  # noqa: S608  only question marks
    return {bytes(key) for (key,) in cursor.rows(statement, [arrival.key for arrival in arrivals])}


def _insert(cursor: Cursor, fresh: Sequence[Arrival]) -> None:
    keys = [(new.key, new.held[0], new.mac) for new in fresh]
    if cursor.insert("keys", keys, ending=IGNORE) != len(keys):
        raise _Known
    cursor.insert("inbox", [(new.form.code, *new.held) for new in fresh])
    comments = [(secrets.token_bytes(16), new.form.code, new.comment) for new in fresh if new.comment]
    cursor.insert("comments", comments)


def _repeat(cursor: Cursor, arrival: Arrival, sign: Sign) -> Outcome:
    found = cursor.rows(
        "SELECT commitment, mac, salt, body FROM keys JOIN inbox USING (commitment)"
        " WHERE client_key = ? AND campaign = ? UNION ALL"
        " SELECT commitment, mac, salt, body FROM keys JOIN sealed USING (commitment)"
        " WHERE client_key = ? AND campaign = ?",
        (arrival.key, arrival.form.code, arrival.key, arrival.form.code),
    )
    said = response.undated(arrival.held[2])
    if not found or not hmac.compare_digest(hmac.digest(found[0][2], said, "sha256"), found[0][1]):
        reason = {
            "id": "Kunci ini sudah dipakai untuk jawaban lain.",
            "en": "This key was used for other answers.",
        }
        return Refused(409, reason, "key")
    commitment, _, _, body = found[0]
    day = response.decode(body).day
    signed = sign(receipt.message(commitment, arrival.form.code, day))
    return Receipt(commitment, arrival.form.code, day, signed, is_new=False)
