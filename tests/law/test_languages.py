"""Languages of respondents: what a file holds, and what falls back to Indonesian."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tera import instruments
from tera.engine import catalogue, language
from tera.engine.language import FIRST, Language
from tera.engine.schema import SchemaError

ROOT = Path(__file__).resolve().parents[2] / "tera"
SAID = re.compile(r'\{% say "([^"]*)"')
REFUSALS = {"Refused", "_invalid"}
OTHERS = [entry for entry in catalogue.list_languages() if entry.id != FIRST]
DRAFTS = [entry for entry in OTHERS if entry.status == language.DRAFT]
# Said to programs, not to somebody who fills in the page: a draft may leave it in Indonesian.
TO_PROGRAMS = {
    "Panjang isi disebut dua kali.",
    "Panjang isi tidak disebut.",
    "Isi tidak boleh dimampatkan.",
    "Isi bukan UTF-8.",
    "Isi bukan JSON.",
    "JSON harus berupa objek.",
    "Kirim formulir atau JSON.",
    "{name} tertulis dua kali.",
    "Kolom {name} tidak dikenal.",
    "Butir {name} tidak ada.",
    "Profil {name} tidak ada.",
    "Saluran {code} tidak ada.",
    "Saran harus berupa teks.",
    "'answers' dan 'profile' harus objek.",
    "Bahasa {code} tidak ada.",
    "'not_free' harus true atau false.",
    "'key' tidak ada.",
    "'key' harus 16 bita dalam base64url tanpa pengisi.",
}


def texts_of_pages() -> set[str]:
    pages = (ROOT / "portal" / "surveys" / "templates").rglob("*.html")
    said = {text for page in pages for text in SAID.findall(page.read_text(encoding="utf-8"))}
    return said | {text for notice in catalogue.list_notices() for text in (notice.lead, *notice.more)}


def texts_of_refusals() -> set[str]:
    """Return every Indonesian text with which the intake refuses: capital constants and first arguments."""
    return {text for path in (ROOT / "intake").glob("*.py") for text in refusals(path)}


def refusals(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            values = (named.get(found.id) if isinstance(found, ast.Name) else found for found in node.args)
            said = (value.value for value in values if isinstance(value, ast.Constant))
            yield from [text for text in said if isinstance(text, str)][:1]


def test_indonesian_comes_first_and_says_nothing_twice() -> None:
    first, *others = catalogue.list_languages()
    assert (first.id, first.status, first.words) == (FIRST, language.OFFICIAL, {})
    assert {entry.id for entry in others} >= {"en"}
    assert first.say("Silakan kembali pada {day}.", day="12 Agustus") == "Silakan kembali pada 12 Agustus."


def test_english_says_everything_that_respondents_and_programs_read() -> None:
    assert texts_of_pages() | texts_of_refusals() == set(catalogue.get_language("en").words)


@pytest.mark.parametrize("spoken", OTHERS, ids=lambda entry: entry.id)
def test_no_language_says_what_nobody_asks_for(spoken: Language) -> None:
    assert set(spoken.words) <= texts_of_pages() | texts_of_refusals()


@pytest.mark.parametrize("spoken", DRAFTS, ids=lambda entry: entry.id)
def test_a_draft_says_all_that_people_read(spoken: Language) -> None:
    read = texts_of_pages() | texts_of_refusals() - TO_PROGRAMS
    missing = "\n".join(sorted(read - set(spoken.words)))
    assert not missing, f"say in {spoken.id}.toml, or name in TO_PROGRAMS:\n{missing}"
    assert texts_of_refusals() >= TO_PROGRAMS


@pytest.mark.parametrize("instrument", ["skm-9", "spak-5-4"])
@pytest.mark.parametrize("spoken", DRAFTS, ids=lambda entry: entry.id)
def test_a_draft_asks_the_usual_questionnaires_in_full(spoken: Language, instrument: str) -> None:
    asked = catalogue.get_instrument(instrument)
    assert [item.code for item in asked.items if spoken.id not in item.stem] == []


@pytest.mark.parametrize("spoken", DRAFTS, ids=lambda entry: entry.id)
def test_the_same_options_are_said_in_the_same_words(spoken: Language) -> None:
    """A label that changed from one question to the next would look like another scale."""
    for instrument in catalogue.list_instruments():
        said: dict[tuple[str, ...], tuple[str, ...]] = {}
        for item in instrument.items:
            if spoken.id in item.stem:
                first = tuple(option.label[FIRST] for option in item.options)
                labels = tuple(option.label[spoken.id] for option in item.options)
                assert said.setdefault(first, labels) == labels, item.code


@pytest.mark.parametrize("spoken", OTHERS, ids=lambda entry: entry.id)
def test_no_question_offers_the_same_label_twice(spoken: Language) -> None:
    for wordings in spoken.instruments.values():
        for wording in wordings.values():
            assert len(set(wording.labels)) == len(wording.labels), wording.stem


MADURESE = """
id = "mad"
name = "Madhurâ"
status = "draft"
checked = "by nobody"
[words]
"{n} pertanyaan." = "{n} pètanya."
[lists.sex]
name = "Jhinès"
labels = { F = "Babinè'" }
[instruments.skm-9.WAKTU]
stem = "Bakto?"
options = ["satu", "dua", "tiga", "empat"]
"""


def test_one_file_adds_a_language_and_what_it_lacks_stays_indonesian() -> None:
    madurese = language.parse(MADURESE)
    skm = language.translated(catalogue.get_instrument("skm-9"), [madurese])
    waktu = next(item for item in skm.items if item.code == "WAKTU")
    assert waktu.stem["mad"] == "Bakto?"
    assert [option.label["mad"] for option in sorted(waktu.options, key=lambda entry: entry.score)] == [
        *("satu", "dua", "tiga", "empat"),
    ]
    assert all("mad" not in item.stem for item in skm.items if item.code != "WAKTU")
    sex = language.translated_list(catalogue.get_codelists().profile[0], [madurese])
    assert [code.label.get("mad", code.label["id"]) for code in sex.codes][:2] == ["Babinè'", "Laki-laki"]
    assert madurese.say("{n} pertanyaan.", n=14) == "14 pètanya."
    assert madurese.say("Kirim") == "Kirim"


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ('"satu", "dua", "tiga", "empat"', '"satu", "dua"', "4 options"),
        ("skm-9.WAKTU", "skm-9.U3", "no question U3"),
        ("{n} pètanya.", "{count} pètanya.", "the same values"),
        ("F =", "X =", "no code X"),
        ('status = "draft"', 'status = "fine"', "official, translation, draft"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(wrong: str, right: str, complaint: str) -> None:
    def read() -> None:
        spoken = language.parse(MADURESE.replace(wrong, right))
        language.translated(catalogue.get_instrument("skm-9"), [spoken])
        language.translated_list(catalogue.get_codelists().profile[0], [spoken])

    with pytest.raises(SchemaError, match=complaint):
        read()


def test_an_unknown_language_lists_those_there_are() -> None:
    with pytest.raises(catalogue.Unknown, match=", ".join(instruments.list_languages())):
        catalogue.get_language("xx")
