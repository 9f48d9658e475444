"""Pages with slots: the portal renders the words of a page, the intake fills in what one respondent gave.

A page is text with two kinds of marks, in characters that no text of a page uses:

    U+E000 name U+E001                          the value of that name, escaped for HTML
    U+E000 ?name U+E001 text U+E000 / U+E001    text that is shown only if the name is given; may be nested
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

OPEN, CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


class BadPage(ValueError):
    """A section of a page is not closed, or closed twice."""


@dataclass(frozen=True, slots=True)
class _Value:
    name: str


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    parts: "Sequence[_Part]"


_Part = str | _Value | _Section


def value(name: str) -> str:
    """Return the mark that shows a value."""
    return f"{OPEN}{name}{CLOSE}"


def section(name: str, text: str) -> str:
    """Return text that is shown only if the name is given."""
    return f"{OPEN}?{name}{CLOSE}{text}{OPEN}/{CLOSE}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page whose slots can be filled, again and again."""

    parts: Sequence[_Part]

    @classmethod
    def parse(cls, text: str) -> "Page":
        """Return the page; BadPage if its sections do not close."""
        stack: list[tuple[str, list[_Part]]] = [("", [])]
        for place, piece in enumerate(_MARK.split(text)):
            if place % 2 == 0:
                stack[-1][1].append(piece)
            elif piece.startswith("?"):
                stack.append((piece[1:], []))
            elif piece != "/":
                stack[-1][1].append(_Value(piece))
            elif len(stack) == 1:
                raise BadPage("a section is closed that is not open")
            else:
                name, parts = stack.pop()
                stack[-1][1].append(_Section(name, tuple(parts)))
        if len(stack) > 1:
            raise BadPage(f"section {stack[-1][0]!r} is not closed")
        return cls(tuple(stack[0][1]))

    def fill(self, given: Mapping[str, str]) -> str:
        """Return the page with these values; a value that is not given is empty."""
        return "".join(_fill(self.parts, given))


def _fill(parts: Sequence[_Part], given: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, _Value):
            yield html.escape(given.get(part.name, ""))
        elif part.name in given:
            yield from _fill(part.parts, given)
