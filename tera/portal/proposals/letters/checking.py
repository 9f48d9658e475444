"""Looks whether letters are as they were written: document, hash, number and the proposals that they name."""

from collections.abc import Iterator
from json import JSONDecodeError

from tera.portal.accounts.gate import DEED
from tera.portal.ledger.models import Event
from tera.portal.proposals.letters.actions import about
from tera.portal.proposals.letters.document import decode, fingerprint
from tera.portal.proposals.models import Letter


def faults() -> Iterator[str]:
    """Yield where letters are not what they were, in words for whoever runs the installation."""
    found = Letter.objects.select_related("office").prefetch_related("listed__case__unit")
    for letter in found.order_by("pk").iterator(chunk_size=100):
        yield from faults_of(letter)


def faults_of(letter: Letter) -> Iterator[str]:
    """Yield where a letter is not what it was."""
    name = f"letter {about(letter)}"
    if fingerprint(letter.document) != letter.sha256:
        yield f"the document of {name} does not have the sha256 with which it was written"
        return
    try:
        document = decode(letter.document)
    except JSONDecodeError:
        yield f"the document of {name} cannot be read"
        return
    kept = (letter.kind, letter.year, letter.number, letter.named, letter.dated_on.isoformat())
    if tuple(document.get(key) for key in ("kind", "year", "number", "named", "dated_on")) != kept:
        yield f"the register says something else of {name} than its document"
    written = sorted((unit["case"], unit["step"]) for unit in document.get("units", ()))
    if sorted((str(one.case), one.step) for one in letter.listed.all()) != written:
        yield f"the database lists other proposals in {name} than its document"
    if (
        letter.voided_at
        and not Event.objects.filter(kind=DEED, deed="void-letter", about=about(letter)).exists()
    ):
        yield f"the audit trail does not say that somebody voided {name}"
