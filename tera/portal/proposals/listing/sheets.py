"""The rows of a list's workbook: one for each unit, and one for each criterion of each unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from tera.engine.article import article_text
from tera.engine.catalogue import get_rulebook
from tera.engine.explain import SIGNS
from tera.engine.number import exact
from tera.engine.rulebook import RESPONDENTS, Criterion
from tera.portal.proposals.cases.wording import STAGES
from tera.portal.proposals.listing.choosing import Asked
from tera.portal.proposals.listing.lines import Line, asked_by, columns_of, rulebooks_of
from tera.portal.proposals.listing.proposed import Proposed
from tera.portal.proposals.listing.saying import limits, missing_of, near
from tera.portal.proposals.listing.wording import STATES, TITLES
from tera.portal.units.models import Unit, UnitKind

KEPT, SHOWN = 4, 2  # decimals of what a cell holds, and of what it shows, at least


class Number(NamedTuple):
    """A number, and how many decimals of it are shown."""

    value: Fraction
    decimals: int = SHOWN


Cell = str | int | Number


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a workbook is made of: the units of the list, of `every` one below the office."""

    lines: Sequence[Line]
    every: Sequence[Line]
    asked: Asked
    office: Unit
    offices: Mapping[int, tuple[str, str]]
    proposed: Mapping[int, Sequence[Proposed]]
    language: str
    made_at: datetime


def rows_of_units(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    """Yield the head of the list and a row for each unit."""
    rulebooks = rulebooks_of(sheet.lines)
    measures = list(dict.fromkeys(one.short for rules in rulebooks for one in columns_of(rules.id)))
    head = (
        *(_("No."), _("Unit"), _("Kode"), _("Periode"), _("Jenis unit"), _("Kantor di atas unit")),
        *(_("Aturan"), _("Keadaan"), _("Yang masih kurang"), _("Usulan"), _("Responden")),
    )
    of_points = ("%(name)s", _("%(name)s tepat"), _("%(name)s dari"))
    yield (*head, *(words % {"name": name} for name in measures for words in of_points))
    kinds = dict(UnitKind.choices)
    for number, line in enumerate(sheet.lines, 1):
        yield (
            number,
            line.name,
            line.slug,
            sheet.asked.period,
            str(kinds[line.kind]),
            sheet.offices[line.office][1],
            _title_of(line),
            str(STATES[line.state]),
            "; ".join(missing_of(line, sheet.asked.title, sheet.language)),
            "; ".join(map(_said, sheet.proposed.get(line.unit, ()))),
            "" if line.why else line.n,
            *_points(line, measures),
        )


def _title_of(line: Line) -> str:
    return get_rulebook(line.rulebook_id).title if line.rulebook_id else ""


def _said(one: Proposed) -> str:
    """Return a proposal with its stage, also where its results changed: a file is read without its links."""
    changed = f", {one.says}" if one.is_in_conflict else ""
    return f"{one.name}: {STAGES[one.stage]}{changed}"


def _points(line: Line, measures: Sequence[str]) -> Iterator[Cell]:
    own = {one.short: one for one in columns_of(line.rulebook_id)} if line.rulebook_id else {}
    for name in measures:
        measure = own.get(name)
        value = line.points.get(measure.id) if measure else None
        if measure is None or value is None:
            yield from ("", "", "")
        else:
            most = measure.maximum.value
            yield from (_near(value, line, measure.id), exact(value), Number(most, _decimals(most)))


def _decimals(value: Fraction) -> int:
    return 0 if value.denominator == 1 else SHOWN


def rows_of_criteria(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    """Yield the head of the criteria and a row for each one of each unit that was judged."""
    title = sheet.asked.title
    yield (
        *(_("Unit"), _("Kode"), _("Periode"), _("Aturan"), _("Predikat"), _("Syarat"), _("Nilai")),
        *(_("Nilai tepat"), _("Pembanding"), _("Ambang"), _("Terpenuhi"), _("Kurang"), _("Kurang tepat")),
        _("Pasal"),
    )
    for line in sheet.lines:
        missing = dict(line.missing)
        for criterion in asked_by(line.rulebook_id, title).values() if line.rulebook_id else ():
            found = _criterion(line, criterion, missing)
            article = article_text(criterion.article, sheet.language)
            about = (line.name, line.slug, sheet.asked.period, _title_of(line), TITLES[title])
            yield (*about, *found, article)


def _criterion(line: Line, criterion: Criterion, missing: Mapping[str, Fraction | None]) -> Iterator[Cell]:
    of_people, limit = criterion.measure == RESPONDENTS, criterion.threshold
    value = Fraction(line.n) if of_people and line.points else line.points.get(criterion.measure)
    short_by = missing.get(criterion.id)
    near_by = None if value is None else _near(value, line, criterion.measure)
    yield _("Jumlah responden") if of_people else criterion.measure.upper()
    yield from ("", "") if value is None or near_by is None else (near_by, exact(value))
    yield SIGNS[criterion.op]
    yield limit if isinstance(limit, str) else Number(limit, 0 if of_people else SHOWN)
    yield _("ya") if criterion.id not in missing else _("tidak diketahui") if value is None else _("tidak")
    if near_by is None or short_by is None or isinstance(limit, str):
        yield from ("", "")
    else:
        yield from (Number(limit - near_by.value, near_by.decimals), exact(short_by))


def _near(value: Fraction, line: Line, measure: str) -> Number:
    """Return a number with four decimals, or as many as it takes not to look like a threshold it misses."""
    if measure == RESPONDENTS:
        return Number(value, 0)
    asked = limits(line.rulebook_id, measure)
    digits, decimals = near(value, asked, KEPT)
    return Number(Fraction(digits, 10**decimals), near(value, asked, SHOWN)[1])
