"""A checklist: what people look at when they verify a survey, as data, parsed strictly.

Each layer answers for itself and is scored for itself: what the unit says of its own survey stands beside
what the region saw, and neither changes the other.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.schema import SchemaError, Table, load, require_unique

LAYERS = ("unit", "region", "inspectorate", "ministry")
MOST_POINTS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that every item takes; one without points is not counted, such as "not applicable"."""

    code: str
    points: int | None
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading under which items stand."""

    code: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be looked at; "yes" is always the good answer."""

    code: str
    section: str
    layers: tuple[str, ...]
    asks: Mapping[str, str]
    hint: Mapping[str, str]
    sources: tuple[str, ...]
    on_site: bool
    wants_photo: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist in one version; a record pins what was asked by `sha256`, that of the file's text."""

    id: str
    title: Mapping[str, str]
    checked: str
    layers: tuple[str, ...]
    answers: tuple[Answer, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    sha256: str

    def items_of(self, layer: str) -> tuple[Item, ...]:
        """Return the items that a layer answers; ValueError for one that this checklist does not have."""
        _require_known({layer}, self.layers, f"{self.id}: layer")
        return tuple(item for item in self.items if layer in item.layers)

    @property
    def points(self) -> Mapping[str, int | None]:
        """The points of each answer by its code."""
        return {answer.code: answer.points for answer in self.answers}


def score(checklist: Checklist, layer: str, answers: Mapping[str, str]) -> Fraction | None:
    """Return what share of the points that a layer could give it gave, or None where nothing was counted.

        score = points given / (items answered with points x most points of an answer)

    Items without an answer, and those that are not applicable, shrink the divisor and are never zero. That
    all items weigh the same is our reading: no regulation is known to weigh them.

    Args:
        checklist: what was asked.
        layer: who answered.
        answers: codes of answers by the codes of items.

    Raises:
        ValueError: a layer, item or answer that is not in the checklist, or an item that others answer.
    """
    _require_answers(checklist, layer, answers)
    found = [checklist.points[code] for code in answers.values()]
    counted = [points for points in found if points is not None]
    most = max(points for points in checklist.points.values() if points is not None)
    return Fraction(sum(counted), len(counted) * most) if counted else None


def missing(checklist: Checklist, layer: str, answers: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the items that a layer has not answered yet, in their order; ValueError as in `score`."""
    _require_answers(checklist, layer, answers)
    return tuple(item for item in checklist.items_of(layer) if item.code not in answers)


def _require_answers(checklist: Checklist, layer: str, answers: Mapping[str, str]) -> None:
    asked = [item.code for item in checklist.items_of(layer)]
    _require_known(answers, asked, f"{checklist.id}: item for {layer}")
    _require_known(answers.values(), checklist.points, f"{checklist.id}: answer")


def _require_known(codes: Collection[str], known: Collection[str], what: str) -> None:
    if unknown := sorted(set(codes) - set(known)):
        raise ValueError(f"unknown {what} {', '.join(map(repr, unknown))}; use one of {', '.join(known)}")


def parse(text: str) -> Checklist:
    """Return the checklist written in this TOML text.

    Raises:
        SchemaError: unknown or missing key, a code that stands twice, an item that nobody answers.
    """
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    checklist = load(text, "checklist").closed(lambda table: _checklist(table, sha256))
    _require_consistent(checklist)
    return checklist


def _checklist(table: Table, sha256: str) -> Checklist:
    return Checklist(
        id=table.text("id"),
        title=table.words("title"),
        checked=table.text("checked"),
        layers=_layers(table, LAYERS),
        answers=table.each("answer", _answer),
        sections=table.each("section", lambda row: Section(row.text("code"), row.words("title"))),
        items=table.each("item", _item),
        sha256=sha256,
    )


def _layers(table: Table, allowed: Collection[str]) -> tuple[str, ...]:
    layers = table.texts("layers")
    require_unique(layers, f"{table.path}.layers")
    if unknown := [layer for layer in layers if layer not in allowed]:
        raise SchemaError(f"{table.path}.layers: {unknown[0]!r} is not one of {', '.join(allowed)}")
    return layers


def _answer(table: Table) -> Answer:
    points = table.whole("points", 0, MOST_POINTS) if "points" in table else None
    return Answer(table.text("code"), points, table.words("words"))


def _item(table: Table) -> Item:
    return Item(
        code=table.text("code"),
        section=table.text("section"),
        layers=_layers(table, LAYERS),
        asks=table.words("asks"),
        hint=table.optional_words("hint"),
        sources=table.texts("sources"),
        on_site=table.flag("on_site", default=False),
        wants_photo=table.flag("wants_photo", default=False),
    )


def _require_consistent(checklist: Checklist) -> None:
    sections = [section.code for section in checklist.sections]
    require_unique(sections, f"{checklist.id}.section")
    require_unique([item.code for item in checklist.items], f"{checklist.id}.item")
    require_unique([answer.code for answer in checklist.answers], f"{checklist.id}.answer")
    points = {answer.points for answer in checklist.answers} - {None}
    if 0 not in points or points == {0}:
        raise SchemaError(f"{checklist.id}.answer: one answer has 0 points, and one has more")
    for item in checklist.items:
        _require_sound(item, checklist)
    for layer in checklist.layers:
        if not checklist.items_of(layer):
            raise SchemaError(f"{checklist.id}: the layer {layer!r} has no item")
    for section in sections:
        if all(item.section != section for item in checklist.items):
            raise SchemaError(f"{checklist.id}: the section {section!r} has no item")


def _require_sound(item: Item, checklist: Checklist) -> None:
    place = f"{checklist.id}.{item.code}"
    if item.section not in [section.code for section in checklist.sections]:
        raise SchemaError(f"{place}: unknown section {item.section!r}")
    if unknown := [layer for layer in item.layers if layer not in checklist.layers]:
        raise SchemaError(f"{place}: the checklist has no layer {unknown[0]!r}")
    if item.wants_photo and not (item.on_site and item.hint):
        raise SchemaError(f"{place}: a photo is taken on site, and a hint says what must not be on it")
