"""What the page that respondents answer shows: questions with their own options, kept answers, errors."""

from collections.abc import Mapping
from dataclasses import dataclass

from tera.engine.catalogue import get_codelists
from tera.engine.explain import said
from tera.engine.instrument import Instrument, Item
from tera.intake.submission import Refused
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is asked in one language."""

    code: str
    number: int
    stem: str
    help: str
    choices: tuple[Choice, ...]
    error: str

    @property
    def answer(self) -> str:
        """The label of the chosen option, empty where none is."""
        return next((choice.label for choice in self.choices if choice.is_chosen), "")

    @property
    def value(self) -> str:
        """The value of the chosen option, empty where none is."""
        return next((choice.value for choice in self.choices if choice.is_chosen), "")


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
    comment: str
    not_free: bool
    error: str
    error_at: str

    @property
    def count(self) -> int:
        """The number of questions that an index needs."""
        return sum(len(part.questions) for part in self.parts)

    @property
    def refused(self) -> tuple[Question, ...]:
        """The questions that need another look, in the order in which they are asked."""
        return tuple(question for part in self.parts for question in part.questions if question.error)


def build(
    campaign: Campaign, language: str, given: Mapping[str, str] | None = None, refused: Refused | None = None
) -> Page:
    """Return the page in one language, with the answers given so far and the error, if there is one."""
    answers = given or {}
    error = said(refused.reason, language) if refused else ""
    place = refused.item if refused else ""
    errors = dict.fromkeys(_like(campaign, answers, place), error)
    number = 0
    parts = []
    for instrument in campaign.instruments:
        questions = [
            _question(item, number + step, language, answers, errors)
            for step, item in enumerate(instrument.items, 1)
        ]
        number += len(questions)
        parts.append(Part(instrument.construct, _status(instrument, language), tuple(questions)))
    return Page(
        campaign=campaign,
        language=language,
        parts=tuple(parts),
        services=_services(campaign, answers) if campaign.services else None,
        profile=_profile(language, answers),
        comment=answers.get("comment", ""),
        not_free=bool(answers.get("not_free")),
        error=error,
        error_at=place,
    )


def _like(campaign: Campaign, answers: Mapping[str, str], code: str) -> list[str]:
    """Return the item that was refused, and with a blank all other blanks, so that one round mends all."""
    if not code or answers.get(code) or code not in campaign.form.codes:
        return [code]
    return [item.code for item in campaign.form.items if item.required and not answers.get(item.code)]


def _status(instrument: Instrument, language: str) -> str:
    """Return what kind of wording this is, where it is not the official one."""
    return "" if language == "id" else instrument.translations[language]


def _question(
    item: Item, number: int, language: str, answers: Mapping[str, str], errors: Mapping[str, str]
) -> Question:
    chosen = answers.get(item.code, "")
    choices = tuple(
        Choice(str(option.score), said(option.label, language), str(option.score) == chosen)
        for option in item.options
    )
    stem = said(item.stem, language)
    help_text = said(item.help, language) if item.help else ""
    return Question(item.code, number, stem, help_text, choices, errors.get(item.code, ""))


def _services(campaign: Campaign, answers: Mapping[str, str]) -> Question:
    chosen = answers.get("service", "")
    choices = tuple(Choice(code, name, code == chosen) for code, name in campaign.services.items())
    return Question("service", 0, "", "", choices, "")


def _profile(language: str, answers: Mapping[str, str]) -> tuple[Question, ...]:
    questions = []
    for codes in get_codelists().profile:
        chosen = answers.get(codes.id, "")
        choices = tuple(
            Choice(entry.code, said(entry.label, language), entry.code == chosen) for entry in codes.codes
        )
        name = said(codes.name, language)
        questions.append(Question(codes.id, 0, name, "", choices, ""))
    return tuple(questions)
