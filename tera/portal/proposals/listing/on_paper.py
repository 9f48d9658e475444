"""A list in words, for the paper on which it is printed; in Indonesian, as the office writes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils import translation

from tera.engine.nearness import Nearness
from tera.portal.proposals.letters.listing_paper import ListedUnit, ListPaper
from tera.portal.proposals.listing.choosing import Asked
from tera.portal.proposals.listing.lines import Line, columns_of, rulebooks_of
from tera.portal.proposals.listing.queries import Scope
from tera.portal.proposals.listing.saying import missing_of, points_text
from tera.portal.proposals.listing.wording import STATES, TITLES
from tera.portal.results.templatetags.numbers import whole
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import stood_below

LANGUAGE = "id"


def as_paper(
    lines: Sequence[Line],
    asked: Asked,
    scope: Scope,
    offices: Mapping[int, tuple[str, str]],
    made_at: datetime,
) -> ListPaper:
    """Return the paper of a list, in its order."""
    surveys = Campaign.objects.filter(stood_below(*scope.offices), period=asked.period)
    with translation.override(LANGUAGE):
        return ListPaper(
            office=scope.office,
            title=str(TITLES[asked.title]),
            period=asked.period,
            rulebooks=[rulebook.title for rulebook in rulebooks_of(lines)],
            about=[_counted(lines)],
            units=[_unit(line, asked.title, offices) for line in lines],
            made_at=made_at,
            is_invented=surveys.filter(is_invented=True).exists(),
        )


def _counted(lines: Sequence[Line]) -> str:
    counted = {state: sum(line.state == state for line in lines) for state in Nearness}
    each = ", ".join(f"{whole(n)} {STATES[state]}" for state, n in counted.items() if n)
    return f"{whole(len(lines))} unit" + (f": {each}." if each else ".")


def _unit(line: Line, title: str, offices: Mapping[int, tuple[str, str]]) -> ListedUnit:
    return ListedUnit(
        name=line.name,
        office=offices[line.office][1],
        state=str(STATES[line.state]),
        missing=[*missing_of(line, title, LANGUAGE)],
        values=[*_values(line)],
    )


def _values(line: Line) -> Iterator[str]:
    if line.why:
        return
    for measure in columns_of(line.rulebook_id) if line.rulebook_id else ():
        if (value := line.points.get(measure.id)) is not None:
            yield f"{measure.short} {points_text(value, line.rulebook_id, measure.id, LANGUAGE)}"
    yield f"{whole(line.n)} responden"
