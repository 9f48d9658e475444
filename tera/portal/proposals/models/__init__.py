"""What is kept of proposals, of how units stand, and of letters."""

from tera.portal.proposals.models.case import Announcement, Case, Step
from tera.portal.proposals.models.letters import TO_NATIONAL, Letter, LetterKind, Listed, Template
from tera.portal.proposals.models.scores import Evidence, Opinion, Score
from tera.portal.proposals.models.standings import Judged, Standing

__all__ = [
    "TO_NATIONAL",
    "Announcement",
    "Case",
    "Evidence",
    "Judged",
    "Letter",
    "LetterKind",
    "Listed",
    "Opinion",
    "Score",
    "Standing",
    "Step",
    "Template",
]
