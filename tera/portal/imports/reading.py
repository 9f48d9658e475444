"""From a table and its mapping to responses, or to every fault that stands in the way."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.catalogue import get_codelists, list_instruments
from tera.engine.instrument import Instrument, Item
from tera.engine.response import Response
from tera.intake.form import day_number
from tera.portal.imports.days import day_of
from tera.portal.imports.mapping import DAY, ITEM, NOT_GIVEN, PROFILE, SERVICE, Mapped
from tera.portal.imports.table import Table
from tera.recount.header import short

MOST_FINDINGS = 500  # that are shown; all are counted
_SCORE = re.compile(r"([0-9]{1,2})(?:[.,]0{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell or a row, and what is allowed there; `column` is empty for a whole row."""

    row: int
    column: str
    value: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that cannot be taken, and what is allowed."""

    allowed: str


@dataclass(frozen=True)
class Setting:
    """What a file is read for: the questions, the days, the services by code."""

    code: str
    instruments: Sequence[Instrument]
    first: date
    last: date
    services: Mapping[str, str]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order in which a response holds their answers."""
        return tuple(item for instrument in self.instruments for item in instrument.items)


@dataclass(frozen=True)
class Reading:
    """The responses of a file; there are findings, or it may be imported. `faults` counts all of them."""

    responses: list[Response]
    findings: list[Finding]
    faults: int

    @property
    def duplicates(self) -> int:
        """How many rows say the same as an earlier one."""
        return len(self.responses) - len(set(self.responses))

    @property
    def services(self) -> Counter[str]:
        """How many responses each service has, by code."""
        return Counter(said.service for said in self.responses)


Cell = int | str | Wrong | None
Take = Callable[[str], Cell]


def read(table: Table, mapped: Mapped, setting: Setting) -> Reading:
    """Return what a table says under its mapping. Each different text of a column is looked at once."""
    takes = _takes(mapped, setting)
    cells = {
        place: {text: take(text) for text in table.counts[place]} for place, take in takes.items() if take
    }
    findings = sorted(_findings(table, cells, mapped), key=lambda found: found.row)
    if findings:
        return Reading([], findings[:MOST_FINDINGS], len(findings))
    return Reading(list(_responses(table, cells, mapped, setting)), [], 0)


def score_of(item: Item, text: str) -> int | None:
    """Return the score that a text stands for, by number or by the exact words of an option; None if none.

    Nothing is converted: a five of six is no score of a question with four options.
    """
    if found := _SCORE.fullmatch(text):
        return int(found[1]) if int(found[1]) in item.scores else None
    word = text.casefold()
    scores = {
        option.score for option in item.options if word in {said.casefold() for said in option.label.values()}
    }
    return scores.pop() if len(scores) == 1 else None


def wider_than(instrument: Instrument, texts: Iterable[str]) -> Instrument | None:
    """Return the questionnaire that asks the same items on a scale that has all these values."""
    numbers = [int(found[1]) for text in texts if (found := _SCORE.fullmatch(text))]
    highest = max(numbers, default=0)
    fitting = (
        entry
        for entry in list_instruments()
        if entry.codes == instrument.codes and instrument.highest < highest <= entry.highest
    )
    return next(fitting, None)


def _takes(mapped: Mapped, setting: Setting) -> dict[int, Take | None]:
    """Return how the cells of each column are read; None for a column that is not used."""
    items = {item.code: (item, entry) for entry in setting.instruments for item in entry.items}
    lists = {codes.id: codes for codes in get_codelists().profile}
    takes: dict[int, Take | None] = {}
    for place, use in enumerate(mapped.uses):
        values = mapped.values.get(place, {})
        if use.startswith(ITEM):
            takes[place] = _score(*items[use.removeprefix(ITEM)])
        elif use == DAY:
            takes[place] = _day(setting, mapped.day_first)
        elif use == SERVICE:
            takes[place] = _coded(values, list(setting.services))
        elif use.startswith(PROFILE):
            codes = lists[use.removeprefix(PROFILE)]
            takes[place] = _coded(values, [entry.code for entry in codes.codes])
    return takes


