"""May a unit be proposed? One finding per criterion; all must hold.

Thresholds compare exact values: 3,595 is shown as 3,60 and fails 3,60. What cannot be judged is a no.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tera.engine.number import LONGEST, NotANumber, parse, plain
from tera.engine.rulebook import RESPONDENTS, Criterion, Given, Rulebook

Value = Fraction | str
SURVEY_CRITERIA = "survey criteria"
ALL_CRITERIA = "all criteria"
MOST_DECIMALS = 4  # of a number that people give: nobody scores more finely, and what is stored stays short
KEPT = 64  # judges: some rulebooks, two titles each, with all criteria or those of a survey
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}


class BadValue(ValueError):
    """A value is not one that the rulebook knows or allows; the message says what is.

    `allowed` are the statuses it may be, `maximum` is the end of the numbers from 0 it may be, `decimals` is
    how many it may have where it has more; none is there where it is refused for another reason.
    """

    def __init__(
        self,
        message: str,
        *,
        allowed: tuple[str, ...] = (),
        maximum: Fraction | None = None,
        decimals: int | None = None,
    ) -> None:
        super().__init__(message)
        self.allowed, self.maximum, self.decimals = allowed, maximum, decimals


class Finding(NamedTuple):
    """What one criterion found: its value, and whether it is met (None: cannot be judged)."""

    criterion: Criterion
    value: Value | None
    met: bool | None

    @property
    def short_by(self) -> Fraction | None:
        """By how much a number misses its threshold; None where it is met, unknown or a status."""
        value, threshold = self.value, self.criterion.threshold
        if self.met is not False or isinstance(value, str) or value is None or isinstance(threshold, str):
            return None
        return threshold - value


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


class Judge:
    """Judges any number of units by one target: what the rulebook says is looked up once."""

    def __init__(self, rulebook: Rulebook, target_id: str, *, survey_only: bool = False) -> None:
        """Take the regulation and the title, such as `wbk`; KeyError if there is no such title.

        With `survey_only` only the criteria are judged that a survey can answer.
        """
        measured = {RESPONDENTS, *(measure.id for measure in rulebook.measures)}
        self._rulebook, self._target = rulebook, target_id
        self._scope = SURVEY_CRITERIA if survey_only else ALL_CRITERIA
        self._statuses = {given.id: given.statuses for given in rulebook.given if given.statuses}
        self._bounds = upper_bounds(rulebook)
        self._ratios = {name: bound.as_integer_ratio() for name, bound in self._bounds.items()}
        self._tests = tuple(
            (criterion.measure, _test(criterion, self._statuses.get(criterion.measure, ())))
            for criterion in rulebook.target(target_id).criteria
            if not survey_only or criterion.measure in measured
        )

    def judge(self, values: Mapping[str, Value], respondents: int | None) -> Verdict:
        """Judge one unit; values and respondents are those of the function `judge`, and so are the errors."""
        self._require_allowed(values)
        known = with_sums(self._rulebook, values)
        if respondents is not None:
            known[RESPONDENTS] = Fraction(respondents)
        findings = tuple([test(known.get(measure)) for measure, test in self._tests])
        eligible = bool(findings) and all(finding.met for finding in findings)
        return Verdict(eligible, self._target, self._rulebook, self._scope, findings)

    def _require_allowed(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            if isinstance(value, str) or name not in self._ratios:
                is_allowed = value in self._statuses.get(name, ())
            else:
                top, bottom = value.as_integer_ratio()
                most, share = self._ratios[name]
                is_allowed = top >= 0 and top * share <= most * bottom
            if not is_allowed:
                raise self._complaint(name, value)

    def _complaint(self, name: str, value: Value) -> BadValue:
        if name in self._statuses:
            return _no_status(name, _text(value), self._statuses[name])
        if name in self._bounds:
            return _no_number(name, _text(value), self._bounds[name])
        known = ", ".join([*self._bounds, *self._statuses])
        return BadValue(f"{self._rulebook.id} knows no {name!r}; it knows {known}")


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
    return _judge_of(rulebook, target_id, survey_only=survey_only).judge(values, respondents)


@lru_cache(maxsize=KEPT)
def _judge_of(rulebook: Rulebook, target_id: str, *, survey_only: bool) -> Judge:
    return Judge(rulebook, target_id, survey_only=survey_only)


def require_allowed(given: Given, text: str) -> Value:
    """Return what somebody typed for a given value: an exact number, or one of its statuses.

    A number is written as `3,5`, `3.5` or `7/2` and is exact in `MOST_DECIMALS` decimals; a status is written
    in small or capital letters.

    Raises:
        BadValue: it is neither; `allowed`, or `maximum` and `decimals`, say what it may be.
    """
    typed = text.strip()
    if given.maximum is None:
        statuses = {status.casefold(): status for status in given.statuses}
        if typed.casefold() not in statuses:
            raise _no_status(given.id, typed[:LONGEST], given.statuses)
        return statuses[typed.casefold()]
    try:
        value = parse(typed)
    except NotANumber as error:
        raise _no_number(given.id, repr(typed[:LONGEST]), given.maximum.value) from error
    if not 0 <= value <= given.maximum.value:
        raise _no_number(given.id, plain(value), given.maximum.value)
    if (value * 10**MOST_DECIMALS).denominator != 1:
        message = f"{given.id}: {typed!r} is not exact in {MOST_DECIMALS} decimals"
        raise BadValue(message, maximum=given.maximum.value, decimals=MOST_DECIMALS)
    return value


def with_sums(rulebook: Rulebook, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values with every sum whose parts are known; BadValue where a given sum is another."""
    known = dict(values)
    for derived in rulebook.derived:
        numbers = [part for part in map(known.get, derived.parts) if isinstance(part, Fraction)]
        if len(numbers) < len(derived.parts):
            continue
        total = _sum(numbers)
        if derived.id not in known:
            known[derived.id] = total
        elif known[derived.id] != total:
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


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    """Return an exact sum that is brought to lowest terms once, not after every step."""
    top, bottom = 0, 1
    for number in numbers:
        more, share = number.as_integer_ratio()
        top, bottom = (
            (top + more, bottom) if share == bottom else (top * share + more * bottom, bottom * share)
        )
    return Fraction(top, bottom)


def _no_status(name: str, text: str, statuses: tuple[str, ...]) -> BadValue:
    return BadValue(f"{name}: {text!r} is not one of {', '.join(statuses)}", allowed=statuses)


def _no_number(name: str, text: str, maximum: Fraction) -> BadValue:
    return BadValue(f"{name}: {text} is not a number from 0 to {plain(maximum)}", maximum=maximum)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else plain(value)


def _test(criterion: Criterion, statuses: tuple[str, ...]) -> Callable[[Value | None], Finding]:
    """Return what finds out whether a value meets this criterion; statuses count by their place."""
    compare, threshold, unknown = _COMPARE[criterion.op], criterion.threshold, Finding(criterion, None, None)
    if isinstance(threshold, str):
        asked = statuses.index(threshold)
        found: dict[Value | None, Finding] = {
            status: Finding(criterion, status, compare(place, asked)) for place, status in enumerate(statuses)
        }
        return lambda value: found.get(value, unknown)
    most, share = threshold.as_integer_ratio()

    def find(value: Value | None) -> Finding:
        if value is None or isinstance(value, str):
            return unknown
        top, bottom = value.as_integer_ratio()  # whole numbers compare ten times as fast as fractions
        return Finding(criterion, value, compare(top * share, most * bottom))

    return find
