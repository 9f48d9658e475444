"""Each criterion of a title as a row: its value on a scale, and how far it is in points and in people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.catalogue import list_instruments
from tera.engine.eligibility import Finding, Verdict
from tera.engine.explain import DECIMALS, MEAN_DECIMALS, Step, explain_finding, explain_index
from tera.engine.index import MeasureIndex
from tera.engine.nearness import (
    Nearness,
    best_answers_needed,
    more_respondents,
    nearness_of,
    threshold_points,
)
from tera.engine.rulebook import Criterion, Measure, Rulebook, Target
from tera.portal.proposals.basis import Basis, survey_verdict, zone_under
from tera.portal.results.charts import low_end, scale
from tera.portal.results.present import ShownMeasure, Threshold, decimals_beside


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion with its step; `shown` is the measure on its scale, None where there is no index of it.

    `asked` is the threshold on the scale of the index. `people` are the respondents that it would take, where
    a number of them would do; `is_of_answers`: each of them would have to give the highest score throughout.
    `before` are the steps from the answers to the points.
    """

    finding: Finding
    step: Step
    measure: Measure | None
    shown: ShownMeasure | None = None
    asked: Fraction | None = None
    people: int | None = None
    before: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic: how answers became points, and how these are held against the threshold."""
        return (*self.before, self.step)

    @property
    def decimals(self) -> int:
        """How many decimals it takes that an index below its threshold does not look like it."""
        if self.shown is None or self.shown.found is None or self.asked is None:
            return DECIMALS
        return decimals_beside(self.shown.found.points, [self.asked])

    @property
    def long(self) -> int:
        """How many decimals an index has in its arithmetic, so that the points follow from what is read."""
        return max(self.decimals, MEAN_DECIMALS)

    @property
    def asking(self) -> tuple[Mapping[str, str], ...]:
        """What the questionnaires are called that ask for what a measure takes, where it was not asked."""
        if self.measure is None or self.shown is not None:
            return ()
        takes = self.measure.constructs
        return tuple(one.title for one in list_instruments() if one.construct in takes)

    @property
    def is_of_answers(self) -> bool:
        """Say whether the criterion is about an index, not about how many responded."""
        return self.measure is not None

    @property
    def state(self) -> str:
        """The class of its row."""
        return {True: "is-met", False: "is-unmet", None: "is-unknown"}[self.finding.met]


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """What a survey says of a title, criterion by criterion; `beyond` are those that no survey answers."""

    target: Target
    verdict: Verdict
    state: Nearness
    rows: tuple[ShownCriterion, ...]
    beyond: tuple[tuple[Mapping[str, str], Criterion], ...]


def show_titles(basis: Basis, rulebook: Rulebook) -> tuple[ShownTitle, ...]:
    """Return what a rulebook says of each title that it knows, by certified results alone."""
    zone = zone_under(basis.result, rulebook) if basis.result else {}
    verdicts = [survey_verdict(basis, rulebook, target.id) for target in rulebook.targets]
    return tuple(show_title(verdict, rulebook, zone) for verdict in verdicts)


def show_title(verdict: Verdict, rulebook: Rulebook, zone: Mapping[str, MeasureIndex]) -> ShownTitle:
    """Return a verdict as the page shows it, with the indices that it judged by measure id."""
    target = rulebook.target(verdict.target)
    names = {given.id: given.name for given in rulebook.given}
    names |= {derived.id: derived.name for derived in rulebook.derived}
    return ShownTitle(
        target=target,
        verdict=verdict,
        state=nearness_of(verdict),
        rows=tuple(_rows(verdict, rulebook, zone)),
        beyond=tuple((names[each.measure], each) for each in target.criteria if each.measure in names),
    )


def _rows(verdict: Verdict, rulebook: Rulebook, zone: Mapping[str, MeasureIndex]) -> Iterator[ShownCriterion]:
    measures = {measure.id: measure for measure in rulebook.measures}
    for finding in verdict.findings:
        step, measure = explain_finding(finding, rulebook), measures.get(finding.criterion.measure)
        found = zone.get(finding.criterion.measure)
        if measure is None:
            yield ShownCriterion(finding, step, None, people=more_respondents(finding))
        elif found is None:
            yield ShownCriterion(finding, step, measure)
        else:
            yield _of_index(finding, step, found, verdict.target.upper())


def _of_index(finding: Finding, step: Step, found: MeasureIndex, title: str) -> ShownCriterion:
    asked = threshold_points(finding.criterion, found.measure, found.rulebook)
    limit, highest = finding.criterion.threshold, found.rulebook.highest.value
    if isinstance(limit, str):
        raise TypeError(f"{finding.criterion.id}: a measure has no status")
    low = low_end([found.points, asked], found.rulebook.lowest.value)
    shown = ShownMeasure(
        measure=found.measure,
        is_asked=True,
        found=found,
        scale=scale(found.points, [(asked, title)], low, highest),
        thresholds=(Threshold(title, limit, finding.short_by),),
        decimals=decimals_beside(found.converted, [limit]),
    )
    people = best_answers_needed(found.points, found.n, asked, highest)
    before = explain_index(found)[len(found.elements) :][:2]  # a grade is of no title
    return ShownCriterion(finding, step, found.measure, shown, asked, people, before)
