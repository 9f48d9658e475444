"""A rulebook: one regulation as data.

It says how answers become an index, how an index becomes points and a grade, how many respondents are asked
for, and what a unit must reach to be proposed. Every number carries its article, or says that the article is
"none" and gives the reason as a note, one text per language. `reading` is the section of `reading.md` that
argues it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

CONSTRUCTS = ("satisfaction", "service-quality", "anti-corruption")
RESPONDENTS = "respondents"
PRINTED = "printed"
OPERATORS = (">=", ">", "==")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the law with its unit and where it stands."""

    value: Fraction
    unit: str
    article: str
    note: Mapping[str, str]
    reading: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A choice between named rules; `value` is the number the rule needs, if it needs one."""

    rule: str
    value: Fraction | None
    article: str
    note: Mapping[str, str]
    reading: str


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the lowest rounded converted value that earns it."""

    grade: str
    label: Mapping[str, str]
    start: Quantity


@dataclass(frozen=True, slots=True)
class Measure:
    """An index that a survey yields, such as SKM, IKM or IPK; high is always good."""

    id: str
    name: Mapping[str, str]
    short: str
    constructs: tuple[str, ...]
    weights: Rule
    maximum: Quantity
    decimals: int
    rounding: Rule
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A value that no survey measures: a score between bounds, or one of a list of statuses.

    Ordered statuses stand from the lowest to the highest, so that a criterion can ask for one or better.
    """

    id: str
    name: Mapping[str, str]
    maximum: Quantity | None
    statuses: tuple[str, ...]
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that is the sum of others."""

    id: str
    name: Mapping[str, str]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must hold: a measure, an operator and a threshold."""

    id: str
    measure: str
    op: str
    threshold: Fraction | str
    unit: str
    article: str
    note: Mapping[str, str]
    reading: str


@dataclass(frozen=True, slots=True)
class Target:
    """A title that a unit can be proposed for; all criteria must hold."""

    id: str
    name: Mapping[str, str]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """How many respondents a population calls for."""

    rule: Rule
    chi_squared: Quantity
    proportion: Quantity
    margin: Quantity
    rounding: Rule


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """One regulation, as a survey fixes it when it opens; it equals itself only, so that it can be a key."""

    id: str
    title: str
    full_title: str
    amends: str
    checked: str
    lowest: Quantity
    highest: Quantity
    blank_answers: Rule
    grouped_items: Rule
    six_point_map: Rule
    measures: tuple[Measure, ...]
    given: tuple[Given, ...]
    derived: tuple[Derived, ...]
    targets: tuple[Target, ...]
    sample: Sample | None

    def measure(self, measure_id: str) -> Measure:
        """Return the survey measure with this id; KeyError if there is none."""
        return {measure.id: measure for measure in self.measures}[measure_id]

    def measure_of(self, construct: str) -> Measure | None:
        """Return the measure that takes this construct, or None where the rulebook does not use it."""
        return next((measure for measure in self.measures if construct in measure.constructs), None)

    def target(self, target_id: str) -> Target:
        """Return the target with this id; KeyError if there is none."""
        return {target.id: target for target in self.targets}[target_id]
