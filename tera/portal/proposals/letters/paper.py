"""The paper of a letter: PDF/A that screen readers read; the same letter gives the same bytes."""

import base64

from tera.portal.invitations.printing import compile_pdf
from tera.portal.proposals.letters.document import Json, decode
from tera.portal.proposals.letters.present import DRAFT, VOIDED, present
from tera.portal.proposals.models import Letter


def print_letter(letter: Letter) -> bytes:
    """Return the PDF of a letter; one that is voided says so on each page."""
    mark = VOIDED if letter.voided_at else ""
    return _pdf(decode(letter.document), letter.sha256, mark)


def print_draft(document: Json) -> bytes:
    """Return the PDF of a letter that is not written yet, which says so on each page."""
    return _pdf(document, "", DRAFT)


def _pdf(document: Json, sha256: str, mark: str) -> bytes:
    logo = base64.b64decode(document["logo"].get("content", ""))
    return compile_pdf("letter", present(document, sha256, mark), {"logo": logo} if logo else {})
