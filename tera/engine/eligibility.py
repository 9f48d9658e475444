"""May a unit be proposed? One finding per criterion; all must hold.

Thresholds compare exact values: 3,595 is shown as 3,60 and fails 3,60. What cannot be judged is a no.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.number import plain
from tera.engine.rulebook import RESPONDENTS, Criterion, Rulebook

Value = Fraction | str
SURVEY_CRITERIA = "survey criteria"
ALL_CRITERIA = "all criteria"
_COMPARE = {">=": operator.ge, ">": operator.gt, "==": operator.eq}


class BadValue(ValueError):
    """A value is not one that the rulebook knows or allows; the message says what is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion found: its value, whether it is met (None: cannot be judged), by how much not."""

    criterion: Criterion
    value: Value | None
    met: bool | None
    short_by: Fraction | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the unit be proposed for this target, and what each criterion found.

    `scope` says whether only the criteria were judged that a survey can answer, or all of them.
    """

    eligible: bool
    target: str
    rulebook: Rulebook
    scope: str
    findings: tuple[Finding, ...]

    @property
    def first_unmet(self) -> Finding | None:
        """The first criterion that does not hold, in the order of the rulebook."""
        return next((finding for finding in self.findings if not finding.met), None)


def judge(
    rulebook: Rulebook,
    target_id: str,
    values: Mapping[str, Value],
    respondents: int | None,
    *,
    survey_only: bool = False,
) -> Verdict:
    """Judge a unit against every criterion of a target.

    Args:
        rulebook: the regulation that the survey opened under.
        target_id: the title, such as `wbk`.
        values: by measure id, points (not the 1 to 4 index) or a status; sums may be left out.
        respondents: the smallest number of respondents of the measures, None where unknown.
        survey_only: judge only what a survey can answer, and say so in the scope.

    Raises:
        BadValue: a value that the rulebook does not know, out of bounds, or a sum that does not add up.
        KeyError: no such target.
    """
    for name, value in values.items():
        _require_allowed(rulebook, name, value)
    known = with_sums(rulebook, values)
    if respondents is not None:
        known[RESPONDENTS] = Fraction(respondents)
    measured = {RESPONDENTS, *(measure.id for measure in rulebook.measures)}
    criteria = [
        criterion
        for criterion in rulebook.target(target_id).criteria
        if not survey_only or criterion.measure in measured
    ]
    findings = tuple(_find(criterion, known.get(criterion.measure)) for criterion in criteria)
    return Verdict(
        eligible=bool(findings) and all(finding.met for finding in findings),
        target=target_id,
        rulebook=rulebook,
        scope=SURVEY_CRITERIA if survey_only else ALL_CRITERIA,
        findings=findings,
    )


def with_sums(rulebook: Rulebook, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values with every sum whose parts are known; BadValue where a given sum is another."""
    known = dict(values)
    for derived in rulebook.derived:
        parts = [known.get(part) for part in derived.parts]
        numbers = [part for part in parts if isinstance(part, Fraction)]
        if len(numbers) < len(parts):
            continue
        total = sum(numbers, Fraction(0))
        if known.setdefault(derived.id, total) != total:
            added = " + ".join(derived.parts)
            raise BadValue(f"{derived.id} is {added} = {plain(total)}, not {_text(known[derived.id])}")
    return known


def upper_bounds(rulebook: Rulebook) -> dict[str, Fraction]:
    """Return the highest value that each measure, given score and sum can have."""
    bounds = {measure.id: measure.maximum.value for measure in rulebook.measures}
    bounds |= {given.id: given.maximum.value for given in rulebook.given if given.maximum is not None}
    for derived in rulebook.derived:
        bounds[derived.id] = sum((bounds[part] for part in derived.parts), Fraction(0))
    return bounds


def _require_allowed(rulebook: Rulebook, name: str, value: Value) -> None:
    statuses = {given.id: given.statuses for given in rulebook.given if given.statuses}
    bounds = upper_bounds(rulebook)
    if name in statuses:
        if value not in statuses[name]:
            raise BadValue(f"{name}: {_text(value)!r} is not one of {', '.join(statuses[name])}")
    elif name not in bounds:
        raise BadValue(f"{rulebook.id} knows no {name!r}; it knows {', '.join([*bounds, *statuses])}")
    elif isinstance(value, str) or not 0 <= value <= bounds[name]:
        raise BadValue(f"{name}: {_text(value)} is not a number from 0 to {plain(bounds[name])}")


def _text(value: Value) -> str:
    return value if isinstance(value, str) else plain(value)


def _find(criterion: Criterion, value: Value | None) -> Finding:
    if value is None or isinstance(value, str) != isinstance(criterion.threshold, str):
        return Finding(criterion, value, None, None)
    met = bool(_COMPARE[criterion.op](value, criterion.threshold))
    if met or isinstance(value, str) or isinstance(criterion.threshold, str):
        return Finding(criterion, value, met, None)
    return Finding(criterion, value, met, criterion.threshold - value)
