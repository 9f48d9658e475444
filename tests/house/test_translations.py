"""Every text of the portal has its English, and the English translates nothing that is gone."""

import io
import pathlib
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PORTAL = pathlib.Path(__file__).resolve().parents[2] / "tera" / "portal"
ENGLISH = PORTAL / "locale" / "en" / "LC_MESSAGES" / "django.po"
# What templatize writes for a template, and what our Python calls; the numbers say which arguments are texts.
CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
Text = str | tuple[str, ...]


def texts(code: str) -> Iterator[Text]:
    """Yield the texts that Python code marks for translation; a pair where there is a plural."""
    for _line, found, _comments, _context in extract("python", io.BytesIO(code.encode()), keywords=CALLS):
        yield found


@cache
def texts_of_templates() -> set[Text]:
    templates = list(PORTAL.rglob("*.html"))
    assert len(templates) > 15
    return {
        text
        for path in templates
        for text in texts(templatize(path.read_text(encoding="utf-8"), origin=str(path)))
    }


@cache
def texts_of_python() -> set[Text]:
    return {text for path in PORTAL.rglob("*.py") for text in texts(path.read_text(encoding="utf-8"))}


@cache
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries() -> list[Message]:
    return [message for message in english() if message.id]


def first(text: object) -> str:
    """Return the text by which gettext looks an entry up: one with a plural answers for its singular too."""
    return text[0] if isinstance(text, list | tuple) else str(text)


def test_every_text_is_translated() -> None:
    known = {first(message.id) for message in entries()}
    assert {first(text) for text in texts_of_templates() | texts_of_python()} - known == set()


def test_every_plural_is_translated_as_one() -> None:
    plurals = {text[0] for text in texts_of_templates() | texts_of_python() if isinstance(text, tuple)}
    assert {first(message.id) for message in entries() if message.pluralizable} == plurals


def test_nothing_is_translated_that_is_gone() -> None:
    used = {first(text) for text in texts_of_templates() | texts_of_python()}
    assert {first(message.id) for message in entries()} - used == set()


def test_no_translation_is_empty_or_fuzzy() -> None:
    for message in entries():
        translated = message.string if isinstance(message.string, list | tuple) else (message.string,)
        assert all(translated), message.id
        assert not message.fuzzy, message.id
    assert not english().obsolete


@pytest.mark.parametrize("message", entries(), ids=lambda message: first(message.id)[:40])
def test_placeholders_are_the_same(message: Message) -> None:
    assert [str(error) for error in message.check(english())] == []
