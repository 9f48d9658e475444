"""Responses in: stored durably and once, then acknowledged.

The same key with the same answers gets the same receipt, also after the response is sealed; the same key with
other answers is a conflict. Nothing is acknowledged before it is committed. Many responses go in with one
transaction, because what costs is the disk's promise at its end.
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tera.engine import receipt, response
from tera.engine.response import Response
from tera.intake.cursor import IGNORE, Cursor
from tera.intake.form import EPOCH, CampaignForm, day_number
from tera.intake.paradata import DELAY, DEVICE, DURATION, OTHER, UNKNOWN
from tera.intake.receipt import Outcome, Receipt, Refusal
from tera.intake.submission import Refused, Submission
from tera.intake.tables import Connection, Database, Held, Unavailable
from tera.intake.wallet import Redeemed, Wallet

NEW_KEY_BYTES = 14
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A valid response on its way into the inbox.

    `is_open` says whether it came in time; one that did not may still be a repeat, which gets its receipt.
    `ticket` is a hash; where none came it is empty, and so are `unit` and `given_on`, a day number, which it
    must fit. `device` and `duration` are codes of `tera.intake.paradata`: they are counted and not kept.
    """

    key: bytes
    body: bytes
    comment: str
    is_open: bool
    ticket: bytes = b""
    unit: str = ""
    given_on: int = 0
    device: str = OTHER
    duration: str = UNKNOWN

    @classmethod
    def of(cls, form: CampaignForm, submission: Submission, at: datetime, device: str = OTHER) -> "Arrival":
        """Return the arrival of a submission from a kind of device; Refused (422) where it has no key."""
        if submission.key is None:
            raise Refused(422, "'key' tidak ada.", "key")
        said = Response(
            campaign=form.code,
            day=day_number(form.local_day(at)),
            channel=submission.channel,
            service=submission.service,
            profile=submission.profile,
            not_free=submission.not_free,
            answers=submission.answers,
        )
        key_day = response.day_of_key(submission.key)
        is_open = form.takes(at, key_day)
        arrival = cls(
            submission.key,
            response.encode(said),
            submission.comment,
            is_open,
            device=device,
            duration=submission.duration,
        )
        if not submission.ticket:
            return arrival
        given_on = day_number(form.day_given(at, key_day))
        return replace(arrival, ticket=submission.ticket, unit=form.unit, given_on=given_on)


class _Entry:
    """An arrival as it would be held, with a salt of its own."""

    __slots__ = ("arrival", "campaign", "commitment", "day", "salt")

    def __init__(self, arrival: Arrival, salt: bytes) -> None:
        self.arrival = arrival
        self.campaign, self.day = response.heading(arrival.body)
        self.salt = salt
        self.commitment = response.commitment(salt, arrival.body)

    @classmethod
    def of_all(cls, arrivals: Sequence[Arrival]) -> "list[_Entry]":
        """Return them all, for one call of the system."""
        size = response.SALT_BYTES
        salts = secrets.token_bytes(size * len(arrivals))
        return [cls(one, salts[place * size : (place + 1) * size]) for place, one in enumerate(arrivals)]

    def take_ticket(self, wallet: Wallet) -> Refusal | None:
        """Take the ticket that it came with, or say why it cannot be taken."""
        arrival = self.arrival
        _, service, _, _ = response.about(arrival.body)
        given_on = EPOCH + timedelta(days=arrival.given_on)
        return wallet.take(
            arrival.ticket, unit=arrival.unit, service=service.decode("ascii"), given_on=given_on
        )

    @property
    def mac(self) -> bytes:
        """The digest that tells a repeat from other answers: answers and profile, not day or channel."""
        return hmac.digest(self.salt, response.undated(self.arrival.body), "sha256")


class _Known(Exception):
    """One of these keys may be stored already: nothing was stored, look first and then store the others."""


_Stored = tuple[bytes, str, int, bool]
"""Commitment, campaign, day, and whether it is new."""


def new_key(at: datetime) -> bytes:
    """Return a fresh client key: the UTC day in two bytes, then 14 random bytes."""
    days = day_number(at.date())
    return days.to_bytes(2, "big") + secrets.token_bytes(NEW_KEY_BYTES)


def submit_many(connection: Connection, arrivals: Sequence[Arrival], sign: Sign) -> list[Outcome]:
    """Store many responses in one transaction and return what became of each.

    Receipts are signed after the commit, so that nobody waits for a signature to write.

    Raises:
        Unavailable: nothing was stored; the same submissions may be sent again.
        Broken: nothing was stored, and nothing more can be.
    """
    return [
        found if isinstance(found, Refusal) else _receipt(found, sign)
        for found in _submit(connection, _Entry.of_all(arrivals))
    ]


def _receipt(stored: _Stored, sign: Sign) -> Receipt:
    commitment, campaign, day, is_new = stored
    return Receipt(commitment, campaign, day, sign(receipt.message(commitment, campaign, day)), is_new=is_new)


