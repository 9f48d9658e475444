"""Every rulebook and every instrument is whole: its files, its languages, its measure, its codes."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources

import pytest

from tera import instruments, law
from tera.engine import catalogue
from tera.engine.instrument import CannotCombine, Instrument, parse, require_combinable

FILES = {"tera.law": "rulebook.toml", "tera.instruments": "instrument.toml"}
CITED = re.compile(r"reading\.md#([a-z-]+)")
RULEBOOKS = [
    *("kepmenpan-25-2004", "permenpanrb-10-2019", "permenpanrb-14-2017", "permenpanrb-5-2024"),
    "se-menpanrb-4-2025",
]
QUOTED = "SE MenPANRB 4/2025, as quoted in indoposco.id, 3 May 2025"
INSTRUMENTS = [
    *("ikm-21", "ipk-10", "skm-9", "spak-5-4", "spak-5-4-plain", "spak-5-6", "spkp-8-4", "spkp-8-6"),
]
VARIANTS = [
    *(("spak-5-4", "spak-5-6"), ("spak-5-4", "spak-5-4-plain"), ("spak-5-4-plain", "spak-5-6")),
    ("spkp-8-4", "spkp-8-6"),
]
COMBINATIONS = [
    ("skm-9", "spak-5-4"),
    ("skm-9", "spkp-8-4", "spak-5-4"),
    ("skm-9", "spkp-8-6", "spak-5-6"),
    ("skm-9", "spak-5-4-plain"),
    ("ikm-21", "ipk-10"),
    ("ikm-21", "spkp-8-4", "spak-5-4"),
]


def texts_of(instrument: Instrument) -> Iterator[Mapping[str, str]]:
    yield instrument.title
    yield instrument.translations
    yield from (element.name for element in instrument.elements)
    for item in instrument.items:
        yield item.stem
        yield from [item.help] if item.help else []
        yield from (option.label for option in item.options)


def names_in_rulebook(rulebook_id: str) -> Iterator[Mapping[str, str]]:
    rulebook = catalogue.get_rulebook(rulebook_id)
    yield from (measure.name for measure in rulebook.measures)
    yield from (given.name for given in rulebook.given)
    yield from (derived.name for derived in rulebook.derived)
    yield from (target.name for target in rulebook.targets)
    yield from (band.label for measure in rulebook.measures for band in measure.bands)


def sources(table: object) -> Iterator[Mapping[str, object]]:
    """Yield every table of a file that names an article."""
    if isinstance(table, dict):
        if "article" in table:
            yield table
        for entry in table.values():
            yield from sources(entry)
    elif isinstance(table, list):
        for entry in table:
            yield from sources(entry)


def test_what_ships() -> None:
    assert [rulebook.id for rulebook in catalogue.list_rulebooks()] == RULEBOOKS
    assert [instrument.id for instrument in catalogue.list_instruments()] == INSTRUMENTS


@pytest.mark.parametrize(("package", "file"), FILES.items(), ids=FILES)
def test_every_folder_has_its_files(package: str, file: str) -> None:
    for folder in resources.files(package).iterdir():
        if folder.is_dir() and folder.name not in {"__pycache__", "languages"}:
            held = {entry.name for entry in folder.iterdir()}
            assert held >= {file, "reading.md", "cases.toml"}, folder.name


@pytest.mark.parametrize("rulebook_id", RULEBOOKS)
def test_a_rulebook_stands_in_the_folder_of_its_name(rulebook_id: str) -> None:
    assert catalogue.get_rulebook(rulebook_id).id == rulebook_id


@pytest.mark.parametrize("rulebook_id", RULEBOOKS)
def test_every_name_in_a_rulebook_is_in_both_languages(rulebook_id: str) -> None:
    assert {frozenset(name) for name in names_in_rulebook(rulebook_id)} == {frozenset({"id", "en"})}


@pytest.mark.parametrize("rulebook_id", RULEBOOKS)
def test_every_note_is_in_both_languages_and_sends_nobody_to_a_file(rulebook_id: str) -> None:
    notes = [source["note"] for source in sources(tomllib.loads(law.read(rulebook_id))) if "note" in source]
    assert notes
    for note in notes:
        assert isinstance(note, dict)
        assert set(note) == {"id", "en"}, note
        assert ".md" not in " ".join(note.values()), note


@pytest.mark.parametrize("rulebook_id", RULEBOOKS)
def test_the_reading_has_every_section_that_the_rulebook_names(rulebook_id: str) -> None:
    headings = anchors(law.read(rulebook_id, "reading.md"))
    found = sources(tomllib.loads(law.read(rulebook_id)))
    readings = {str(source["reading"]) for source in found if "reading" in source}
    assert readings
    assert readings <= {f"reading.md#{heading}" for heading in headings}


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_an_instrument_stands_in_the_folder_of_its_name(instrument_id: str) -> None:
    assert catalogue.get_instrument(instrument_id).id == instrument_id


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_every_text_of_an_instrument_is_in_the_same_languages(instrument_id: str) -> None:
    instrument = parse(instruments.read(instrument_id))
    assert {frozenset(text) for text in texts_of(instrument)} == {frozenset(instrument.translations)}
    assert {"id", "en"} <= set(instrument.translations)


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_no_item_offers_the_same_label_twice(instrument_id: str) -> None:
    for item in catalogue.get_instrument(instrument_id).items:
        for language in item.stem:
            labels = [option.label[language] for option in item.options]
            assert len(set(labels)) == len(labels), item.code


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_the_default_rulebook_has_a_measure_for_the_construct(instrument_id: str) -> None:
    instrument = catalogue.get_instrument(instrument_id)
    assert catalogue.get_rulebook(instrument.rulebook).measure_of(instrument.construct) is not None


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_the_reading_has_every_section_that_the_instrument_names(instrument_id: str) -> None:
    headings = anchors(instruments.read(instrument_id, "reading.md"))
    assert set(CITED.findall(instruments.read(instrument_id))) <= headings


@pytest.mark.parametrize("variants", VARIANTS, ids=" and ".join)
def test_variants_of_the_same_items_exclude_each_other(variants: tuple[str, str]) -> None:
    first, second = map(catalogue.get_instrument, variants)
    assert first.codes == second.codes
    with pytest.raises(CannotCombine, match=first.codes[0]):
        require_combinable([first, second])


@pytest.mark.parametrize("together", COMBINATIONS, ids=" and ".join)
def test_what_a_campaign_may_ask_together(together: tuple[str, ...]) -> None:
    require_combinable(map(catalogue.get_instrument, together))


def anchors(text: str) -> set[str]:
    """Return the sections of a page as links name them."""
    headings = (line.removeprefix("## ") for line in text.splitlines() if line.startswith("## "))
    return {heading.lower().replace(" ", "-") for heading in headings}


def test_the_circular_asks_everything_of_the_regulation_that_it_amends_and_more() -> None:
    amending, amended = map(catalogue.get_rulebook, ("se-menpanrb-4-2025", "permenpanrb-5-2024"))
    assert amending.amends == amended.id
    assert (amending.measures, amending.derived) == (amended.measures, amended.derived)
    assert amending.given[: len(amended.given)] == amended.given
    for target in amended.targets:
        criteria, more = amending.target(target.id).criteria, len(target.criteria)
        assert criteria[:more] == target.criteria
        assert [entry.id for entry in criteria[more:]] == ["opinion", "sakip", "rb_index"]
        assert {entry.article for entry in criteria[more:]} == {QUOTED}


def test_what_is_recorded_is_named_in_both_languages() -> None:
    recorded = catalogue.list_recorded()
    assert {frozenset(entry.name) for entry in recorded} == {frozenset({"id", "en"})}
    notes = [entry.maximum.note for entry in recorded if entry.maximum]
    assert [set(note) for note in notes] == [{"id", "en"}]
