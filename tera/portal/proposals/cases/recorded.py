"""What is recorded of a unit with evidence though the rulebook of its proposal does not judge it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tera.engine.catalogue import recorded_beside
from tera.engine.explain import said
from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.cases.figures import value_text
from tera.portal.proposals.cases.gates import Scores
from tera.portal.proposals.models import Case, Score
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models.checks import Layer


@dataclass(frozen=True, slots=True)
class Recorded:
    """A value that a layer recorded."""

    name: str
    layer: str
    value: str
    score: Score


def recorded_of(case: Case, scores: Scores) -> Iterator[Recorded]:
    """Yield what each layer recorded beside what is judged."""
    language = language_in_force()
    for given in recorded_beside(case.rulebook):
        for layer in Layer:
            if score := scores.get((layer, given.id)):
                name, value = said(given.name, language), value_text(given, score.value, language)
                yield Recorded(name, layer_name(layer), value, score)
