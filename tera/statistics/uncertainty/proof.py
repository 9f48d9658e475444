"""Beside the verdict of the law, never instead of it: what the data prove at a threshold T.

    proven at 95 %      the criterion is met, and the lower bound of the true mean is T or more
    meets on the face   it is met, and the bound lies below T: not yet proven
    below               it is not met
    can't be judged     how respondents spread is not known, they are few, or too many left blanks

Two doubts stay with a mean that passes. That of sampling: how many more respondents of the same answers would
bring the bound to T. That of authenticity: how many perfect forms, if they were invented, explain the pass.

    k* = floor(n e*) + 1,   e* = (mean - T) / (highest - T)

If k* of n were invented, m random calls would meet none of them with a probability of (1 - k*/n)^m; so many
calls without a failure rule it out at 95 %. Where a least number of respondents is asked for, fewer can do:
without n - 29 of n, 29 are left, and the verdict flips by the smaller number. See docs/method.md.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from tera.engine.disclosure import K
from tera.engine.eligibility import Finding, Verdict
from tera.engine.index import MeasureIndex, convert, mapped, weight
from tera.engine.rulebook import RESPONDENTS
from tera.statistics.uncertainty.gaffke import Means, cdf, lower_bound

ALPHA = 0.05
MOST_INCOMPLETE = Fraction(1, 10)
"""The share of respondents that may have left a required item blank before a bound says nothing of all."""
MOST_NEEDED = 10_000_000
BOUND_DECIMALS = 4


class Status(StrEnum):
    """What the data prove of one criterion."""

    PROVEN = "proven at 95 %"
    NOT_YET = "meets on the face, not yet proven"
    BELOW = "below"
    UNJUDGED = "can't be judged"


_WEAKEST_FIRST = (Status.BELOW, Status.UNJUDGED, Status.NOT_YET, Status.PROVEN)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the data prove of one criterion.

    Attributes:
        status: in words.
        respondents: how many the index has; None where unknown.
        lower_bound: 95 %, one-sided, in the unit of the criterion, cut after 4 decimals; None where unknown.
        respondents_needed: how many more, if they answer like those so far; None where no number would do.
        fake_forms_to_flip: how many invented perfect forms would explain the pass; None where nothing passes.
        calls_needed: random call-backs without a failure that rule so many invented forms out at 95 %.
    """

    status: Status
    respondents: int | None = None
    lower_bound: Fraction | None = None
    respondents_needed: int | None = None
    fake_forms_to_flip: int | None = None
    calls_needed: int | None = None


