"""What each layer gave before: every value with who gave it and when; none is lost when it is changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.cases.figures import value_text
from tera.portal.proposals.cases.scoring import givens_of
from tera.portal.proposals.models import Case, Score


@dataclass(frozen=True, slots=True)
class Past:
    """A value that a layer gave, as people write it; nothing where it was taken back."""

    score: Score
    value: str


History = Mapping[tuple[str, str], tuple[Past, ...]]


def history_of(case: Case) -> History:
    """Return what was ever given, by layer and by what it is of, the first of all first."""
    givens, language = givens_of(case.rulebook), language_in_force()
    found: dict[tuple[str, str], tuple[Past, ...]] = {}
    for score in case.scores.select_related("by").order_by("number"):
        key, given = (score.layer, score.measure), givens.get(score.measure)
        text = value_text(given, score.value, language) if given and score.value else ""
        found[key] = (*found.get(key, ()), Past(score, text))
    return found
