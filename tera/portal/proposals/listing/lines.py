"""One unit of a list: how it stands, and what it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from tera.engine.catalogue import get_rulebook
from tera.engine.nearness import Nearness
from tera.engine.rulebook import RESPONDENTS, Criterion, Measure, Rulebook
from tera.portal.proposals.listing.wording import Why
from tera.portal.results.present import in_order


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in a period; `why` says why it has no standing, and then it has no numbers either.

    `missing` has each criterion of the title that does not hold, with by how much, None where nobody knows.
    `is_behind`: what was certified last is not in these numbers yet.
    """

    unit: int
    slug: str
    name: str
    kind: str
    office: int
    state: Nearness = Nearness.NOT_ASSESSABLE
    why: Why | None = None
    rulebook_id: str = ""
    n: int = 0
    points: Mapping[str, Fraction] = field(default_factory=dict)
    missing: Sequence[tuple[str, Fraction | None]] = ()
    is_behind: bool = False


@cache
def columns_of(rulebook_id: str) -> tuple[Measure, ...]:
    """Return the measures of a rulebook in the order in which lists show them."""
    return tuple(in_order(get_rulebook(rulebook_id)))


@cache
def asked_by(rulebook_id: str, title: str) -> Mapping[str, Criterion]:
    """Return the criteria of a title that a survey answers, by id."""
    rulebook = get_rulebook(rulebook_id)
    measured = {RESPONDENTS, *(measure.id for measure in rulebook.measures)}
    criteria = rulebook.target(title).criteria
    return {criterion.id: criterion for criterion in criteria if criterion.measure in measured}


def rulebooks_of(lines: Sequence[Line]) -> list[Rulebook]:
    """Return the rulebooks by which units of a list were judged."""
    return [get_rulebook(name) for name in sorted({line.rulebook_id for line in lines} - {""})]


def shortfall(line: Line, title: str) -> Fraction:
    """Return how far a unit is from a title: the share of a threshold that it misses most of."""
    asked, found = asked_by(line.rulebook_id, title), Fraction(0)
    for criterion, short_by in line.missing:
        limit = asked[criterion].threshold
        if short_by is not None and isinstance(limit, Fraction):
            found = max(found, short_by / limit)
    return found
