"""What the pages of respondents show: questions with their own options, in one language.

What one respondent gave, and what is wrong with it, are slots that the intake fills (tera.intake.slots).
"""

from dataclasses import dataclass

from tera.engine.catalogue import get_codelists, get_language, get_notice, get_reporting
from tera.engine.explain import said
from tera.engine.instrument import Item
from tera.engine.language import FIRST, Language
from tera.engine.notice import Notice
from tera.engine.reporting import Reporting
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is asked in one language, or in Indonesian where that lacks it."""

    code: str
    language: str
    number: int
    stem: str
    help: str
    choices: tuple[Choice, ...]
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one instrument."""

    construct: str
    highest: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    campaign: Campaign
    wording: Language
    parts: tuple[Part, ...]
    services: Question | None
    profile: tuple[Question, ...]

    @property
    def language(self) -> str:
        """The code of the language."""
        return self.wording.id

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages that can be chosen."""
        return tuple(map(get_language, self.campaign.languages))

    @property
    def notice(self) -> Notice | None:
        """What respondents are told first; campaigns of before November 2026 have none."""
        return get_notice(self.campaign.notice) if self.campaign.notice else None

    @property
    def reporting(self) -> Reporting:
        """Where corruption is reported."""
        return get_reporting()

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
        parts.append(Part(instrument.construct, instrument.highest, tuple(questions)))
    return Page(
        campaign=campaign,
        wording=get_language(language),
        parts=tuple(parts),
        services=_services(campaign) if campaign.services else None,
        profile=_profile(language),
    )


def _question(item: Item, number: int, language: str) -> Question:
    choices = tuple(Choice(str(option.score), said(option.label, language)) for option in item.options)
    help_text = said(item.help, language) if item.help else ""
    spoken = language if language in item.stem else FIRST
    stem = said(item.stem, language)
    return Question(item.code, spoken, number, stem, help_text, choices, may_not_apply=not item.required)


def _services(campaign: Campaign) -> Question:
    choices = tuple(Choice(code, name) for code, name in campaign.services.items())
    return Question("service", FIRST, 0, "", "", choices)


def _profile(language: str) -> tuple[Question, ...]:
    return tuple(
        Question(
            code=codes.id,
            language=language,
            number=0,
            stem=said(codes.name, language),
            help="",
            choices=tuple(Choice(entry.code, said(entry.label, language)) for entry in codes.codes),
        )
        for codes in get_codelists().profile
    )
