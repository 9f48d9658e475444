"""The questions of a campaign as respondents read them, in each of its languages."""

from dataclasses import dataclass

from tera.engine.language import FIRST
from tera.portal.surveys import page
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.page import Page, Question


@dataclass(frozen=True, slots=True)
class Wording:
    """All questions in one language; who answered is asked last, and never for an import."""

    page: Page
    questions: tuple[Question, ...]
    about: tuple[Question, ...]


def questionnaires_of(campaign: Campaign) -> list[Wording]:
    """Return the questions in every language, Indonesian first; of imported answers in Indonesian alone."""
    if campaign.source:
        built = page.build(campaign, FIRST)
        return [Wording(built, built.questions, ())]
    pages = [page.build(campaign, language) for language in campaign.languages]
    return [Wording(built, built.questions, built.profile) for built in pages]
