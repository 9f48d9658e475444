"""Posters and counter cards: what stands on them, and the address in their QR code."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlencode

import segno
from django.utils.formats import date_format
from django.utils.translation import override

from tera.portal.invitations.models import Logo
from tera.portal.invitations.printing import compile_pdf
from tera.portal.surveys.models import Campaign

Paper = Literal["a4", "a5", "a6", "a6x4"]
QUIET = 4  # modules of white around a QR code, as its standard asks
INK = "#14202b"


@dataclass(frozen=True, slots=True)
class Poster:
    """What is decided before a poster is printed; service and counter may be empty."""

    paper: Paper
    service: str = ""
    counter: str = ""


def print_poster(campaign: Campaign, link: str, poster: Poster) -> bytes:
    """Return the PDF of a poster whose QR code leads to the form of a campaign."""
    logo = Logo.objects.filter(unit=campaign.unit).first()
    url = address(link, poster.service)
    code = io.BytesIO()
    segno.make(url, error="m").save(code, kind="svg", border=QUIET, omitsize=True, dark=INK)
    places = (campaign.services.get(poster.service, ""), poster.counter)
    data = {
        "paper": poster.paper,
        "unit": campaign.unit.name,
        "place": " · ".join(filter(None, places)),
        "link": readable(link),
        "url": url,
        "last_day": written_day(campaign.ends_on),
        "is_invented": campaign.is_invented,
        "needs_ticket": campaign.needs_ticket,
        "has_logo": logo is not None,
    }
    return compile_pdf(
        "poster", data, {"qr": code.getvalue(), **({"logo": bytes(logo.picture)} if logo else {})}
    )


def address(link: str, service: str) -> str:
    """Return the address for a QR code: the form with the service and the channel filled in."""
    return f"{link}?{urlencode({**({'service': service} if service else {}), 'channel': 'QR'})}"


def readable(link: str) -> str:
    """Return a link as people type it."""
    return link.partition("://")[2]


def written_day(day: date) -> str:
    """Return a day as Indonesian print has it, whatever language the page is in that prints it."""
    with override("id"):
        return date_format(day, "j F Y")
