"""The canonical bytes of a response, and the commitment to them.

The layout is fixed for ever; every number is unsigned and big-endian:

    size      field
    1 + c     campaign code, its length in bytes first (1 to 64), ASCII
    2         day of arrival in the unit's zone, days since 1970-01-01
    1         channel, its byte in the code list
    1 + s     service code, its length first (0 where none was given), ASCII
    1 each    sex, age band, education, occupation: bytes of the code lists, 0 where not given
    1         1 if the respondent could not answer freely, else 0
    1 + a     answers, their number first, one byte per item in the order of the campaign; 0 is a blank

The commitment is SHA-256 over the text "tera/response/v1", a salt of 32 random bytes and these bytes. Bare
answers are never hashed: all 262.144 patterns of nine answers take a fifth of a second to try.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tera.engine.codelist import PROFILE_LISTS

DOMAIN = b"tera/response/v1"
SALT_BYTES = 32
CODE_BYTES = 64
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AS_TYPED = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
CODE_DIGITS = 26


class BadCode(ValueError):
    """This is no code of a receipt; the message says what one looks like."""


class BadBytes(ValueError):
    """These are not the canonical bytes of a response."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one respondent said, without anything that tells who they are.

    `profile` holds one byte for each of `codelist.PROFILE_LISTS`; `answers` one score or None per item.
    """

    campaign: str
    day: int
    channel: int
    service: str
    profile: tuple[int, ...]
    not_free: bool
    answers: tuple[int | None, ...]


def encode(response: Response) -> bytes:
    """Return the canonical bytes of a response; ValueError where a field does not fit its size."""
    if len(response.profile) != len(PROFILE_LISTS):
        raise ValueError(f"a profile has {len(PROFILE_LISTS)} bytes, not {len(response.profile)}")
    return b"".join(
        (
            _sized(response.campaign.encode("ascii"), lowest=1, highest=CODE_BYTES),
            response.day.to_bytes(2, "big"),
            bytes([response.channel]),
            _sized(response.service.encode("ascii"), lowest=0, highest=CODE_BYTES),
            bytes(response.profile),
            bytes([response.not_free]),
            _sized(bytes(answer or 0 for answer in response.answers), lowest=1, highest=255),
        )
    )


def decode(canonical: bytes) -> Response:
    """Return the response that has these canonical bytes; BadBytes where there is none."""
    reader = _Reader(canonical)
    response = Response(
        campaign=reader.take(reader.byte()).decode("ascii", "replace"),
        day=int.from_bytes(reader.take(2), "big"),
        channel=reader.byte(),
        service=reader.take(reader.byte()).decode("ascii", "replace"),
        profile=tuple(reader.take(len(PROFILE_LISTS))),
        not_free=bool(reader.byte()),
        answers=tuple(answer or None for answer in reader.take(reader.byte())),
    )
    try:
        same = encode(response) == canonical
    except ValueError as error:
        raise BadBytes(str(error)) from error
    if not same:
        raise BadBytes("these bytes are not in canonical form")
    return response


def heading(canonical: bytes) -> tuple[str, int]:
    """Return the campaign and the day of arrival, which canonical bytes begin with."""
    end = 1 + canonical[0]
    return canonical[1:end].decode("ascii"), int.from_bytes(canonical[end : end + 2], "big")


def answers_of(canonical: bytes) -> bytes:
    """Return the answers in canonical bytes, one byte an item, 0 for a blank; they come last."""
    service = 1 + canonical[0] + 2 + 1
    return canonical[service + 1 + canonical[service] + len(PROFILE_LISTS) + 1 + 1 :]


About = tuple[int, bytes, bytes, int]


def about(canonical: bytes) -> About:
    """Return channel, service, profile and "could not answer freely", as canonical bytes hold them."""
    channel = 1 + canonical[0] + 2
    profile = channel + 2 + canonical[channel + 1]
    end = profile + len(PROFILE_LISTS)
    return canonical[channel], canonical[channel + 2 : profile], canonical[profile:end], canonical[end]


def undated(canonical: bytes) -> bytes:
    """Return canonical bytes with day and channel set to 0: what a repeat must have in common."""
    day = 1 + canonical[0]
    return canonical[:day] + bytes(3) + canonical[day + 3 :]


def commitment(salt: bytes, canonical: bytes) -> bytes:
    """Return the 32 bytes that commit to a response and, without the salt, say nothing about it."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(DOMAIN + salt + canonical).digest()


def receipt_code(commitment_bytes: bytes) -> str:
    """Return the short code of a receipt: the first 128 bits of the commitment in Crockford base32.

    26 characters in groups of up to five, without I, L, O and U, so that it can be read out and typed in.
    """
    # 128 bits are 26 digits of five with two zero bits in front; the library reads from the left.
    left = (int.from_bytes(commitment_bytes[:16], "big") << 30).to_bytes(20, "big")
    digits = base64.b32encode(left)[:26].translate(_TO_CROCKFORD).decode("ascii")
    return "-".join(digits[start : start + 5] for start in range(0, len(digits), 5))


def read_code(code: str) -> bytes:
    """Return the first 16 bytes of the commitment that a receipt's code stands for, as people type it.

    Groups may be left out, small letters are taken, O is 0, and I and L are 1.

    Raises:
        BadCode: it is none.
    """
    digits = code.upper().translate(AS_TYPED)
    if len(digits) != CODE_DIGITS or set(digits) - set(CROCKFORD) or digits[0] not in "01234567":
        raise BadCode(f"a receipt code has {CODE_DIGITS} letters and digits, in groups of five")
    value = 0
    for digit in digits:
        value = value * 32 + CROCKFORD.index(digit)
    return value.to_bytes(16, "big")


def day_of_key(key: bytes) -> int:
    """Return the day that a client key begins with; it keeps an index tight and is never trusted."""
    return int.from_bytes(key[:2], "big")


def _sized(content: bytes, *, lowest: int, highest: int) -> bytes:
    if not lowest <= len(content) <= highest:
        raise ValueError(f"{content!r} has {len(content)} bytes; {lowest} to {highest} are allowed")
    return bytes([len(content)]) + content


class _Reader:
    """Takes bytes from the front and refuses to run past the end."""

    def __init__(self, content: Sequence[int]) -> None:
        self._content = bytes(content)
        self._at = 0

    def take(self, count: int) -> bytes:
        taken = self._content[self._at : self._at + count]
        if len(taken) < count:
            raise BadBytes(f"{count} bytes expected at {self._at}, {len(taken)} there")
        self._at += count
        return taken

    def byte(self) -> int:
        return self.take(1)[0]
