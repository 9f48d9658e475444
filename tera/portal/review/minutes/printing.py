"""The paper of minutes: PDF/A, in Indonesian; the same minutes and signatures give the same bytes."""

import io

import segno
from django.utils.translation import override

from tera.portal.invitations.models import Logo
from tera.portal.invitations.posters import QUIET, readable
from tera.portal.invitations.printing import compile_pdf
from tera.portal.review.minutes.codes import grouped
from tera.portal.review.minutes.document import Json, decode, excerpt
from tera.portal.review.minutes.present import present, signatures_of
from tera.portal.review.minutes.queries import signatures_under
from tera.portal.review.models import Minutes

SHORT = 16  # digits of a sha256 that people compare


def print_minutes(minutes: Minutes, link: str, campaign: str = "") -> bytes:
    """Return the PDF, or an excerpt with the section of one campaign only, if one is named.

    Args:
        minutes: what is printed, with the signatures that are under it by now.
        link: the address of the page that checks them.
        campaign: the code of a survey on the agenda.
    """
    document = decode(minutes.document)
    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="svg", border=QUIET, omitsize=True)
    data = _data(minutes, excerpt(document, campaign) if campaign else document)
    start = link.removesuffix("/").rpartition("/")[0] + "/"  # where the code is typed in
    data |= {"link": readable(link), "url": link, "start": readable(start), "is_excerpt": bool(campaign)}
    logo = Logo.objects.filter(unit=minutes.meeting.office).first()
    pictures = {"logo": bytes(logo.picture)} if logo else {}
    return compile_pdf("minutes", data | {"has_logo": bool(logo)}, {"qr": drawn.getvalue(), **pictures})


def _data(minutes: Minutes, document: Json) -> Json:
    made_at = minutes.made_at
    with override("id"):
        return {
            **present(document),
            "signatures": signatures_of(signatures_under(minutes)),
            "code": grouped(minutes.code),
            "sha256": minutes.sha256,
            "short": minutes.sha256[:SHORT],
            "made_at": [made_at.year, made_at.month, made_at.day],
        }
