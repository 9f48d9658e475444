"""The texts of an office for one kind of letter: which there are, how long, and what stands at first."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import timezone
from django.utils.functional import Promise

from tera.portal.proposals.letters.filling import NUMBER_NAMES, TEXT_NAMES
from tera.portal.proposals.models import LetterKind, Template
from tera.portal.units.models import Unit
from tera.portal.units.queries import line_above

Texts = Mapping[str, str]
LONGEST_WORD = 60  # a longer one would run over the edge of the paper


@dataclass(frozen=True, slots=True)
class Field:
    """One text: at most so many lines and characters, and the placeholders that it may have."""

    id: str
    lines: int
    longest: int
    names: Mapping[str, Promise] | None = None
    is_required: bool = True

    @property
    def width(self) -> int:
        """The most characters of a line; paragraphs have no such limit."""
        return self.longest // self.lines if self.lines < PARAGRAPHS else self.longest


PARAGRAPHS = 60
FIELDS = {
    field.id: field
    for field in (
        Field("letterhead", 5, 600),
        Field("pattern", 1, 80, NUMBER_NAMES),
        Field("place", 1, 60),
        Field("addressee", 8, 960),
        Field("subject", 1, 250, TEXT_NAMES),
        Field("opening", PARAGRAPHS, 4000, TEXT_NAMES),
        Field("closing", PARAGRAPHS, 4000, TEXT_NAMES),
        Field("signatory_title", 3, 360),
        Field("signatory_name", 1, 120),
        Field("signatory_nip", 1, 40, is_required=False),
        Field("copies", 15, 1800, is_required=False),
        Field("attachment", 1, 200, TEXT_NAMES),
    )
}
ONE_OFF = ("addressee", "subject", "opening", "closing")
"""What may be written otherwise in a single letter."""
SHARED = ("letterhead", "place", "signatory_title", "signatory_name", "signatory_nip")
"""What is the office's own and the same in all its letters."""


@cache
def _at_first() -> Mapping[str, Texts]:
    text = Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")
    found: dict[str, Texts] = tomllib.loads(text)
    return {kind: {name: part.strip() for name, part in texts.items()} for kind, texts in found.items()}


def texts_of(office: Unit, kind: LetterKind) -> Texts:
    """Return the texts of an office as they hold now: its own, or those that stand at first.

    Where a kind has none, letterhead, place and signatory are those that the office wrote last.
    """
    first = {**defaults(kind), "letterhead": _letterhead(office)}
    if (own := own_texts(office, kind)) is not None:
        return {**first, **own}
    other = Template.objects.filter(office=office).order_by("pk").last()
    return {**first, **({name: other.texts[name] for name in SHARED} if other else {})}


def own_texts(office: Unit, kind: LetterKind) -> Texts | None:
    """Return the texts that an office wrote last for a kind of letter, if it ever did."""
    own = Template.objects.filter(office=office, kind=kind).order_by("number").last()
    return own.texts if own else None


def defaults(kind: LetterKind) -> Texts:
    """Return the texts of a kind of letter that no office has written."""
    return {**dict.fromkeys(FIELDS, ""), **_at_first()[kind]}


def _letterhead(office: Unit) -> str:
    """Return the names of the offices above an office and its own, as letterheads have them."""
    above = line_above(office, timezone.localdate())
    names = {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=above)}
    lines = [names[pk] for pk in reversed(above)] + [office.name]
    return "\n".join(lines[-FIELDS["letterhead"].lines :]).upper()


def missing(texts: Texts) -> list[str]:
    """Return which texts an office has yet to write before there can be a letter."""
    return [field.id for field in FIELDS.values() if field.is_required and not texts[field.id].strip()]


SPACES, NOTHING = "\t\xa0\u2007\u202f", "\xad\u200b\u2060\ufeff"  # what a word processor leaves behind
_TIDY = str.maketrans({**dict.fromkeys(SPACES, " "), **dict.fromkeys(NOTHING)})


def tidy(text: str) -> str:
    """Return a text with plain spaces and line ends, composed, without space around its lines."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_TIDY))
    return "\n".join(line.strip() for line in plain.split("\n")).strip()


def unseen(text: str) -> list[str]:
    """Return the letters of a text that nobody can see, such as a control character, by their code."""
    found = dict.fromkeys(letter for letter in text if letter != "\n" and not letter.isprintable())
    return [f"U+{ord(letter):04X}" for letter in found]


def seen(text: str) -> str:
    """Return a text without the letters that nobody can see."""
    return "".join(letter for letter in tidy(text) if letter.isprintable())


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that have something on them, as they are printed."""
    return [line for part in tidy(text).split("\n") if (line := seen(part))]


def paragraphs_of(text: str) -> list[list[str]]:
    """Return the paragraphs of a text, each as its lines; an empty line begins a new one."""
    return [lines for part in tidy(text).split("\n\n") if (lines := lines_of(part))]
