"""Results as pages show them: the drawing beside the number, and the steps behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.functional import Promise

from tera.engine import workflow
from tera.engine.eligibility import Finding, Verdict
from tera.engine.explain import Step, explain_finding, explain_index, said
from tera.engine.index import MeasureIndex
from tera.engine.number import rounded
from tera.engine.rulebook import Criterion, Measure, Rulebook
from tera.portal.results.charts import ElementChart, Scale, element_chart, low_end, place, scale
from tera.portal.results.proving import proofs_of, statuses_of
from tera.portal.results.queries import TARGETS, Result, with_excluded
from tera.portal.results.standing import Outlook, Stage, Standing, outlook_of, stage_of, standings_of
from tera.portal.surveys.stages import stages_of
from tera.portal.surveys.wording import STAGES
from tera.portal.units.models import Unit
from tera.statistics.uncertainty.explain import explain_fakes, explain_proof, explain_together
from tera.statistics.uncertainty.proof import Proof, Status, together

MOST_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class ShownIndex:
    """An index on the scale of its grades, and the steps that led to it.

    `out_of` is how many responses there are; 0 where some of them were not asked for what it measures.
    """

    found: MeasureIndex
    out_of: int
    chart: ElementChart
    dot_x: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ShownChart:
    """The elements of one questionnaire, and those that too few people answered."""

    id: str
    title: str
    chart: ElementChart
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """A verdict with one step per criterion, and the criteria that no survey can answer.

    `proof` is what the data prove of it, with a sentence as a whole and one for each criterion;
    `is_too_many`: it would take more respondents than people were served.
    """

    verdict: Verdict
    name: Mapping[str, str]
    rows: tuple[tuple[Finding, Step], ...]
    beyond: tuple[tuple[Mapping[str, str], Criterion], ...]
    proof: Proof
    proof_words: Mapping[str, str]
    fakes: Mapping[str, str]
    proof_rows: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]
    is_too_many: bool

    @property
    def is_unknown(self) -> bool:
        """Say whether nothing that was asked falls short, but something was not asked."""
        return not self.verdict.eligible and all(finding.met is not False for finding, _ in self.rows)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What the targets ask of a measure, in its own points, and by how much it is missed."""

    names: str
    value: Fraction
    short_by: Fraction | None


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure of the integrity zone on its scale; `found` is None where there is no index of it.

    `decimals` are enough not to show a value as equal to a threshold that it misses.
    """

    measure: Measure
    is_asked: bool
    found: MeasureIndex | None = None
    scale: Scale | None = None
    thresholds: tuple[Threshold, ...] = ()
    decimals: int = 2
    steps: tuple[Step, ...] = ()

    @property
    def low(self) -> Fraction:
        """The low end of the scale, in the measure's own points."""
        return self.scale.low * self.measure.maximum.value / self.scale.high if self.scale else Fraction(0)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One unit on the regional page; `verdicts` say per target whether it may be proposed, and if proven.

    A status is given only of what is certified and meets the law. `waits_at` is what the stage is called of
    surveys that are closed and not certified.
    """

    unit: Unit
    result: Result | None
    measures: tuple[ShownMeasure, ...]
    verdicts: tuple[tuple[bool, Status | None], ...]
    best: str
    target: str
    reason: Finding | None
    step: Step | None
    stage: Stage | None
    outlook: Outlook | None
    waits_at: Promise | str = ""


def show_indices(result: Result, language: str) -> list[ShownIndex]:
    """Return the indices of the survey's own rulebook with charts and steps."""
    return [_index(result, found, language) for found in result.indices]


def _index(result: Result, found: MeasureIndex, language: str) -> ShownIndex:
    chart = element_chart(found, language)
    is_asked = all(found.instrument.id in campaign.instrument_ids for campaign in result.campaigns)
    out_of = result.count.total if is_asked else 0
    return ShownIndex(found, out_of, chart, place(found.points, chart.low, chart.high), explain_index(found))


def show_charts(result: Result, language: str) -> list[ShownChart]:
    """Return one chart of elements for each questionnaire, graded where the survey's rulebook grades."""
    founds = {found.instrument.id: found for found in result.indices}
    for found in result.zone.values():
        founds.setdefault(found.instrument.id, found)
    return [_chart(found, language) for found in founds.values()]


