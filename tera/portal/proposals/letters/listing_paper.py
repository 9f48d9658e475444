"""A list of units under the letterhead of an office, as PDF and DOCX: a working paper, with no number."""

import base64
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tera.portal.invitations.printing import compile_pdf
from tera.portal.proposals.letters.criteria import Json
from tera.portal.proposals.letters.document import logo_of
from tera.portal.proposals.letters.refusing import CannotWrite
from tera.portal.proposals.letters.texts import lines_of, texts_of
from tera.portal.proposals.letters.word.listing import word_list
from tera.portal.proposals.models import LetterKind
from tera.portal.units.models import Unit

logger = logging.getLogger(__name__)
CERTIFIED_ONLY = "Hanya hasil yang disahkan, dan hanya syarat yang dijawab oleh survei."


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """One unit of a list, in words: how it stands, what it lacks, and its numbers."""

    name: str
    office: str
    state: str
    missing: Sequence[str]
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class ListPaper:
    """What stands on the paper of a list; `about` says which units were asked for and how many there are."""

    office: Unit
    title: str
    period: str
    rulebooks: Sequence[str]
    about: Sequence[str]
    units: Sequence[ListedUnit]
    made_at: datetime
    is_invented: bool


def list_pdf(paper: ListPaper) -> bytes:
    """Return the PDF of a list."""
    logo = _logo(paper.office)
    return compile_pdf("units", _present(paper, logo), {"logo": logo} if logo else {})


def list_docx(paper: ListPaper) -> bytes:
    """Return the DOCX of a list."""
    logo = _logo(paper.office)
    return word_list(_present(paper, logo), logo)


def _logo(office: Unit) -> bytes:
    """Return the logo of an office; nothing if it has none, or one that cannot be printed."""
    try:
        return base64.b64decode(logo_of(office).get("content", ""))
    except CannotWrite as error:
        logger.info("the list of %s is printed without its logo: %s", office.slug, error)
        return b""


def _present(paper: ListPaper, logo: bytes) -> Json:
    subject = f"Daftar unit untuk {paper.title}, {paper.period}"
    made = f"{paper.made_at:%d-%m-%Y} pukul {paper.made_at:%H.%M} {paper.office.get_zone_display()}"
    by = "; ".join(paper.rulebooks)
    return {
        "title": f"{subject}, {paper.office.name}",
        "subject": subject,
        "office": paper.office.name,
        "letterhead": lines_of(texts_of(paper.office, LetterKind.RECOMMENDATION)["letterhead"]),
        "about": [f"Dibuat {made}.", *([f"Dinilai menurut {by}."] if by else []), *paper.about],
        "rows": [
            {
                "place": str(place),
                "unit": unit.name,
                "office": unit.office,
                "state": unit.state,
                "missing": [*unit.missing],
                "values": [*unit.values],
            }
            for place, unit in enumerate(paper.units, 1)
        ],
        "notes": [CERTIFIED_ONLY],
        "foot": subject,
        "made_on": [paper.made_at.year, paper.made_at.month, paper.made_at.day],
        "has_logo": bool(logo),
        "is_invented": paper.is_invented,
        "mark": "",
        "sha256": "",
    }
