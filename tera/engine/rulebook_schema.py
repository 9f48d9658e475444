"""The schema of a rulebook's file: every key known, every number with its article, nothing impossible."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from tera.engine.rulebook import (
    CONSTRUCTS,
    OPERATORS,
    PRINTED,
    RESPONDENTS,
    Band,
    Criterion,
    Derived,
    Given,
    Measure,
    Quantity,
    Rule,
    Rulebook,
    Sample,
    Target,
)
from tera.engine.schema import SchemaError, Table, load, require_unique

MOST_DECIMALS = 8
SECTION = re.compile(r"reading\.md#[a-z0-9-]+")


def parse(text: str) -> Rulebook:
    """Return the rulebook written in this TOML text.

    Raises:
        SchemaError: unknown or missing key, a number without an article, a criterion on an unknown measure.
    """
    rulebook = load(text, "rulebook").closed(_rulebook)
    _require_consistent(rulebook)
    return rulebook


def parse_recorded(text: str) -> tuple[Given, ...]:
    """Return the values that are recorded beside a rulebook which does not judge them.

    Raises:
        SchemaError: unknown or missing key, a number without an article, an id that stands there twice.
    """
    recorded = load(text, "recorded").closed(lambda table: table.each("given", _given))
    require_unique([given.id for given in recorded], "recorded")
    return recorded


def _source(table: Table) -> tuple[str, Mapping[str, str], str]:
    """Read the article, the note and the reading; "none" is an article only together with a reason."""
    article, note, reading = (
        table.text("article"),
        table.optional_words("note"),
        table.optional_text("reading"),
    )
    if article.lower().startswith("none") and not note:
        raise SchemaError(f"{table.path}: article 'none' needs a 'note' with the reason")
    if reading and not SECTION.fullmatch(reading):
        raise SchemaError(
            f"{table.path}.reading: {reading!r} is no section; write such as 'reading.md#weights'"
        )
    return article, note, reading


def _quantity(table: Table) -> Quantity:
    return Quantity(table.number("value"), table.text("unit"), *_source(table))


def _positive(table: Table) -> Quantity:
    quantity = _quantity(table)
    if quantity.value <= 0:
        raise SchemaError(f"{table.path}.value: {quantity.value} is not more than 0")
    return quantity


def _choice(*allowed: str) -> Callable[[Table], Rule]:
    def read(table: Table) -> Rule:
        rule = table.text("rule", allowed)
        return Rule(rule, table.number("value") if rule == PRINTED else None, *_source(table))

    return read


def _rounding(table: Table) -> tuple[int, Rule]:
    decimals = table.whole("decimals", 0, MOST_DECIMALS)
    return decimals, Rule(table.text("rule", ("half-up",)), None, *_source(table))


def _band(table: Table) -> Band:
    return Band(table.text("grade"), table.words("label"), table.table("from").closed(_quantity))


def _measure(table: Table) -> Measure:
    decimals, rounding = table.table("rounding").closed(_rounding)
    weights = table.table("weights").closed(_choice("equal", PRINTED))
    bands = table.each("band", _band)
    require_unique([band.grade for band in bands], f"{table.path}.band")
    starts = [band.start.value for band in bands]
    if starts != sorted(set(starts), reverse=True):
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
        maximum=table.table("maximum").closed(_positive),
        decimals=decimals,
        rounding=rounding,
        bands=bands,
    )


def _given(table: Table) -> Given:
    if "statuses" not in table:
        maximum = table.table("maximum").closed(_positive)
        return Given(table.text("id"), table.words("name"), maximum, (), is_ordered=False)
    statuses = table.texts("statuses")
    require_unique([status.casefold() for status in statuses], f"{table.path}.statuses")
    is_ordered = table.flag("ordered", default=False)
    return Given(table.text("id"), table.words("name"), None, statuses, is_ordered)


def _derived(table: Table) -> Derived:
    return Derived(table.text("id"), table.words("name"), table.texts("sum_of"))


def _threshold(table: Table) -> tuple[Fraction | str, str, str, Mapping[str, str], str]:
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
        chi_squared=table.table("chi_squared").closed(_positive),
        proportion=table.table("proportion").closed(_positive),
        margin=table.table("margin").closed(_positive),
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
    """Refuse names that stand twice or that nothing defines, and numbers that cannot be."""
    if not 0 <= rulebook.lowest.value < rulebook.highest.value:
        raise SchemaError(f"{rulebook.id}: 'lowest' is 0 or more, and less than 'highest'")
    if rulebook.sample and rulebook.sample.proportion.value >= 1:
        raise SchemaError(f"{rulebook.id}.sample.proportion: expected a share below 1")
    require_unique([name for m in rulebook.measures for name in m.constructs], f"{rulebook.id}: constructs")
    require_unique([target.id for target in rulebook.targets], f"{rulebook.id}: targets")
    numbers = _numbers(rulebook)
    statuses = {given.id: given for given in rulebook.given if given.statuses}
    names = [*(m.id for m in rulebook.measures), *(g.id for g in rulebook.given), RESPONDENTS]
    require_unique([*names, *(derived.id for derived in rulebook.derived)], f"{rulebook.id}: measures")
    for target in rulebook.targets:
        require_unique([criterion.id for criterion in target.criteria], f"{rulebook.id}.{target.id}")
        if not target.criteria:
            raise SchemaError(f"{rulebook.id}.{target.id}: a target has at least one criterion")
        for criterion in target.criteria:
            _require_possible(criterion, f"{rulebook.id}.{target.id}.{criterion.id}", numbers, statuses)


def _numbers(rulebook: Rulebook) -> dict[str, Fraction | None]:
    """Return what is a number, with the highest value that it can have (None: no end)."""
    numbers: dict[str, Fraction | None] = {m.id: m.maximum.value for m in rulebook.measures}
    numbers |= {given.id: given.maximum.value for given in rulebook.given if given.maximum}
    for derived in rulebook.derived:
        parts = [numbers.get(part) for part in derived.parts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            wrong = derived.parts[parts.index(None)]
            raise SchemaError(f"{rulebook.id}.derived.{derived.id}: {wrong!r} is no score defined before it")
        numbers[derived.id] = sum(known, Fraction(0))
    return {**numbers, RESPONDENTS: None}


def _require_possible(
    criterion: Criterion,
    path: str,
    numbers: Mapping[str, Fraction | None],
    statuses: Mapping[str, Given],
) -> None:
    threshold, measure = criterion.threshold, criterion.measure
    if measure in statuses:
        given = statuses[measure]
        if criterion.op not in _status_operators(given) or threshold not in given.statuses:
            operators = " or ".join(map(repr, _status_operators(given)))
            raise SchemaError(
                f"{path}: a status is compared by {operators} with one of {', '.join(given.statuses)}"
            )
    elif measure not in numbers:
        raise SchemaError(f"{path}: unknown {measure!r}")
    elif isinstance(threshold, str):
        raise SchemaError(f"{path}: {measure} is a number; the threshold needs 'value', not 'status'")
    elif threshold > (numbers[measure] or threshold):
        raise SchemaError(f"{path}: the threshold {threshold} is above the maximum of {measure}")
    elif measure == RESPONDENTS and threshold.denominator != 1:
        raise SchemaError(f"{path}: a number of respondents is whole, not {threshold}")


def _status_operators(given: Given) -> tuple[str, ...]:
    return (">=", "==") if given.is_ordered else ("==",)