def _chart(found: MeasureIndex, language: str) -> ShownChart:
    names = {entry.code: said(entry.name, language) for entry in found.instrument.elements}
    hidden = tuple(names[entry.code] for entry in found.elements if entry.mean is None)
    name = found.instrument.id
    return ShownChart(name, said(found.instrument.title, language), element_chart(found, language), hidden)


def show_verdicts(result: Result) -> list[ShownVerdict]:
    """Return the verdicts, each criterion with its step."""
    rulebook = result.campaign.zone_rulebook
    names = {given.id: given.name for given in rulebook.given}
    names |= {derived.id: derived.name for derived in rulebook.derived}
    shown, proofs = [], proofs_of(result)
    for target, verdict in result.verdicts.items():
        asked = rulebook.target(target)
        rows = tuple((finding, explain_finding(finding, rulebook)) for finding in verdict.findings)
        beyond = tuple((names[entry.measure], entry) for entry in asked.criteria if entry.measure in names)
        found = proofs[target]
        whole = together(found)
        proof_rows = tuple(
            (step.title, explain_proof(finding, found[finding.criterion.id])) for finding, step in rows
        )
        words, fakes = explain_together(whole), explain_fakes(whole)
        asked_for = (whole.respondents or 0) + (whole.respondents_needed or 0)
        is_too_many = asked_for > sum(campaign.population for campaign in result.campaigns) > 0
        shown.append(
            ShownVerdict(verdict, asked.name, rows, beyond, whole, words, fakes, proof_rows, is_too_many)
        )
    return shown


def thresholds(rulebook: Rulebook, measure: str) -> tuple[tuple[str, Fraction], ...]:
    """Return what each target asks of a measure, in the measure's own points."""
    return tuple(
        (target.id, criterion.threshold)
        for target in rulebook.targets
        for criterion in target.criteria
        if criterion.measure == measure and isinstance(criterion.threshold, Fraction)
    )


def show_measures(result: Result, low: Fraction | None = None) -> tuple[ShownMeasure, ...]:
    """Return the measures of the integrity zone on scales that begin at `low` on the index's own scale."""
    rulebook = result.campaign.zone_rulebook
    start = low if low is not None else low_end(_points(result), rulebook.lowest.value)
    return tuple(_measure(result, measure, start) for measure in in_order(rulebook))


def in_order(rulebook: Rulebook) -> list[Measure]:
    """Return the measures of a rulebook, satisfaction before corruption, as people name them."""
    return sorted(rulebook.measures, key=lambda measure: "anti-corruption" in measure.constructs)


def _measure(result: Result, measure: Measure, low: Fraction) -> ShownMeasure:
    found = result.zone.get(measure.id)
    if found is None:
        asked = {entry.construct for campaign in result.campaigns for entry in campaign.instruments}
        return ShownMeasure(measure, bool(asked & set(measure.constructs)))
    factor, highest = measure.maximum.value / found.rulebook.highest.value, found.rulebook.highest.value
    limits = _grouped(found)
    marks = [(limit.value / factor, limit.names) for limit in limits]
    return ShownMeasure(
        measure=measure,
        is_asked=True,
        found=found,
        scale=scale(found.points, marks, low, highest),
        thresholds=limits,
        decimals=decimals_beside(found.converted, [limit.value for limit in limits]),
        steps=explain_index(found),
    )


def _grouped(found: MeasureIndex) -> tuple[Threshold, ...]:
    """Return the thresholds of a measure, lowest first, with the names of all targets that share one."""
    named = named_thresholds(found.rulebook, found.measure.id)
    return tuple(
        Threshold(names, value, value - found.converted if found.converted < value else None)
        for value, names in named.items()
    )


def named_thresholds(rulebook: Rulebook, measure: str) -> dict[Fraction, str]:
    """Return the thresholds of a measure, lowest first, with the names of all targets that share one."""
    names: dict[Fraction, list[str]] = {}
    for target, value in thresholds(rulebook, measure):
        names.setdefault(value, []).append(target.upper())
    return {value: " · ".join(names[value]) for value in sorted(names)}


