"""What goes over the socket between the process that answers respondents and the one that writes.

To the writer: one letter for each response, in the order of arrival. Back: one record for each, in the same
order, so that neither needs a number. Numbers are unsigned and big-endian.
"""

import struct
from enum import IntEnum

from tera.intake.inbox import Arrival, Outcome, Refusal
from tera.intake.receipt import Receipt

_LETTER = struct.Struct(">16s?HH")  # client key, whether the window is open, sizes of body and comment
_RECORD = struct.Struct(">B32sH64s")  # fate, commitment, day, signature
RECORD_BYTES = _RECORD.size


class Fate(IntEnum):
    """What became of a response."""

    READY = 0  # of none: the writer has started
    NEW = 1
    KNOWN = 2
    OTHER_ANSWERS = 3
    CLOSED = 4
    UNAVAILABLE = 5
    BROKEN = 6


_REFUSALS = {Refusal.OTHER_ANSWERS: Fate.OTHER_ANSWERS, Refusal.CLOSED: Fate.CLOSED}
_REFUSED = {fate: refusal for refusal, fate in _REFUSALS.items()}


def letter(arrival: Arrival) -> bytes:
    """Return a response as it is handed to the writer."""
    comment = arrival.comment.encode()
    return (
        _LETTER.pack(arrival.key, arrival.is_open, len(arrival.body), len(comment)) + arrival.body + comment
    )


def take_letters(arrived: bytearray, most: int) -> list[Arrival]:
    """Take up to so many whole letters from the front of what arrived."""
    taken: list[Arrival] = []
    at = 0
    while len(taken) < most and at + _LETTER.size <= len(arrived):
        key, is_open, body, comment = _LETTER.unpack_from(arrived, at)
        start = at + _LETTER.size
        if start + body + comment > len(arrived):
            break
        at = start + body + comment
        said = arrived[start + body : at].decode()
        taken.append(Arrival(key, bytes(arrived[start : start + body]), said, is_open))
    del arrived[:at]
    return taken


def record(outcome: Outcome | Fate) -> bytes:
    """Return what became of a response."""
    if isinstance(outcome, Receipt):
        fate = Fate.NEW if outcome.is_new else Fate.KNOWN
        return _RECORD.pack(fate, outcome.commitment, outcome.day_number, outcome.signature)
    return _RECORD.pack(outcome if isinstance(outcome, Fate) else _REFUSALS[outcome], b"", 0, b"")


def outcome_of(content: bytes, campaign: str) -> Outcome | Fate:
    """Return what a record says of a response to this campaign."""
    fate, commitment, day, signature = _RECORD.unpack(content)
    if fate in {Fate.NEW, Fate.KNOWN}:
        return Receipt(commitment, campaign, day, signature, is_new=fate == Fate.NEW)
    return _REFUSED.get(fate) or Fate(fate)