def _score(item: Item, instrument: Instrument) -> Take:
    allowed = _("%(low)s sampai %(high)s, atau kosong") % {"low": item.scores[0], "high": item.scores[-1]}

    def take(text: str) -> Cell:
        score = score_of(item, text) if text else None
        if score is not None or not text:
            return score
        wider = wider_than(instrument, [text])
        if wider is None:
            return Wrong(allowed)
        fitting = _("kuesioner dengan skala 1–%(high)s adalah %(name)s") % {
            "high": wider.highest,
            "name": wider.id,
        }
        return Wrong(f"{allowed}; {fitting}")

    return take


def _day(setting: Setting, day_first: bool | None) -> Take:  # noqa: FBT001  a value as it was kept
    span = {"first": setting.first.strftime("%d/%m/%Y"), "last": setting.last.strftime("%d/%m/%Y")}

    def take(text: str) -> Cell:
        day = day_of(text, day_first=day_first)
        if day is None:
            return Wrong(_("tanggal seperti 2019-03-05, 05/03/2019, atau 5 Maret 2019"))
        if not setting.first <= day <= setting.last:
            return Wrong(_("tanggal dalam periode, %(first)s sampai %(last)s") % span)
        return day_number(day)

    return take


def _coded(values: Mapping[str, str], codes: Sequence[str]) -> Take:
    allowed = ", ".join(codes) or _("tidak ada: unit ini tidak punya layanan pada periode itu")

    def take(text: str) -> Cell:
        code = values.get(text, "") if text else NOT_GIVEN
        if code == NOT_GIVEN:
            return ""
        return code if code in codes else Wrong(_("%(codes)s, atau kosong") % {"codes": allowed})

    return take


def _findings(table: Table, cells: Mapping[int, Mapping[str, Cell]], mapped: Mapped) -> Iterator[Finding]:
    width = len(table.header)
    wrong = {
        place: {text: found for text, found in known.items() if isinstance(found, Wrong)}
        for place, known in cells.items()
    }
    asked = [place for place, use in enumerate(mapped.uses) if use.startswith(ITEM)]
    for number, row in enumerate(table.rows, 2):
        if len(row) != width:
            found = ngettext("%(n)s sel", "%(n)s sel", len(row)) % {"n": len(row)}
            expected = ngettext("%(n)s sel, seperti baris 1", "%(n)s sel, seperti baris 1", width)
            yield Finding(number, "", found, expected % {"n": width})
            continue
        if not any(row[place] for place in asked):
            yield Finding(number, "", "", _("paling sedikit satu jawaban; hapus baris yang kosong"))
            continue
        for place, known in wrong.items():
            if known and (text := row[place]) in known:
                yield Finding(number, table.name(place), short(text), known[text].allowed)


def _responses(
    table: Table, cells: Mapping[int, Mapping[str, Cell]], mapped: Mapped, setting: Setting
) -> Iterator[Response]:
    """Yield the responses of a table without faults. Without a day they are of the last day of the period."""
    lists, channel = get_codelists().profile, get_codelists().channel.byte_of("IMPORT")
    places = [mapped.column_of(f"{ITEM}{item.code}") for item in setting.items]
    columns = [(mapped.column_of(f"{PROFILE}{codes.id}"), codes) for codes in lists]
    day, service = mapped.column_of(DAY), mapped.column_of(SERVICE)
    last = day_number(setting.last)

    def cell(row: Sequence[str], place: int | None) -> Cell:
        return None if place is None else cells[place][row[place]]

    for row in table.rows:
        found = cell(row, day)
        yield Response(
            campaign=setting.code,
            day=found if isinstance(found, int) else last,
            channel=channel,
            service=str(cell(row, service) or ""),
            profile=tuple(codes.byte_of(str(cell(row, place) or "")) for place, codes in columns),
            not_free=False,
            answers=tuple(_answer(cell(row, place)) for place in places),
        )


def _answer(found: Cell) -> int | None:
    return found if isinstance(found, int) else None