def decimals_beside(value: Fraction, limits: Iterable[Fraction]) -> int:
    """Return the fewest decimals, at least two, at which a value below a limit does not look like it."""
    missed = [limit for limit in limits if value < limit]
    enough = (n for n in range(2, MOST_DECIMALS) if all(rounded(value, n) < limit for limit in missed))
    return next(enough, MOST_DECIMALS)


def _points(result: Result) -> list[Fraction]:
    """Return every value and threshold of a result on the index's own scale."""
    points = []
    for found in result.zone.values():
        factor = found.measure.maximum.value / found.rulebook.highest.value
        points += [found.points, *(limit.value / factor for limit in _grouped(found))]
    return points


def show_beside(result: Result) -> list[tuple[MeasureIndex, MeasureIndex]]:
    """Return each index without and with the excluded responses, where both may be shown."""
    other = with_excluded(result)
    if other is None:
        return []
    with_ = {_asked(found): found for found in (*other.indices, *other.zone.values())}
    both = [(found, with_.get(_asked(found))) for found in (*result.indices, *result.zone.values())]
    return [(found, beside) for found, beside in both if beside is not None]


def _asked(found: MeasureIndex) -> tuple[str, str, tuple[str, ...]]:
    """Return what must be the same of two indices that stand beside each other: also the elements in them."""
    elements = tuple(entry.code for entry in found.elements if entry.mean is not None)
    return found.rulebook.id, found.measure.id, elements


def show_region(rows: Sequence[tuple[Unit, Result | None]]) -> tuple[list[RegionRow], Fraction]:
    """Return the rows of the regional page, the highest title first, and where their common scale begins."""
    points = [point for _, result in rows if result for point in _points(result)]
    low = low_end(points, Fraction(1))
    standings = standings_of([result for _, result in rows if result])
    shown = [_row(unit, result, low, standings) for unit, result in rows]
    waits = _waits_at([row.result for row in shown if row.result and row.stage == Stage.WAITS])
    shown = [replace(row, waits_at=waits.get(row.unit.pk, "")) for row in shown]
    return sorted(shown, key=_rank), low


def _waits_at(results: Sequence[Result]) -> dict[int, Promise]:
    """Return by unit what its closed surveys wait at: the stage of the one that is least far."""
    order = list(workflow.Stage)
    open_ones = [one for result in results for one in result.campaigns if not hasattr(one, "certification")]
    stages = stages_of(open_ones)
    # Between its last block and what the ledger says of it a survey is closed, whatever its last step.
    at: dict[int, workflow.Stage] = {}
    for one in open_ones:
        stage = max(stages[one.code], workflow.Stage.CLOSED, key=order.index)
        at[one.unit_id] = min(at.get(one.unit_id, stage), stage, key=order.index)
    return {unit: STAGES[stage] for unit, stage in at.items()}


def _rank(row: RegionRow) -> int:
    if row.best:
        return -TARGETS.index(row.best) - 1
    return (0 if row.verdicts else 1) if row.result else 2


def _row(unit: Unit, result: Result | None, low: Fraction, standings: Mapping[str, Standing]) -> RegionRow:
    if result is None:
        return RegionRow(unit, None, (), (), "", "", None, None, None, None)
    stage = stage_of(result)
    outlook = outlook_of(result, [standings[campaign.code] for campaign in result.campaigns])
    if not result.verdicts:
        return RegionRow(unit, result, (), (), "", "", None, None, stage, outlook)
    best = next((target for target in reversed(TARGETS) if result.verdicts[target].eligible), "")
    target = _next(best)
    unmet = result.verdicts[target].first_unmet
    step = explain_finding(unmet, result.campaign.zone_rulebook) if unmet else None
    proven = statuses_of(result) if result.is_certified else {}
    verdicts = tuple((result.verdicts[name].eligible, proven.get(name)) for name in TARGETS)
    measures = show_measures(result, low)
    return RegionRow(unit, result, measures, verdicts, best, target, unmet, step, stage, outlook)


def _next(best: str) -> str:
    """Return the target above the best one reached, whose first unmet criterion is the reason to show."""
    return TARGETS[min(TARGETS.index(best) + 1, len(TARGETS) - 1)] if best else TARGETS[0]
