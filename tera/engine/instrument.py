"""An instrument: one questionnaire as data, parsed strictly.

Items carry stable codes, never positions: the sources swap U8 and U9. Every item has its own options with
their scores; the wording of each language stands beside the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tera.engine.rulebook import CONSTRUCTS
from tera.engine.schema import SchemaError, Table, load, require_unique

MOST_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that an item offers."""

    score: int
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question; `column` is its short name in tables of answers, if it has one."""

    code: str
    element: str
    column: str
    required: bool
    stem: Mapping[str, str]
    help: Mapping[str, str]
    options: tuple[Option, ...]

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores that an answer may have, lowest first."""
        return tuple(sorted(option.score for option in self.options))


@dataclass(frozen=True, slots=True)
class Element:
    """What one or more items measure together (unsur)."""

    code: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire in one version."""

    id: str
    title: Mapping[str, str]
    construct: str
    rulebook: str
    column_order: str
    source: str
    checked: str
    translations: Mapping[str, str]
    highest: int
    elements: tuple[Element, ...]
    items: tuple[Item, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The item codes in the order of the questionnaire."""
        return tuple(item.code for item in self.items)

    def items_of(self, element: Element) -> tuple[Item, ...]:
        """Return the items that measure this element."""
        return tuple(item for item in self.items if item.element == element.code)


class CannotCombine(ValueError):
    """Two instruments ask or measure the same; a campaign takes one of them."""


def require_combinable(instruments: Iterable[Instrument]) -> None:
    """Refuse a set in which two instruments ask the same items, or measure the same and would compete.

    Raises:
        CannotCombine: names the two instruments.
    """
    owner: dict[str, str] = {}
    for instrument in instruments:
        for code in instrument.codes:
            if code in owner:
                message = f"{owner[code]} and {instrument.id} both ask {code}; choose one of them"
                raise CannotCombine(message)
            owner[code] = instrument.id
        rival = owner.setdefault(instrument.construct, instrument.id)
        if rival != instrument.id:
            message = f"{rival} and {instrument.id} both measure {instrument.construct}; choose one of them"
            raise CannotCombine(message)


def parse(text: str) -> Instrument:
    """Return the instrument written in this TOML text.

    Raises:
        SchemaError: unknown or missing key, an item without element, scores that are not 1..highest.
    """
    instrument = load(text, "instrument").closed(_instrument)
    _require_consistent(instrument)
    return instrument


def _option(table: Table) -> Option:
    return Option(table.whole("score", 1, MOST_OPTIONS), table.words("label"))


def _item(table: Table) -> Item:
    return Item(
        code=table.text("code"),
        element=table.text("element"),
        column=table.optional_text("column"),
        required=table.flag("required", default=True),
        stem=table.words("stem"),
        help=table.words("help") if "help" in table else {},
        options=table.each("option", _option),
    )


def _element(table: Table) -> Element:
    return Element(table.text("code"), table.words("name"))


def _instrument(table: Table) -> Instrument:
    return Instrument(
        id=table.text("id"),
        title=table.words("title"),
        construct=table.text("construct", CONSTRUCTS),
        rulebook=table.text("rulebook"),
        column_order=table.text("column_order"),
        source=table.text("source"),
        checked=table.text("checked"),
        translations=table.words("translations"),
        highest=table.whole("highest", 2, MOST_OPTIONS),
        elements=table.each("element", _element),
        items=table.each("item", _item),
    )


def _require_consistent(instrument: Instrument) -> None:
    elements = [element.code for element in instrument.elements]
    require_unique(elements, f"{instrument.id}.element")
    if not instrument.items:
        raise SchemaError(f"{instrument.id}: the list 'item' is missing or empty")
    names = [name.lower() for item in instrument.items for name in {item.code, item.column} if name]
    require_unique(names, f"{instrument.id}.item")
    for item in instrument.items:
        if item.element not in elements:
            raise SchemaError(f"{instrument.id}.{item.code}: unknown element {item.element!r}")
        if item.scores != tuple(range(1, instrument.highest + 1)):
            raise SchemaError(f"{instrument.id}.{item.code}: scores must be 1 to {instrument.highest}")
    for element in instrument.elements:
        if not instrument.items_of(element):
            raise SchemaError(f"{instrument.id}: element {element.code} has no item")