@dataclass(frozen=True)
class Evidence:
    """How respondents behind an index spread.

    `means` are those of respondents who answered every item, on the scale of the instrument. Only of them is
    the mean of means what the law's index estimates: an item that many leave blank weighs as much as others
    in the index, and less in the means of those who left it blank.
    """

    index: MeasureIndex
    means: Means

    @property
    def is_judged(self) -> bool:
        """Say whether a bound from complete forms says something of the index."""
        complete, elements = sum(self.means.values()), self.index.elements
        is_whole = all(element.mean is not None for element in elements)
        return is_whole and complete >= K and complete >= (1 - MOST_INCOMPLETE) * self.index.n

    @cached_property
    def points(self) -> dict[Fraction, float]:
        """How many respondents have each mean in the criterion's unit; an incomplete form has the lowest."""
        found, missing = self.converted(self.means), self.index.n - sum(self.means.values())
        if missing > 0:
            found[self.lowest] = found.get(self.lowest, 0) + missing
        return found

    def converted(self, means: Means) -> dict[Fraction, float]:
        """Return means on the instrument's scale in the unit of the criterion, of these people or others."""
        return {self._converted(mean): times for mean, times in means.items()}

    @cached_property
    def lowest(self) -> Fraction:
        """The lowest mean that a respondent can have, in the unit of the criterion."""
        return self._converted(Fraction(1))

    @cached_property
    def lower_bound(self) -> Fraction:
        """The lower bound of the true mean at 95 %, in the unit of the criterion, cut after 4 decimals."""
        bound = lower_bound(self.points, self.lowest, ALPHA)
        return Fraction(math.floor(bound * 10**BOUND_DECIMALS), 10**BOUND_DECIMALS)

    def fake_forms_to_flip(self, threshold: Fraction) -> int | None:
        """Return how many perfect forms, answered throughout, must be taken away to miss the threshold.

        Counted element by element, so that it holds too where items have different numbers of answers. At
        least so many: the answers may not have as many perfect forms.
        """
        n = self.index.n
        if self.index.converted < threshold or threshold >= self.index.measure.maximum.value:
            return None
        # While every element has answers left, the index falls with each form; a lost element may raise it.
        last = min(self._most_forms(), n)
        rest = self._without_perfect(last)
        low, high = (0, last) if rest is None or rest < threshold else (last, n)
        while high - low > 1:
            middle = (low + high) // 2
            rest = self._without_perfect(middle)
            low, high = (low, middle) if rest is None or rest < threshold else (middle, high)
        return high

    def _most_forms(self) -> int:
        """Return how many whole forms can be taken away so that each element keeps an answer."""
        elements = zip(self.index.instrument.elements, self.index.elements, strict=True)
        sizes = ((len(self.index.instrument.items_of(element)), found.n) for element, found in elements)
        return min(((answers - 1) // items for items, answers in sizes if answers), default=0)

    def _without_perfect(self, forms: int) -> Fraction | None:
        """Return the index without so many perfect forms; None where nothing is left."""
        index, means = self.index, []
        for element, found in zip(index.instrument.elements, index.elements, strict=True):
            answers = len(index.instrument.items_of(element)) * forms
            if found.n > answers:
                total = found.sum - index.instrument.highest * answers
                means.append(mapped(Fraction(total, found.n - answers), index.instrument, index.rulebook))
        if not means:
            return None
        points = sum(means, Fraction(0)) * weight(index.measure, len(means))
        return convert(points, index.measure, index.rulebook)

    def _converted(self, mean: Fraction) -> Fraction:
        index = self.index
        elements = sum(element.mean is not None for element in index.elements)
        share = weight(index.measure, elements) * elements
        return convert(mapped(mean, index.instrument, index.rulebook) * share, index.measure, index.rulebook)


def prove(verdict: Verdict, evidence: Mapping[str, Evidence], n: int | None) -> dict[str, Proof]:
    """Return what the data prove of each criterion that a survey answers, by criterion id.

    Args:
        verdict: what the law says.
        evidence: by measure id; a measure whose answers are not at hand is missing.
        n: respondents of the verdict, None where unknown.
    """
    measures = {measure.id: measure.maximum.value for measure in verdict.rulebook.measures}
    proofs = {}
    for finding in verdict.findings:
        name = finding.criterion.measure
        if name == RESPONDENTS:
            proofs[finding.criterion.id] = _of_respondents(finding)
        elif name in measures:
            known = evidence.get(name)
            answered = known.index.n if known else n
            proofs[finding.criterion.id] = _of_mean(finding, known, answered, measures[name])
    return proofs


def status_of_verdict(verdict: Verdict, evidence: Mapping[str, Evidence]) -> Status:
    """Return the weakest status of all criteria that a survey answers, without the bounds themselves."""
    measures = {measure.id for measure in verdict.rulebook.measures}
    return _weakest(
        status_of(finding, evidence.get(finding.criterion.measure))
        for finding in verdict.findings
        if finding.criterion.measure in measures
    )


def together(proofs: Mapping[str, Proof]) -> Proof:
    """Return what is proven of all criteria: the weakest status, and the fewest forms that flip one."""
    status = _weakest(proof.status for proof in proofs.values())
    flips = [proof for proof in proofs.values() if proof.fake_forms_to_flip is not None]
    if status == Status.BELOW or not flips:
        return Proof(status)
    weakest = min(flips, key=lambda proof: proof.fake_forms_to_flip or 0)
    needed = [proof.respondents_needed for proof in proofs.values()]
    return Proof(
        status,
        weakest.respondents,
        respondents_needed=None if None in needed else max(filter(None, needed), default=0),
        fake_forms_to_flip=weakest.fake_forms_to_flip,
        calls_needed=weakest.calls_needed,
    )


def _weakest(statuses: Iterable[Status]) -> Status:
    return min(statuses, key=_WEAKEST_FIRST.index, default=Status.UNJUDGED)


def fake_forms_to_flip(value: Fraction, threshold: Fraction, highest: Fraction, n: int) -> int | None:
    """Return how many perfect forms of n must be invented for the others' mean to lie below the threshold.

    None where nothing passes, or where the threshold is the highest score.
    """
    if value < threshold or threshold >= highest:
        return None
    return min(math.floor(n * (value - threshold) / (highest - threshold)) + 1, n)


def calls_to_rule_out(invented: int, n: int) -> int:
    """Return the fewest random calls without a failure that rule out so many invented forms of n, at 95 %."""
    return 1 if invented >= n else min(calls_needed(invented / n), n)


def calls_needed(share: float, alpha: float = ALPHA) -> int:
    """Return how many call-backs without a failure rule out a bad share as large as this.

    Raises:
        ValueError: the share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"{share} is no share that calls can rule out; it must lie between 0 and 1")
    return math.ceil(math.log(alpha) / math.log1p(-share))


def _of_respondents(finding: Finding) -> Proof:
    """A number of respondents is counted, not estimated: what holds on the face is proven."""
    threshold, value = finding.criterion.threshold, finding.value
    if not isinstance(value, Fraction) or not isinstance(threshold, Fraction):
        return Proof(Status.UNJUDGED)
    n, asked = int(value), math.ceil(threshold)
    if not finding.met:
        return Proof(Status.BELOW, n, value, asked - n)
    flips = n - asked + 1
    return Proof(Status.PROVEN, n, value, 0, flips, calls_to_rule_out(flips, n))


def _of_mean(finding: Finding, known: Evidence | None, n: int | None, highest: Fraction) -> Proof:
    threshold, value, status = finding.criterion.threshold, finding.value, status_of(finding, known)
    if not isinstance(value, Fraction) or not isinstance(threshold, Fraction):
        return Proof(status)
    flips = None
    if known is not None:
        flips = known.fake_forms_to_flip(threshold)
    elif n is not None:
        flips = fake_forms_to_flip(value, threshold, highest, n)
    calls = None if n is None or flips is None else calls_to_rule_out(flips, n)
    if known is None or status == Status.UNJUDGED:
        return Proof(status, n, None, None, flips, calls)
    more = 0 if status == Status.PROVEN else None
    if status == Status.NOT_YET:
        more = _more(known, threshold)
    return Proof(status, n, known.lower_bound, more, flips, calls)


def status_of(finding: Finding, known: Evidence | None) -> Status:
    """Return what is proven of a measure's criterion: the lower bound is T or more where cdf(T) <= 5 %."""
    threshold = finding.criterion.threshold
    if finding.met is None or known is None or not known.is_judged or not isinstance(threshold, Fraction):
        return Status.UNJUDGED
    if not finding.met:
        return Status.BELOW
    is_proven = cdf(known.points, known.lowest, float(threshold)) <= ALPHA
    return Status.PROVEN if is_proven else Status.NOT_YET


def _more(known: Evidence, threshold: Fraction) -> int | None:
    """Return how many more respondents of the same answers bring the bound to the threshold."""
    points, n = known.points, known.index.n
    mean = sum((score * Fraction(times) for score, times in points.items()), Fraction(0)) / Fraction(n)
    if mean <= threshold:
        return None

    def is_enough(size: float) -> bool:
        larger = {score: times * size / n for score, times in points.items()}
        return cdf(larger, known.lowest, float(threshold)) <= ALPHA

    low, high = int(n), 2 * int(n)
    while not is_enough(high):
        low, high = high, 2 * high
        if high > MOST_NEEDED:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high - int(n)
