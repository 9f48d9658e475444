"""Comments with what tells of a person covered: by patterns, and by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from tera.engine import masking
from tera.engine.disclosure import K
from tera.engine.masking import Piece
from tera.intake.comments import Comment, count_comments, draw_comments, list_comments
from tera.portal.review.dossier import queries
from tera.portal.review.dossier.case import Case
from tera.portal.surveys.models import Campaign

FIRST = 10
ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment in pieces, plain ones and covered ones; its id leads to no response."""

    id: str
    pieces: tuple[Piece, ...]


def few_comments(case: Case) -> dict[str, object]:
    """Return what the fourth part of a dossier shows: some comments, others each time."""
    if case.closed_count is None or case.closed_count < K:
        return {"are_shown": False, "is_closed": case.closed_count is not None, "k": K}
    found = draw_comments(settings.INTAKE, case.campaign.code, FIRST)
    return {
        "are_shown": True,
        "count": count_comments(settings.INTAKE, case.campaign.code),
        "comments": covered(case.campaign, found),
        "kinds": kinds(),
    }


def page_of(campaign: Campaign, number: int) -> list[Shown]:
    """Return a page of all comments, from 1; the order is always the same and tells of no arrival."""
    found = list_comments(settings.INTAKE, campaign.code, skip=(number - 1) * ON_A_PAGE, most=ON_A_PAGE)
    return covered(campaign, found)


def covered(campaign: Campaign, found: Sequence[Comment]) -> list[Shown]:
    """Return comments with their words covered."""
    by_hand = queries.masked_words(campaign, [entry.id.hex() for entry in found])
    shown = []
    for entry in found:
        words = len(masking.words(entry.text))
        chosen = {word for word in by_hand.get(entry.id.hex(), ()) if word < words}
        shown.append(Shown(entry.id.hex(), masking.mask(entry.text, chosen)))
    return shown


def kinds() -> dict[str, str]:
    """Return what is said in the place of what is covered, by kind."""
    names = {
        "link": _("tautan"),
        "email": _("surel"),
        "handle": _("akun"),
        "plate": _("pelat nomor"),
        "passport": _("paspor"),
        "name": _("nama"),
        "by-hand": _("kata ditutup"),
    }
    return {kind: names.get(kind, _("nomor")) for kind in masking.KINDS}
