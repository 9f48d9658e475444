"""A language in which respondents are asked: one data file holds all that it says.

The program and its questionnaires speak Indonesian. A file says in another language the texts of pages and of
refusals, keyed by the Indonesian text, the code lists, and the questions. A text that is missing is said in
Indonesian; a question is said whole or not at all, because half of it in each language nobody understands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from string import Formatter

from tera.engine.codelist import Code, CodeList
from tera.engine.instrument import Instrument, Item
from tera.engine.schema import SchemaError, Table, load

FIRST = "id"
OFFICIAL, TRANSLATION, DRAFT = "official", "translation", "draft"


@dataclass(frozen=True, slots=True)
class Wording:
    """One question in a language: stem, help where there is one, and the labels, lowest score first."""

    stem: str
    help: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListWording:
    """The name of a code list in a language, and the labels of its codes."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """What is said in one language; `status` says what it is worth, `checked` who has read it."""

    id: str
    name: str
    status: str
    checked: str
    words: Mapping[str, str]
    lists: Mapping[str, ListWording]
    instruments: Mapping[str, Mapping[str, Wording]]

    def say(self, text: str, **values: object) -> str:
        """Return an Indonesian text in this language, or as it is; `{name}` is where a value goes."""
        return self.words.get(text, text).format(**values)


def parse(text: str) -> Language:
    """Return the language written in this TOML text; SchemaError says what is wrong in it."""
    return load(text, "language").closed(_language)


def _language(table: Table) -> Language:
    words = table.texts_by_name("words")
    for text, said in words.items():
        if _places(text) != _places(said):
            raise SchemaError(f"{table.path}.words: {said!r} must name the same values as {text!r}")
    return Language(
        id=table.text("id"),
        name=table.text("name"),
        status=table.text("status", (OFFICIAL, TRANSLATION, DRAFT)),
        checked=table.text("checked"),
        words=words,
        lists=table.by_name("lists", _list),
        instruments=table.by_name("instruments", lambda items: items.all_by_name(_wording)),
    )


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _list(table: Table) -> ListWording:
    return ListWording(table.text("name"), table.texts_by_name("labels"))


def _wording(table: Table) -> Wording:
    return Wording(table.text("stem"), table.optional_text("help"), table.texts("options"))


def translated(instrument: Instrument, languages: Iterable[Language]) -> Instrument:
    """Return an instrument with its questions in these languages beside those that it has.

    Raises:
        SchemaError: a language words a question that is not there, or not all of it.
    """
    for language in languages:
        wordings = language.instruments.get(instrument.id, {})
        if unknown := wordings.keys() - set(instrument.codes):
            raise SchemaError(f"{language.id}.{instrument.id}: no question {', '.join(sorted(unknown))}")
        items = tuple(
            _item(item, language, wordings[item.code]) if item.code in wordings else item
            for item in instrument.items
        )
        instrument = replace(instrument, items=items)
    return instrument


def _item(item: Item, language: Language, wording: Wording) -> Item:
    if len(wording.labels) != len(item.options) or bool(wording.help) != bool(item.help):
        raise SchemaError(
            f"{language.id}.{item.code}: word the help, if any, and {len(item.options)} options"
        )
    labels = dict(zip(item.scores, wording.labels, strict=True))
    return replace(
        item,
        stem={**item.stem, language.id: wording.stem},
        help={**item.help, language.id: wording.help} if item.help else item.help,
        options=tuple(
            replace(option, label={**option.label, language.id: labels[option.score]})
            for option in item.options
        ),
    )


def translated_list(codes: CodeList, languages: Iterable[Language]) -> CodeList:
    """Return a code list with its names in these languages beside those that it has; SchemaError as above."""
    for language in languages:
        if (wording := language.lists.get(codes.id)) is None:
            continue
        if unknown := wording.labels.keys() - {entry.code for entry in codes.codes}:
            raise SchemaError(f"{language.id}.{codes.id}: no code {', '.join(sorted(unknown))}")
        entries = tuple(_code(entry, language, wording) for entry in codes.codes)
        codes = CodeList(codes.id, {**codes.name, language.id: wording.name}, entries)
    return codes


def _code(entry: Code, language: Language, wording: ListWording) -> Code:
    if (label := wording.labels.get(entry.code)) is None:
        return entry
    return replace(entry, label={**entry.label, language.id: label})
