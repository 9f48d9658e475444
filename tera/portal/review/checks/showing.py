"""Checks as a page shows them: item by item, the layers side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tera.engine.checklist import Checklist, Item, Section
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.checks.queries import Seen, Standing, newest
from tera.portal.review.models.checks import Layer


@dataclass(frozen=True, slots=True)
class Cell:
    """What a layer answered to an item; it may not have to, or not have done so yet."""

    name: str
    is_asked: bool
    words: Mapping[str, str] | None
    remark: str


@dataclass(frozen=True, slots=True)
class Row:
    """An item with what each layer answered, and what visits found."""

    item: Item
    cells: tuple[Cell, ...]
    seen: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class Table:
    """One checklist with the layers that answered it; layers that answered none stand at the newest."""

    checklist: Checklist
    layers: tuple[Layer, ...]
    names: tuple[str, ...]
    sections: tuple[tuple[Section, tuple[Row, ...]], ...]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.layers) + 1


def tables(standings: Sequence[Standing], seen: Mapping[str, Sequence[Seen]]) -> list[Table]:
    """Return a table for each checklist that was answered, the newest first."""
    last = newest()
    by_checklist: dict[str, list[Standing]] = {last.id: []}
    checklists = {last.id: last}
    for standing in standings:
        checklist = standing.shown.checklist if standing.shown else last
        checklists[checklist.id] = checklist
        by_checklist.setdefault(checklist.id, []).append(standing)
    return [
        _table(checklists[name], mine, seen if name == last.id else {})
        for name, mine in by_checklist.items()
        if mine
    ]


def _table(checklist: Checklist, standings: Sequence[Standing], seen: Mapping[str, Sequence[Seen]]) -> Table:
    layers = tuple(standing.layer for standing in standings)
    sections = []
    for section in checklist.sections:
        rows = tuple(
            Row(
                item,
                tuple(_cell(checklist, item, standing) for standing in standings),
                seen.get(item.code, ()),
            )
            for item in checklist.items
            if item.section == section.code and set(layers) & set(item.layers)
        )
        if rows:
            sections.append((section, rows))
    return Table(checklist, layers, tuple(map(layer_name, layers)), tuple(sections))


def _cell(checklist: Checklist, item: Item, standing: Standing) -> Cell:
    kept = standing.shown.kept if standing.shown else None
    code = kept.answers.get(item.code, "") if kept else ""
    words = {answer.code: answer.words for answer in checklist.answers}.get(code)
    remark = kept.remarks.get(item.code, "") if kept else ""
    return Cell(standing.name, standing.layer in item.layers, words, remark)
