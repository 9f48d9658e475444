"""A rulebook: one regulation as data, parsed strictly.

It says how answers become an index, how an index becomes points and a grade, how many respondents are asked
for, and what a unit must reach to be proposed. Every number carries its article, or says that the article is
"none" and gives the reason.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tera.engine.schema import SchemaError, Table, require_unique

CONSTRUCTS = ("satisfaction", "service-quality", "anti-corruption")
RESPONDENTS = "respondents"
OPERATORS = (">=", ">", "==")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the law with its unit and where it stands."""

    value: Fraction
    unit: str
    article: str
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A choice between named rules; `value` is the number the rule needs, if it needs one."""

    rule: str
    value: Fraction | None
    article: str
    note: str


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
    """A value that no survey measures: a score between bounds, or one of a list of statuses."""

    id: str
    name: Mapping[str, str]
    maximum: Quantity | None
    statuses: tuple[str, ...]


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
    note: str


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


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One regulation, as a survey fixes it when it opens."""

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


def parse(text: str) -> Rulebook:
    """Return the rulebook written in this TOML text.

    Raises:
        SchemaError: unknown or missing key, a number without an article, a criterion on an unknown measure.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"not a TOML file: {error}") from error
    rulebook = Table(values, str(values.get("id", "rulebook"))).closed(_rulebook)
    _require_consistent(rulebook)
    return rulebook


def _source(table: Table) -> tuple[str, str]:
    """Read the article and the note; "none" is an article only together with a reason."""
    article, note = table.text("article"), table.optional_text("note")
    if article.startswith("none") and not note:
        raise SchemaError(f"{table.path}: article 'none' needs a 'note' with the reason")
    return article, note


def _quantity(table: Table) -> Quantity:
    return Quantity(table.number("value"), table.text("unit"), *_source(table))


def _choice(*allowed: str) -> Callable[[Table], Rule]:
    def read(table: Table) -> Rule:
        value = table.number("value") if "value" in table else None
        return Rule(table.text("rule", allowed), value, *_source(table))

    return read


def _rounding(table: Table) -> tuple[int, Rule]:
    decimals = table.whole("decimals")
    return decimals, Rule(table.text("rule", ("half-up",)), None, *_source(table))


def _band(table: Table) -> Band:
    return Band(table.text("grade"), table.words("label"), table.table("from").closed(_quantity))


def _measure(table: Table) -> Measure:
    decimals, rounding = table.table("rounding").closed(_rounding)
    weights = table.table("weights").closed(_choice("equal", "printed"))
    if (weights.rule == "printed") != (weights.value is not None):
        raise SchemaError(f"{table.path}.weights: rule 'printed' needs 'value', rule 'equal' has none")
    bands = table.each("band", _band)
    if list(bands) != sorted(bands, key=lambda band: band.start.value, reverse=True):
        raise SchemaError(f"{table.path}.band: list the bands from the best grade to the worst")
    constructs = table.texts("constructs")
    for construct in constructs:
        if construct not in CONSTRUCTS:
            raise SchemaError(f"{table.path}.constructs: {construct!r} is not one of {', '.join(CONSTRUCTS)}")
    return Measure(
        id=table.text("id"),
        name=table.words("name"),
        short=table.text("short"),
        constructs=constructs,
        weights=weights,
        maximum=table.table("maximum").closed(_quantity),
        decimals=decimals,
        rounding=rounding,
        bands=bands,
    )


def _given(table: Table) -> Given:
    statuses = table.texts("statuses") if "statuses" in table else ()
    maximum = None if statuses else table.table("maximum").closed(_quantity)
    return Given(table.text("id"), table.words("name"), maximum, statuses)


def _derived(table: Table) -> Derived:
    return Derived(table.text("id"), table.words("name"), table.texts("sum_of"))


def _threshold(table: Table) -> tuple[Fraction | str, str, str, str]:
    value = table.text("status") if "status" in table else table.number("value")
    return value, table.text("unit"), *_source(table)


def _criterion(table: Table) -> Criterion:
    threshold = table.table("threshold").closed(_threshold)
    return Criterion(table.text("id"), table.text("measure"), table.text("op", OPERATORS), *threshold)


def _target(table: Table) -> Target:
    return Target(table.text("id"), table.words("name"), table.each("criterion", _criterion))


def _sample(table: Table) -> Sample:
    return Sample(
        rule=table.table("rule").closed(_choice("krejcie-morgan")),
        chi_squared=table.table("chi_squared").closed(_quantity),
        proportion=table.table("proportion").closed(_quantity),
        margin=table.table("margin").closed(_quantity),
        rounding=table.table("rounding").closed(_choice("half-up")),
    )


def _rulebook(table: Table) -> Rulebook:
    return Rulebook(
        id=table.text("id"),
        title=table.text("title"),
        full_title=table.text("full_title"),
        amends=table.optional_text("amends"),
        checked=table.text("checked"),
        lowest=table.table("lowest").closed(_quantity),
        highest=table.table("highest").closed(_quantity),
        blank_answers=table.table("blank_answers").closed(_choice("shrink-divisor")),
        grouped_items=table.table("grouped_items").closed(_choice("pooled")),
        six_point_map=table.table("six_point_map").closed(_choice("ratio", "linear")),
        measures=table.each("measure", _measure),
        given=table.each("given", _given),
        derived=table.each("derived", _derived),
        targets=table.each("target", _target),
        sample=table.table("sample").closed(_sample) if "sample" in table else None,
    )


def _require_consistent(rulebook: Rulebook) -> None:
    """Refuse names that stand twice or that nothing defines."""
    measured = [measure.id for measure in rulebook.measures]
    known = [RESPONDENTS, *measured, *(given.id for given in rulebook.given)]
    for derived in rulebook.derived:
        for part in derived.parts:
            if part not in known:
                raise SchemaError(f"{rulebook.id}.derived.{derived.id}: {part!r} is not defined before it")
        known.append(derived.id)
    require_unique(known, f"{rulebook.id}: measures")
    for target in rulebook.targets:
        require_unique([criterion.id for criterion in target.criteria], f"{rulebook.id}.{target.id}")
        for criterion in target.criteria:
            if criterion.measure not in known:
                raise SchemaError(f"{rulebook.id}.{target.id}.{criterion.id}: unknown {criterion.measure!r}")
