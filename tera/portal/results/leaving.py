"""What of a result may leave as data: rows of answers, and tables of who gave them. ADR 0013 says why."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.conf import settings

from tera.engine.breakdown import Breakdown
from tera.engine.catalogue import get_codelists
from tera.engine.codelist import CodeList
from tera.engine.disclosure import shown_cells
from tera.engine.index import MeasureIndex, NoAnswers, NotMeasured, compute
from tera.engine.instrument import Instrument
from tera.engine.tally import Tally
from tera.intake.blocks import list_breakdowns
from tera.intake.exporting import list_answer_bytes
from tera.portal.results.queries import Result
from tera.portal.surveys.models import Campaign
from tera.recount.export.dataset import Table

NOT_SAID = "tidak dijawab"
KEY = 16  # random bytes of each row, so that no two have the same


def rows_of(found: Result) -> list[bytes]:
    """Return the sealed answers of all campaigns, shuffled together, without the items that few answered.

    One byte for each of the result's codes, 0 for a blank; a row without any answer is left out.
    """
    auditor, rows = settings.INTAKE.acting_as("auditor"), []
    for campaign in found.campaigns:
        blocks = {block.number for block in found.listed if block.campaign == campaign.code}
        given = list_answer_bytes(auditor, campaign.code, blocks)
        rows += _shown(given, campaign.form.codes, found.listed_items(campaign), found.codes)
    _shuffle(rows)
    return rows


def _shuffle(rows: list[bytes]) -> None:
    """Sort rows by random bytes: as unpredictable as `SystemRandom.shuffle`, and three times as fast."""
    chance = secrets.token_bytes(len(rows) * KEY)
    places = iter(range(0, len(chance), KEY))
    rows.sort(key=lambda _row: chance[(at := next(places)) : at + KEY])


def _shown(
    given: Sequence[bytes], asked: Sequence[str], items: Collection[str], codes: Sequence[str]
) -> list[bytes]:
    """Return answers in the columns of the result, without the items that may not leave."""
    columns = _columns(given, asked)
    width, empty = len(codes), bytes(len(codes))
    joined = bytearray(len(given) * width)
    for place, code in enumerate(codes):
        if code in items and code in columns:
            joined[place::width] = columns[code]
    rows = (bytes(joined[start : start + width]) for start in range(0, len(joined), width))
    return [row for row in rows if row != empty]


def _columns(rows: Sequence[bytes], codes: Sequence[str]) -> dict[str, bytes]:
    joined, width = bytearray(), len(codes)
    for row in rows:
        joined += row  # bytes.join would take 80 bytes more for each
    return {code: bytes(joined[place::width]) for place, code in enumerate(codes)}


def columns_left_empty(found: Result, rows: Sequence[bytes]) -> list[str]:
    """Return the codes to which these rows hold no answer."""
    return [code for code, column in _columns(rows, found.codes).items() if not any(column)]


def instruments_of(found: Result) -> tuple[Instrument, ...]:
    """Return the questionnaires of all campaigns, each once."""
    return tuple({entry.id: entry for campaign in found.campaigns for entry in campaign.instruments}.values())


def indices_of(found: Result, rows: Sequence[bytes]) -> Iterator[MeasureIndex]:
    """Yield the index of each questionnaire in these rows, by the survey's rulebook or else the zone's."""
    columns = _columns(rows, found.codes)
    for instrument in instruments_of(found):
        tally = Tally.of_columns(instrument.codes, [columns[code] for code in instrument.codes])
        for rulebook in (found.campaign.survey_rulebook, found.campaign.zone_rulebook):
            try:
                yield compute(tally, instrument, rulebook)
            except NotMeasured:
                continue
            except NoAnswers:
                pass
            break


def tables_of(found: Result) -> list[Table]:
    """Return who answered each certified campaign, as far as it may be shown.

    A table is given once for all: before the certification it would grow block by block, and two of them
    would tell who came in between. For the same reason campaigns are not added up.
    """
    certified = [entry.campaign for entry in found.certifications if entry.counted]
    certified.sort(key=lambda campaign: (campaign.starts_on, campaign.code))
    sealed = {
        campaign.code: sum(block.responses for block in found.blocks if block.campaign == campaign.code)
        for campaign in certified
    }
    parts = {campaign.code: Breakdown() for campaign in certified}
    for code, _, part in list_breakdowns(settings.INTAKE, list(parts)):
        parts[code] += part
    windows = {campaign.code: f"{campaign.starts_on} – {campaign.ends_on}" for campaign in certified}
    tables = [_table(found.campaign.period, "Periode", sealed, windows)] if sealed else []
    for campaign in certified:
        tables += _tables(campaign, parts[campaign.code])
    return tables


def _tables(campaign: Campaign, part: Breakdown) -> Iterator[Table]:
    lists = get_codelists()
    for codes in lists.profile:
        yield _listed(campaign, codes, part.profile.get(codes.id, {}))
    yield _table(campaign.code, "Layanan", part.services, {**campaign.services, "": NOT_SAID})
    yield _listed(campaign, lists.channel, part.channels)


def _listed(campaign: Campaign, codes: CodeList, counts: Mapping[str, int]) -> Table:
    labels = {**{entry.code: entry.label["id"] for entry in codes.codes}, "": NOT_SAID}
    return _table(campaign.code, codes.name["id"], counts, labels)


def _table(of: str, title: str, counts: Mapping[str, int], labels: Mapping[str, str]) -> Table:
    every = {code: counts.get(code, 0) for code in {**labels, **counts}}
    cells = shown_cells(every)
    return Table(of, title, [(code, labels.get(code, ""), count) for code, count in cells.items()])
