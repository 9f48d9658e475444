"""All that can be typed on the page of a survey, and what was typed beside the button that was pressed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from tera.portal.review.meetings.item.forms import (
    ANSWER,
    AnswerForm,
    AskForm,
    DecisionForm,
    FindingForm,
    shown,
)
from tera.portal.review.models import Item

DECIDE, ASK, FIND = "decide", "ask", "find"
ASK_IDS, FIND_IDS = "ask_%s", "find_%s"
LONG = 10  # digits of a number that no question has


@dataclass(frozen=True, slots=True)
class Sheet:
    """The forms of a page by the deed that each is for; that of an answer ends in the question's number.

    `left` are those beside the one whose button was pressed into which somebody typed.
    """

    forms: Mapping[str, Form]
    left: frozenset[str] = frozenset()

    def answer(self, number: int) -> Form | None:
        """Return the form for the answer to a question; None where it has its answer."""
        return self.forms.get(f"{ANSWER}{number}")


def fresh(item: Item, waiting: Iterable[int]) -> Sheet:
    """Return the forms of a page on which nothing was typed; `waiting` are the numbers of open questions."""
    answers = {f"{ANSWER}{number}": AnswerForm(number=number) for number in waiting}
    return Sheet({DECIDE: _decision(shown(item)), ASK: _ask({}), FIND: _finding({}), **answers})


def sent(item: Item, waiting: Iterable[int], values: Mapping[str, str], deed: str) -> Sheet:
    """Return the forms with what was sent: that of the deed is checked, the others are as they were typed."""
    typed = {name: text for name, text in values.items() if text.strip()}
    forms = dict(fresh(item, waiting).forms)
    left = set()
    if DecisionForm(values).is_touched():
        forms[DECIDE] = _decision({name: values.get(name, "") for name in DecisionForm.base_fields})
        left.add(DECIDE)
    for name, begin in ((ASK, _ask), (FIND, _finding)):
        if forms[name].fields.keys() & typed.keys():
            forms[name] = begin(typed)
            left.add(name)
    for name in typed:
        if (number := number_of(name)) is not None:
            forms[name] = AnswerForm(initial=typed, number=number)
            left.add(name)
    if deed:
        forms[deed] = _checked(values, deed)
    return Sheet(forms, frozenset(left - {deed}))


def number_of(name: str) -> int | None:
    """Return the number of the question of which a field or a deed has the answer; None of any other."""
    number = name.removeprefix(ANSWER)
    return int(number) if name != number and number.isdecimal() and len(number) < LONG else None


def is_deed(name: str) -> bool:
    """Say whether a button of the page means this."""
    return name in (DECIDE, ASK, FIND) or number_of(name) is not None


def _checked(values: Mapping[str, str], deed: str) -> Form:
    if (number := number_of(deed)) is not None:
        return AnswerForm(values, number=number)
    if deed == DECIDE:
        return DecisionForm(values)
    return AskForm(values, auto_id=ASK_IDS) if deed == ASK else FindingForm(values, auto_id=FIND_IDS)


def _decision(values: dict[str, Any]) -> DecisionForm:
    return DecisionForm(initial=values)


def _ask(values: dict[str, Any]) -> AskForm:
    return AskForm(initial=values, auto_id=ASK_IDS)


def _finding(values: dict[str, Any]) -> FindingForm:
    return FindingForm(initial=values, auto_id=FIND_IDS)
