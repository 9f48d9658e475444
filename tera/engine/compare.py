"""What differs between two instruments, item by item and word by word.

Items are told apart by their stable codes, which two versions of a questionnaire share, and two variants of
the same questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from tera.engine.explain import said
from tera.engine.instrument import Instrument, Item

Kind = Literal["kept", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both texts have, or only the one before or the one after."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that differs: its stem, and its options by score; both empty where one has not the item."""

    code: str
    kind: Literal["changed", "removed", "added"]
    stem: Sequence[Piece]
    options: Sequence[tuple[int, Sequence[Piece]]]


def differences(before: Instrument, after: Instrument, language: str) -> list[Difference]:
    """Return the items in which two instruments differ, in one language, in the order of the later one.

    Items that only the earlier one has come last. What is not translated is compared in Indonesian.
    """
    old, new = ({item.code: item for item in each.items} for each in (before, after))
    found = [_difference(old.get(code), item, language) for code, item in new.items()]
    found += [_difference(item, None, language) for code, item in old.items() if code not in new]
    return [entry for entry in found if entry is not None]


def pieces(before: str, after: str) -> list[Piece]:
    """Return how one text becomes the other, by words."""
    old, new = before.split(), after.split()
    found: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = " ".join(old[old_from:old_to]), " ".join(new[new_from:new_to])
        if tag == "equal":
            found.append(Piece("kept", gone))
            continue
        found += [Piece("removed", gone)] if gone else []
        found += [Piece("added", come)] if come else []
    return found


def _difference(old: Item | None, new: Item | None, language: str) -> Difference | None:
    item, before, after = new or old, _wording(old, language), _wording(new, language)
    if item is None or before == after:
        return None
    changed = [
        (score, pieces(before.get(score, ""), after.get(score, "")))
        for score in sorted(before.keys() | after.keys())
    ]
    kind: Literal["changed", "removed", "added"] = "changed" if old and new else "added" if new else "removed"
    return Difference(item.code, kind, changed[0][1], changed[1:])


def _wording(item: Item | None, language: str) -> dict[int, str]:
    """Return the stem under 0 and the options by score; nothing of no item."""
    if item is None:
        return {}
    options = {option.score: said(option.label, language) for option in item.options}
    return {0: said(item.stem, language), **options}
