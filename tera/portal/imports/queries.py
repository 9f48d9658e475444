"""What would come out of an import: what its page shows before anything is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from tera.engine import disclosure
from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.disclosure import K
from tera.engine.explain import said
from tera.engine.index import MeasureIndex, NoAnswers, NotMeasured, compute
from tera.engine.instrument import Instrument, Item
from tera.engine.tally import Tally
from tera.portal.imports.days import day_of
from tera.portal.imports.mapping import DAY, ITEM, PROFILE, SERVICE, Mapped
from tera.portal.imports.meanings import list_of
from tera.portal.imports.reading import Reading, Setting, score_of
from tera.portal.imports.table import Table
from tera.portal.imports.uploads import Upload
from tera.portal.surveys.models import Campaign, Plan
from tera.portal.units.models import Unit
from tera.portal.units.queries import holds

ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file as it is understood: names and values."""

    number: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each question of a questionnaire got each score, with its column, and how often none."""

    instrument: Instrument
    rows: tuple[tuple[str, Item, tuple[tuple[int, int], ...], int], ...]


def setting_of(upload: Upload, unit: Unit) -> Setting:
    """Return what a file is read for, with the services that its unit gave when the period began."""
    given = unit.services.filter(holds(upload.plan.starts_on)).order_by("name")
    return Setting(
        code=upload.code,
        instruments=instruments_of(upload.plan),
        first=upload.plan.starts_on,
        last=upload.plan.ends_on,
        services={service.code: service.name for service in given},
    )


def instruments_of(plan: Plan) -> list[Instrument]:
    """Return the questionnaires that a file answers."""
    return [get_instrument(name) for name in plan.instrument_ids]


def earlier(unit: Unit, plan: Plan) -> Campaign | None:
    """Return the import from the same source that would be counted with this one and asks the same."""
    same = Campaign.objects.filter(unit=unit, period=plan.period, source=plan.source)
    for campaign in same:
        if set(campaign.instrument_ids) & set(plan.instrument_ids) or not campaign.can_be_pooled(plan):
            return campaign
    return None


def indices_of(reading: Reading, plan: Plan) -> list[MeasureIndex]:
    """Return every index that the import will have; none below k responses, as on the page of the result."""
    if len(reading.responses) < K:
        return []
    rulebooks = [
        get_rulebook(name) for name in dict.fromkeys((plan.survey_rulebook_id, plan.zone_rulebook_id))
    ]
    found, tallies = [], tallies_of(reading, instruments_of(plan))
    for rulebook in rulebooks:
        for instrument in instruments_of(plan):
            try:
                found.append(compute(disclosure.shown(tallies[instrument.id]), instrument, rulebook))
            except (NoAnswers, NotMeasured):
                continue  # another rulebook measures what this questionnaire asks
    return found


def tallies_of(reading: Reading, instruments: Sequence[Instrument]) -> Mapping[str, Tally]:
    """Return the tallies of responses by questionnaire."""
    tallies, start = {}, 0
    for instrument in instruments:
        end = start + len(instrument.items)
        rows = (said.answers[start:end] for said in reading.responses)
        tallies[instrument.id], start = Tally.of(instrument.codes, rows), end
    return tallies


def counts_of(table: Table, reading: Reading, mapped: Mapped, plan: Plan) -> list[Counts]:
    """Return how often each question got each answer, by questionnaire."""
    found, tallies = [], tallies_of(reading, instruments_of(plan))
    for instrument in instruments_of(plan):
        tally, rows = tallies[instrument.id], []
        for item in instrument.items:
            scores = tuple((score, tally.counts.get(item.code, {}).get(score, 0)) for score in item.scores)
            place = mapped.column_of(f"{ITEM}{item.code}")
            name = "" if place is None else table.name(place)
            blank = len(reading.responses) - sum(times for _score, times in scores)
            rows.append((name, item, scores, blank))
        found.append(Counts(instrument, tuple(rows)))
    return found


def first_rows(table: Table, mapped: Mapped, setting: Setting, language: str) -> list[Row]:
    """Return the first rows as they are understood: what each used column is, and what is taken from it.

    What cannot be taken is shown as the file has it; it is among the findings.
    """
    shown = {
        place: _shown(use, mapped, place, setting, language) for place, use in enumerate(mapped.uses) if use
    }
    return [
        Row(
            number,
            tuple(
                (name, say(row[place]) if place < len(row) else "") for place, (name, say) in shown.items()
            ),
        )
        for number, row in enumerate(table.rows[:ROWS_SHOWN], 2)
    ]


def _shown(
    use: str, mapped: Mapped, place: int, setting: Setting, language: str
) -> tuple[str, Callable[[str], str]]:
    """Return the name of a use, and how a cell of it is shown."""
    values = mapped.values.get(place, {})
    if use == DAY:
        return DAY, lambda text: _day(text, mapped)
    if use == SERVICE:
        return SERVICE, lambda text: setting.services.get(values.get(text, ""), "")
    if use.startswith(PROFILE):
        codes = list_of(use)
        labels = {entry.code: said(entry.label, language) for entry in codes.codes}
        return said(codes.name, language), lambda text: labels.get(values.get(text, ""), "")
    [item] = [entry for entry in setting.items if use == f"{ITEM}{entry.code}"]
    return item.code, lambda text: str(score_of(item, text) or text)


def _day(text: str, mapped: Mapped) -> str:
    day = day_of(text, day_first=mapped.day_first)
    return date_format(day, "j F Y") if day else text
