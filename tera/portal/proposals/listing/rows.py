"""The rows of a list as HTML: with thousands of cells, a template would take most of the time there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tera.engine.nearness import Nearness
from tera.portal.proposals.listing.drawing import strip
from tera.portal.proposals.listing.lines import Line, columns_of
from tera.portal.proposals.listing.proposed import Proposed
from tera.portal.proposals.listing.saying import missing_of, points_text
from tera.portal.proposals.listing.wording import LOOKS, SIGNS, STATES
from tera.portal.results.templatetags.numbers import short, whole

NAMED = "nama-unit"  # stands in an address where the name of a unit will be
NOTHING = SafeString()


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of a list share."""

    period: str
    title: str
    language: str
    rulebooks: Sequence[str]
    columns: Sequence[str]
    offices: Mapping[int, tuple[str, str]]
    history: Mapping[int, Sequence[str]]
    proposed: Mapping[int, Sequence[Proposed]]


def columns_for(rulebooks: Sequence[str]) -> list[str]:
    """Return what the columns of points are called: where rulebooks differ, each by its own name."""
    found: list[list[str]] = []
    for rulebook in rulebooks:
        for at, measure in enumerate(columns_of(rulebook)):
            found += [[]] if at == len(found) else []
            found[at] += [measure.short] if measure.short not in found[at] else []
    return ["/".join(names) for names in found]


def body(lines: Sequence[Line], table: Table) -> SafeString:
    """Return the rows."""
    # What stands in every row is escaped once; escaping takes a third of the time of a row.
    asked = escape(urlencode({"periode": table.period, "gelar": table.title}))
    before, after = map(escape, reverse("eligibility", args=[NAMED]).split(NAMED))
    are_many = len(table.offices) > 1
    offices = {pk: escape(name) if are_many else NOTHING for pk, (slug, name) in table.offices.items()}
    behind = format_html(' <span class="small muted">{}</span>', _("ralat sedang dimasukkan"))
    chips = {state: _chip(LOOKS[state], f"{SIGNS[state]} {STATES[state]}") for state in Nearness}
    people, label = escape(_("responden")), _("Usulan:")
    return format_html_join(
        "\n",
        '<tr role="row"><th role="rowheader" scope="row"><a class="row-title" href="{}{}{}?{}">{}</a>'
        '<span class="small muted">{}</span></th><td role="cell">{}{}</td>'
        '<td role="cell" class="lacks">{}</td><td role="cell" class="right">{} <span class="cell-label">{}'
        '</span></td>{}<td role="cell">{}</td><td role="cell">{}</td></tr>',
        (
            (
                before,
                line.slug,
                after,
                asked,
                line.name,
                offices[line.office],
                chips[line.state],
                behind if line.is_behind else NOTHING,
                " · ".join(missing_of(line, table.title, table.language)),
                NOTHING if line.why else whole(line.n),
                NOTHING if line.why else people,
                _cells(line, table),
                strip(tuple(table.history[line.unit]), table.language),
                _proposed(table.proposed.get(line.unit, ()), label),
            )
            for line in lines
        ),
    )


def _cells(line: Line, table: Table) -> SafeString:
    return format_html_join(
        "",
        '<td role="cell" class="right"><span class="cell-label">{} </span>{}{}</td>',
        _points(line, table),
    )


def _points(line: Line, table: Table) -> Iterator[tuple[str, str, SafeString]]:
    measures = columns_of(line.rulebook_id) if line.rulebook_id else ()
    for at in range(len(table.columns)):
        measure = measures[at] if at < len(measures) else None
        if measure is None or measure.id not in line.points:
            yield NOTHING, NOTHING, NOTHING
            continue
        said = points_text(line.points[measure.id], line.rulebook_id, measure.id, table.language)
        if len(table.rulebooks) > 1:
            yield NOTHING, said, _out_of(line.rulebook_id, at, table.language)
        else:
            yield measure.short, said, NOTHING


@lru_cache
def _out_of(rulebook_id: str, at: int, language: str) -> SafeString:
    """Return what stands behind points where rulebooks differ: their name and the most there may be."""
    measure = columns_of(rulebook_id)[at]
    said = {"name": measure.short, "most": short(measure.maximum.value)}
    return format_html(' <span class="small muted of">{}</span>', _("%(name)s, dari %(most)s") % said)


def _proposed(found: Sequence[Proposed], label: str) -> SafeString:
    if not found:
        return NOTHING
    return format_html_join(
        " ",
        '<span class="cell-label">{} </span><a class="row-title" href="{}">{}</a>',
        (
            (label, reverse("proposal", args=[one.pk]), _chip(one.look, f"{one.name}: {one.says}"))
            for one in found
        ),
    )


def _chip(look: str, text: str) -> SafeString:
    return format_html('<span class="chip {}">{}</span>', look, text)
