"""What becomes of a response: the acknowledgement that the respondent keeps, or why it was not stored."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache

from tera.engine import response
from tera.intake.form import EPOCH
from tera.intake.submission import base64url


@dataclass(frozen=True, slots=True)
class Receipt:
    """A response is in: its commitment, campaign and day, signed. `is_new` is False for a repeat."""

    commitment: bytes
    campaign: str
    day_number: int
    signature: bytes
    is_new: bool

    @property
    def code(self) -> str:
        """The short code that the thank-you page shows."""
        return response.receipt_code(self.commitment)

    @property
    def day(self) -> str:
        """The day of arrival in the unit's zone, such as 2026-11-22."""
        return _day(self.day_number)

    @property
    def proof(self) -> str:
        """The signature in base64url without padding."""
        return base64url(self.signature)

    @property
    def compact(self) -> str:
        """The receipt as its QR code has it: campaign, day, commitment and signature, with dots between."""
        return f"{self.campaign}.{self.day}.{base64url(self.commitment)}.{self.proof}"

    def as_json(self) -> bytes:
        """Return the receipt as JSON, the same bytes for every repeat; no value needs escaping."""
        return (
            f'{{"receipt": "{self.code}", "campaign": "{self.campaign}", "day": "{self.day}",'
            f' "commitment": "{self.commitment.hex()}", "signature": "{self.proof}"}}'
        ).encode("ascii")


@cache
def _day(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


class Refusal(Enum):
    """Why a response was not stored."""

    OTHER_ANSWERS = "its key was used for other answers"
    CLOSED = "it came outside the window, or after the last block"
    UNKNOWN_TICKET = "there is no such ticket"
    USED_TICKET = "its ticket was used"
    EXPIRED_TICKET = "its ticket has expired"
    FOREIGN_TICKET = "its ticket is of another unit"
    OTHER_SERVICE = "its ticket is for another service"


Outcome = Receipt | Refusal
