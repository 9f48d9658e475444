"""Tickets on paper: slips to hand out at a counter and cards, several to a sheet, each with its code once."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import segno

from tera.engine.response import receipt_code
from tera.portal.invitations.posters import QUIET, address, readable, written_day
from tera.portal.invitations.printing import compile_pdf
from tera.portal.surveys.models import Campaign

Paper = Literal["slips", "cards"]
MOST = {"slips": 480, "cards": 240}  # twenty sheets of slips, thirty of cards


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: how many tickets, for which service (empty for any), printed on what."""

    count: int
    service: str
    paper: Paper


def print_tickets(
    campaign: Campaign, order: Order, codes: Sequence[bytes], *, link: str, expires_on: date
) -> bytes:
    """Return the PDF of a batch. A code stands behind the `#` of its address, which browsers do not send."""
    leading = address(link, order.service)
    written = [receipt_code(code) for code in codes]
    data = {
        "paper": order.paper,
        "unit": campaign.unit.name,
        "service": campaign.services.get(order.service, ""),
        "link": readable(link),
        "last_day": written_day(expires_on),
        "is_invented": campaign.is_invented,
        "codes": written,
    }
    images = {f"qr{place}": _qr(f"{leading}#{code}") for place, code in enumerate(written)}
    return compile_pdf("tickets", data, images)


def _qr(leading: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(leading, error="m").save(drawn, kind="png", border=QUIET, scale=8)
    return drawn.getvalue()
