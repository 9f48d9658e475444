"""What goes over the socket between the process that answers respondents and the one that writes.

To the writer: one letter for each response, in the order of arrival. Back: one record for each, in the same
order, so that neither needs a number. Numbers are unsigned and big-endian.
"""

import struct
from enum import IntEnum
from itertools import accumulate

from tera.intake.inbox import Arrival
from tera.intake.paradata import DEVICES, DURATIONS
from tera.intake.receipt import Outcome, Receipt, Refusal

# Client key, whether the window is open, the day it was given, which device and duration; sizes of ticket,
# unit, body and comment.
_LETTER = struct.Struct(">16s?HBBBBHH")
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
    UNKNOWN_TICKET = 7
    USED_TICKET = 8
    EXPIRED_TICKET = 9
    FOREIGN_TICKET = 10
    OTHER_SERVICE = 11


_REFUSALS = {refusal: Fate[refusal.name] for refusal in Refusal}
_REFUSED = {fate: refusal for refusal, fate in _REFUSALS.items()}


def letter(arrival: Arrival) -> bytes:
    """Return a response as it is handed to the writer."""
    parts = (arrival.ticket, arrival.unit.encode(), arrival.body, arrival.comment.encode())
    codes = (DEVICES.index(arrival.device), DURATIONS.index(arrival.duration))
    head = _LETTER.pack(arrival.key, arrival.is_open, arrival.given_on, *codes, *map(len, parts))
    return b"".join((head, *parts))


def take_letters(arrived: bytearray, most: int) -> list[Arrival]:
    """Take up to so many whole letters from the front of what arrived."""
    taken: list[Arrival] = []
    at = 0
    while len(taken) < most and at + _LETTER.size <= len(arrived):
        key, is_open, given_on, device, duration, *sizes = _LETTER.unpack_from(arrived, at)
        *starts, end = accumulate(sizes, initial=at + _LETTER.size)
        if end > len(arrived):
            break
        at = end
        ticket, unit, body, comment = (
            bytes(arrived[start : start + size]) for start, size in zip(starts, sizes, strict=True)
        )
        codes = DEVICES[device], DURATIONS[duration]
        taken.append(Arrival(key, body, comment.decode(), is_open, ticket, unit.decode(), given_on, *codes))
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
