"""The letter as DOCX, for offices that go on in their own word processor; of the same document as the PDF."""

from tera.portal.proposals.letters.document import decode
from tera.portal.proposals.letters.present import VOIDED, present
from tera.portal.proposals.letters.word.attachment import add_attachment
from tera.portal.proposals.letters.word.body import add_body
from tera.portal.proposals.letters.word.packing import pack
from tera.portal.proposals.letters.word.styles import begin
from tera.portal.proposals.models import Letter


def word_letter(letter: Letter) -> bytes:
    """Return the DOCX of a letter; the same letter gives the same bytes."""
    document = decode(letter.document)
    it = present(document, letter.sha256, VOIDED if letter.voided_at else "")
    made = begin(it)
    add_body(made, it, document["logo"])
    add_attachment(made, it)
    return pack(made)
