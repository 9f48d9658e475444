"""What the office asked the unit, and what the unit answered."""

from tera.portal.review.asking.queries import noted_by_office
from tera.portal.review.dossier.case import Case
from tera.portal.review.models import Question


def questions(case: Case) -> dict[str, object]:
    """Return what the seventh part of a dossier shows: open questions first, those taken back not at all."""
    mine = Question.objects.filter(campaign=case.campaign, withdrawn_at=None)
    rows = mine.select_related("office", "campaign__unit")
    ordered = sorted(rows, key=lambda row: (row.answered_at is not None, row.number))
    shown = [(row, noted_by_office(row)) for row in ordered]
    return {"questions": shown, "open": sum(row.answered_at is None for row in ordered)}
