"""How far the survey is, step by step: offices, never names of people."""

from tera.portal.review.dossier.case import Case
from tera.portal.surveys.way import way_of


def way(case: Case) -> dict[str, object]:
    """Return what the last part of a dossier shows."""
    return {"way": way_of(case.campaign)}
