"""Every figure in every cases.toml comes out: published ones, derived ones, and those made to find mistakes.

A case is read as strictly as a rulebook: an unknown key is an error. Figures are texts, so that none of them
passes through a binary float.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar

import pytest

from tera import instruments, law
from tera.engine import catalogue, eligibility, index, number, sampling
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rule, Rulebook
from tera.engine.tally import Row, Tally

BLANK = "- "


@dataclass(frozen=True, kw_only=True)
class Case:
    """What all kinds of cases say; `folder` is the rulebook or the instrument that holds the case."""

    folder: str
    name: str
    mark: str
    source: str = ""
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        """Refuse a mark that readers do not know."""
        assert self.mark in {"PUBLISHED", "DERIVED", "SYNTHETIC"}, f"{self.folder}: {self.name}: {self.mark}"

    @property
    def id(self) -> str:
        return f"{self.folder}: {self.kind}: {self.name}"


@dataclass(frozen=True, kw_only=True)
class IndexCase(Case):
    """Answers (rows, a file, or respondents with a sum per item) and the index that they give."""

    kind: ClassVar[str] = "index"
    instrument: str = ""
    rulebook: str = ""
    weight: str = ""
    six_point_map: str = ""
    answers: str | list[str] = ""
    first: int | None = None
    sums: Mapping[str, int] = field(default_factory=dict)
    respondents: int
    index: str
    converted: str
    grade: str = ""

    def check(self) -> None:
        instrument = catalogue.get_instrument(self.instrument or self.folder)
        tally = self._tally(instrument)
        result = index.compute(tally, instrument, self._rulebook(instrument))
        assert result.points == number.parse(self.index)
        assert result.converted_shown == self.converted
        assert (result.grade.grade if result.grade else "") == self.grade
        assert result.n == self.respondents
        assert {code: tally.of_items([code])[1] for code in self.sums} == self.sums

    def _rulebook(self, instrument: Instrument) -> Rulebook:
        own = self.folder if self.folder in law.list_ids() else instrument.rulebook
        rulebook = catalogue.get_rulebook(self.rulebook or own)
        if self.six_point_map:
            chosen = replace(rulebook.six_point_map, rule=self.six_point_map)
            rulebook = replace(rulebook, six_point_map=chosen)
        if self.weight:
            printed = Rule("printed", number.parse(self.weight), "", {}, "")
            measures = tuple(replace(measure, weights=printed) for measure in rulebook.measures)
            rulebook = replace(rulebook, measures=measures)
        return rulebook

    def _tally(self, instrument: Instrument) -> Tally:
        if not self.answers:
            return _tally_of_sums(self.sums, self.respondents)
        rows: list[Row]
        if isinstance(self.answers, list):
            rows = [tuple(map(_score, row)) for row in self.answers]
        else:
            rows = list(_file_rows(instrument, self.answers))
        return Tally.of(instrument.codes, rows[: self.first])


@dataclass(frozen=True, kw_only=True)
class GradeCase(Case):
    """An index and the grade that it earns, by the rulebook's one measure with bands."""

    kind: ClassVar[str] = "grade"
    index: str
    converted: str
    grade: str

    def check(self) -> None:
        rulebook = catalogue.get_rulebook(self.folder)
        (measure,) = (measure for measure in rulebook.measures if measure.bands)
        converted = index.convert(number.parse(self.index), measure, rulebook)
        band = index.grade(converted, measure)
        assert number.shown(converted, measure.decimals) == self.converted
        assert band is not None
        assert band.grade == self.grade


@dataclass(frozen=True, kw_only=True)
class PointsCase(Case):
    """An index and the exact points that it earns."""

    kind: ClassVar[str] = "points"
    measure: str
    index: str
    points: str

    def check(self) -> None:
        rulebook = catalogue.get_rulebook(self.folder)
        converted = index.convert(number.parse(self.index), rulebook.measure(self.measure), rulebook)
        assert converted == number.parse(self.points)


@dataclass(frozen=True, kw_only=True)
class SampleCase(Case):
    """A population and the sample that it calls for."""

    kind: ClassVar[str] = "sample"
    population: int
    sample: int

    def check(self) -> None:
        rule = catalogue.get_rulebook(self.folder).sample
        assert rule is not None
        assert sampling.size(rule, self.population) == self.sample