def _submit(connection: Connection, entries: Sequence[_Entry]) -> list[_Stored | Refusal]:
    """Store as if all keys were new, which they nearly always are; if one is not, once more with a look.

    With a ticket it is looked up first: a repeat is answered from what is stored, not from its ticket.
    """
    if all(entry.arrival.is_open and not entry.arrival.ticket for entry in entries):
        try:
            with connection.transaction() as cursor:
                return _store(cursor, entries, Wallet(cursor, ()), set())
        except _Known:
            pass  # it is looked at below
    for _ in range(3):
        try:
            with connection.transaction() as cursor:
                # Tickets before keys: a ticket that was used by now has its key there by then.
                wallet = Wallet(cursor, (entry.arrival.ticket for entry in entries))
                return _store(cursor, entries, wallet, _known(cursor, entries))
        except (_Known, Redeemed):  # another process stored it between our look and our write
            continue
    raise Unavailable("other processes keep storing the same keys")


def put(database: Database, campaign: str, rows: Sequence[Held], comments: Sequence[str] = ()) -> None:
    """Put responses into the inbox that nobody will retry, such as invented ones, in one transaction."""
    with database.transaction() as cursor:
        cursor.insert("inbox", [(campaign, *row) for row in rows])
        cursor.insert("comments", [(secrets.token_bytes(16), campaign, said) for said in comments])


def _store(
    cursor: Cursor, entries: Sequence[_Entry], wallet: Wallet, known: set[bytes]
) -> list[_Stored | Refusal]:
    """Store what is new; then everything that came has a row, and a repeat is answered from it."""
    ended = _ended(cursor, sorted({entry.campaign for entry in entries}))
    fresh: dict[bytes, _Entry] = {}
    outcomes: list[_Stored | Refusal | None] = []
    for entry in entries:
        key = entry.arrival.key
        if key in known or key in fresh:
            outcomes.append(None)
        elif not entry.arrival.is_open or entry.campaign in ended:
            outcomes.append(Refusal.CLOSED)
        elif entry.arrival.ticket and (refusal := entry.take_ticket(wallet)) is not None:
            outcomes.append(refusal)
        else:
            fresh[key] = entry
            outcomes.append((entry.commitment, entry.campaign, entry.day, True))
    _insert(cursor, list(fresh.values()))
    taken = [(new.arrival.ticket, new.campaign, new.day) for new in fresh.values() if new.arrival.ticket]
    wallet.redeem(taken)
    _count(cursor, list(fresh.values()), wallet.delays(taken))
    return [
        outcome if outcome is not None else _repeat(cursor, entry)
        for entry, outcome in zip(entries, outcomes, strict=True)
    ]


def _ended(cursor: Cursor, campaigns: Sequence[str]) -> set[str]:
    cursor.lock(campaigns, is_shared=True)
    marks = ", ".join("?" * len(campaigns))
    statement = f"SELECT campaign FROM blocks WHERE is_last = 1 AND campaign IN ({marks})"  # noqa: S608
    return {code for (code,) in cursor.rows(statement, campaigns)}


def _known(cursor: Cursor, entries: Sequence[_Entry]) -> set[bytes]:
    marks = ", ".join("?" * len(entries))
    statement = f"SELECT client_key FROM keys WHERE client_key IN ({marks})"  # noqa: S608  only question marks
    return {bytes(key) for (key,) in cursor.rows(statement, [entry.arrival.key for entry in entries])}


def _insert(cursor: Cursor, fresh: Sequence[_Entry]) -> None:
    keys = [(new.arrival.key, new.commitment, new.mac) for new in fresh]
    if cursor.insert("keys", keys, ending=IGNORE) != len(keys):
        raise _Known
    cursor.insert("inbox", [(new.campaign, new.commitment, new.salt, new.arrival.body) for new in fresh])
    said = [(secrets.token_bytes(16), new.campaign, new.arrival.comment) for new in fresh]
    cursor.insert("comments", [row for row in said if row[2]])


def _count(cursor: Cursor, fresh: Sequence[_Entry], delays: Iterable[tuple[str, str]]) -> None:
    """Add up how these were answered: last of all and in one order, so that no two wait for each other."""
    counts = Counter[tuple[str, str, str]]()
    for new in fresh:
        counts[new.campaign, DEVICE, new.arrival.device] += 1
        counts[new.campaign, DURATION, new.arrival.duration] += 1
    for campaign, delay in delays:
        counts[campaign, DELAY, delay] += 1
    if not counts:
        return
    rows = ", ".join(["(?, ?, ?, ?)"] * len(counts))
    cursor.run(
        f"INSERT INTO counters (campaign, kind, code, n) VALUES {rows}"  # noqa: S608  only question marks
        " ON CONFLICT (campaign, kind, code) DO UPDATE SET n = counters.n + excluded.n",
        [value for about, n in sorted(counts.items()) for value in (*about, n)],
    )


def _repeat(cursor: Cursor, entry: _Entry) -> _Stored | Refusal:
    found = cursor.rows(
        "SELECT commitment, mac, salt, body FROM keys JOIN inbox USING (commitment)"
        " WHERE client_key = ? AND campaign = ? UNION ALL"
        " SELECT commitment, mac, salt, body FROM keys JOIN sealed USING (commitment)"
        " WHERE client_key = ? AND campaign = ?",
        (entry.arrival.key, entry.campaign, entry.arrival.key, entry.campaign),
    )
    said = response.undated(entry.arrival.body)
    if not found or not hmac.compare_digest(hmac.digest(found[0][2], said, "sha256"), found[0][1]):
        return Refusal.OTHER_ANSWERS
    commitment, _, _, body = found[0]
    return bytes(commitment), *response.heading(body), False
