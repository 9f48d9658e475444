"""What the pages of respondents show: questions with their own options, in one language.

What one respondent gave, and what is wrong with it, are slots that the intake fills (tera.intake.slots).
"""

from dataclasses import dataclass

from tera.engine.catalogue import get_codelists
from tera.engine.explain import said
from tera.engine.instrument import Instrument, Item
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is asked in one language."""

    code: str
    number: int
    stem: str
    help: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one instrument."""

    construct: str
    status: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    campaign: Campaign
    language: str
    parts: tuple[Part, ...]
    services: Question | None
    profile: tuple[Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that an index needs, in the order in which they are asked."""
        return tuple(question for part in self.parts for question in part.questions)


def build(campaign: Campaign, language: str) -> Page:
    """Return the page in one language."""
    number = 0
    parts = []
    for instrument in campaign.instruments:
        questions = [
            _question(item, number + step, language) for step, item in enumerate(instrument.items, 1)
        ]
        number += len(questions)
        parts.append(Part(instrument.construct, _status(instrument, language), tuple(questions)))
    return Page(
        campaign=campaign,
        language=language,
        parts=tuple(parts),
        services=_services(campaign) if campaign.services else None,
        profile=_profile(language),
    )


def _status(instrument: Instrument, language: str) -> str:
    """Return what kind of wording this is, where it is not the official one."""
    return "" if language == "id" else instrument.translations[language]


def _question(item: Item, number: int, language: str) -> Question:
    choices = tuple(Choice(str(option.score), said(option.label, language)) for option in item.options)
    help_text = said(item.help, language) if item.help else ""
    return Question(item.code, number, said(item.stem, language), help_text, choices)


def _services(campaign: Campaign) -> Question:
    return Question(
        "service", 0, "", "", tuple(Choice(code, name) for code, name in campaign.services.items())
    )


def _profile(language: str) -> tuple[Question, ...]:
    return tuple(
        Question(
            code=codes.id,
            number=0,
            stem=said(codes.name, language),
            help="",
            choices=tuple(Choice(entry.code, said(entry.label, language)) for entry in codes.codes),
        )
        for codes in get_codelists().profile
    )