@dataclass(frozen=True, kw_only=True)
class VerdictCase(Case):
    """Indices of 1 to 4, other values as they are, respondents; and the criteria that do not hold."""

    kind: ClassVar[str] = "verdict"
    target: str
    indices: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    respondents: int | None = None
    survey_only: bool = False
    eligible: bool
    unmet: list[str]
    total: str = ""

    def check(self) -> None:
        rulebook = catalogue.get_rulebook(self.folder)
        verdict = eligibility.judge(
            rulebook, self.target, self._known(rulebook), self.respondents, survey_only=self.survey_only
        )
        assert [finding.criterion.id for finding in verdict.findings if not finding.met] == self.unmet
        assert verdict.eligible is self.eligible
        if self.total:
            totals = [finding.value for finding in verdict.findings if finding.criterion.measure == "total"]
            assert totals == [number.parse(self.total)]

    def _known(self, rulebook: Rulebook) -> dict[str, Fraction | str]:
        statuses = {given.id for given in rulebook.given if given.statuses}
        known: dict[str, Fraction | str] = {
            name: value if name in statuses else number.parse(value) for name, value in self.values.items()
        }
        for name, value in self.indices.items():
            known[name] = index.convert(number.parse(value), rulebook.measure(name), rulebook)
        return known


KINDS = {case.kind: case for case in (IndexCase, GradeCase, PointsCase, SampleCase, VerdictCase)}
AnyCase = IndexCase | GradeCase | PointsCase | SampleCase | VerdictCase


def _score(letter: str) -> int | None:
    return None if letter in BLANK else int(letter)


def _file_rows(instrument: Instrument, name: str) -> Iterator[Row]:
    """Read a table of answers that stands beside the instrument, its columns by short name."""
    for row in csv.DictReader(instruments.read(instrument.id, name).splitlines()):
        yield tuple(_score(row[item.column]) for item in instrument.items)


def _tally_of_sums(sums: Mapping[str, int], respondents: int) -> Tally:
    """Return a tally with these sums: everybody answers, with two neighbouring scores at most."""
    counts = {}
    for code, total in sums.items():
        low, more = divmod(total, respondents)
        counts[code] = {low: respondents - more} | ({low + 1: more} if more else {})
    return Tally(respondents, respondents, counts)


def _rows_of_table(folder: str, entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Turn a sample case that names a table into one case per row of it; leave other cases as they are."""
    if "table" not in entry:
        yield dict(entry)
        return
    kept = {key: value for key, value in entry.items() if key != "table"}
    for row in csv.DictReader(law.read(folder, entry["table"]).splitlines()):
        figures = {key: int(value) for key, value in row.items()}
        yield {**kept, "name": f"{entry['name']}, {row['population']}", **figures}


def _cases_of(folder: str, text: str) -> Iterator[AnyCase]:
    for kind, entries in tomllib.loads(text).items():
        for entry in entries:
            for figures in _rows_of_table(folder, entry):
                yield KINDS[kind](folder=folder, **figures)


CASES = [
    case
    for folder, read in [
        *((folder, law.read) for folder in law.list_ids()),
        *((folder, instruments.read) for folder in instruments.list_ids()),
    ]
    for case in _cases_of(folder, read(folder, "cases.toml"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: AnyCase) -> None:
    case.check()


def test_no_name_stands_twice() -> None:
    ids = [case.id for case in CASES]
    assert sorted(ids) == sorted(set(ids))


def test_a_wrong_figure_fails() -> None:
    for case in CASES:
        if isinstance(case, IndexCase):
            wrong = replace(case, index=str(number.parse(case.index) + Fraction(1, 10**6)))
            with pytest.raises(AssertionError):
                wrong.check()


def test_an_unknown_key_is_refused() -> None:
    text = '[[sample]]\nname = "x"\nmark = "DERIVED"\npopulation = 1\nsample = 1\nsampel = 1\n'
    with pytest.raises(TypeError, match="sampel"):
        list(_cases_of("permenpanrb-14-2017", text))


def test_the_printed_table_is_all_there() -> None:
    printed = [case for case in CASES if isinstance(case, SampleCase) and case.mark == "PUBLISHED"]
    assert len(printed) == 90
