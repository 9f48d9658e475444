"""A checklist that breaks its schema is refused; a layer's score is an exact share of what it could give."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera import checklists
from tera.engine import checklist
from tera.engine.catalogue import Unknown, get_checklist, list_checklists
from tera.engine.checklist import LAYERS, Checklist, missing, score
from tera.engine.schema import SchemaError

TEXT = checklists.read("verification-1")
FIRST = get_checklist("verification-1")
CODES = tuple(FIRST.points)
SHIPPED = pytest.mark.parametrize("shipped", list_checklists(), ids=lambda shipped: shipped.id)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("on_site = true", "onsite = true", r"item\[2\]: unknown key 'onsite'; allowed here: .*on_site"),
        ('code = "ALL_INVITED"', 'code = "FOLLOW_UP"', "verification-1.item: 'FOLLOW_UP' stands there twice"),
        ('code = "PARTLY"', 'code = "YES"', "verification-1.answer: 'YES' stands there twice"),
        ('layers = ["unit", "region"]', 'layers = ["village"]', "'village' is not one of unit, region,"),
        ('layers = ["unit", "region"]', 'layers = ["unit", "unit"]', "layers: 'unit' stands there twice"),
        ('layers = ["unit", "region"]', "layers = []", "layers: expected a list of texts"),
        ('asks = { id = "Apakah semua', 'asks = { in = "Apakah semua', "asks: the Indonesian text"),
        ('title = { id = "Data", en', "title = { en", r"title: the Indonesian text \('id'\) is missing"),
        ('section = "DATA"', 'section = "DATE"', "POPULATION_AGREES: unknown section 'DATE'"),
        ('sources = ["our reading"]', "sources = []", "sources: expected a list of texts"),
        ("points = 2", "points = 2.5", "points: expected a whole number"),
        ("points = 0", "points = 1", "one answer has 0 points, and one has more"),
        ("wants_photo = true", 'wants_photo = "yes"', "wants_photo: expected true or false"),
        (
            "on_site = true\nwants_photo",
            "on_site = false\nwants_photo",
            "POSTER_VISIBLE: a photo is taken on site",
        ),
        ('"inspectorate", "ministry"]\n\n[[answer', '"ministry"]\n\n[[answer', "no layer 'inspectorate'"),
    ],
)
def test_a_broken_checklist_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in TEXT
    with pytest.raises(SchemaError, match=complaint):
        checklist.parse(TEXT.replace(old, new, 1))


def test_a_section_or_a_layer_with_nothing_to_answer_is_refused() -> None:
    section = '[[section]]\ncode = "MONEY"\ntitle = { id = "Uang" }\n\n[[item]]'
    with pytest.raises(SchemaError, match="the section 'MONEY' has no item"):
        checklist.parse(TEXT.replace("[[item]]", section, 1))
    head, *items = TEXT.split("[[item]]")
    others = "[[item]]".join([head, *(item.replace(', "ministry"]', "]") for item in items)])
    with pytest.raises(SchemaError, match="the layer 'ministry' has no item"):
        checklist.parse(others)


@SHIPPED
def test_every_layer_of_a_shipped_checklist_can_answer_all_that_it_is_asked(shipped: Checklist) -> None:
    for layer in shipped.layers:
        items = shipped.items_of(layer)
        assert items
        for item in items:
            assert [score(shipped, layer, {item.code: code}) for code in shipped.points] == [
                1, Fraction(1, 2), 0, None
            ]  # fmt: skip
        everything = dict.fromkeys((item.code for item in items), "YES")
        assert score(shipped, layer, everything) == 1
        assert missing(shipped, layer, everything) == ()
        assert missing(shipped, layer, {}) == items


@SHIPPED
def test_a_shipped_checklist_speaks_both_languages_and_says_where_it_comes_from(shipped: Checklist) -> None:
    words = [shipped.title, *(part.title for part in shipped.sections), *(e.words for e in shipped.answers)]
    words += [words for item in shipped.items for words in (item.asks, item.hint)]
    assert all({*said} == {"id", "en"} for said in words)
    assert shipped.layers == LAYERS
    for item in shipped.items:
        assert not item.wants_photo or "tanpa wajah orang, tanpa formulir orang" in item.hint["id"], item.code


def test_the_region_looks_at_most_and_the_unit_at_its_own_survey() -> None:
    asked = {layer: [item.code for item in FIRST.items_of(layer)] for layer in LAYERS}
    assert {layer for layer in LAYERS if len(asked[layer]) >= len(asked["region"])} == {"region"}
    assert {item.section for item in FIRST.items_of("unit")} == {"MECHANISM", "FOLLOW_UP"}
    assert all("FOLLOW_UP" in codes for codes in asked.values())


def test_ratna_scores_what_she_saw_in_sambas() -> None:
    seen = {"POSTER_VISIBLE": "YES", "FILLED_UNWATCHED": "NO", "POPULATION_AGREES": "PARTLY"}
    assert score(FIRST, "region", seen) == Fraction(1, 2)
    with_prison = seen | {"CAPTIVE_RESPONDENTS": "NOT_APPLICABLE"}
    assert score(FIRST, "region", with_prison) == Fraction(1, 2)
    assert score(FIRST, "region", with_prison | {"STAFF_STAY_OUT": "YES"}) == Fraction(5, 8)
    left = [item.code for item in missing(FIRST, "region", with_prison)]
    assert len(left) == len(FIRST.items_of("region")) - 4
    assert not {*left} & with_prison.keys()


def test_where_nothing_is_counted_there_is_no_score() -> None:
    assert score(FIRST, "unit", {}) is None
    assert score(FIRST, "unit", {"FOLLOW_UP": "NOT_APPLICABLE"}) is None
    assert score(FIRST, "unit", {"FOLLOW_UP": "NO"}) == 0


@pytest.mark.parametrize(
    ("layer", "answers", "complaint"),
    [
        ("village", {}, "unknown verification-1: layer 'village'; use one of unit, region"),
        ("unit", {"POSTER": "YES"}, "item for unit 'POSTER'; use one of ALL_INVITED, POSTER_VISIBLE"),
        ("unit", {"CHANGE_SEEN": "YES"}, "item for unit 'CHANGE_SEEN'; use one of ALL_INVITED"),
        ("unit", {"FOLLOW_UP": "MAYBE"}, "answer 'MAYBE'; use one of YES, PARTLY, NO, NOT_APPLICABLE"),
    ],
)
def test_an_unknown_code_is_answered_with_those_there_are(
    layer: str, answers: dict[str, str], complaint: str
) -> None:
    for asked in (score, missing):
        with pytest.raises(ValueError, match=complaint):
            asked(FIRST, layer, answers)


def test_a_record_pins_the_text_of_the_checklist() -> None:
    assert FIRST.sha256 == checklist.parse(TEXT).sha256
    assert FIRST.sha256 != checklist.parse(TEXT + "\n# one more word\n").sha256


def test_an_unknown_checklist_is_answered_with_those_there_are() -> None:
    with pytest.raises(Unknown, match="no checklist 'x'; there are: verification-1"):
        get_checklist("x")


@given(st.data(), st.sampled_from(LAYERS))
def test_a_score_is_a_share_and_never_falls_when_an_answer_improves(data: st.DataObject, layer: str) -> None:
    items = st.sampled_from([item.code for item in FIRST.items_of(layer)])
    answers = data.draw(st.dictionaries(items, st.sampled_from(CODES)))
    before = score(FIRST, layer, answers)
    assert before is None or 0 <= before <= 1
    for code, answer in answers.items():
        points = FIRST.points[answer]
        for better, more in FIRST.points.items():
            if before is not None and points is not None and more is not None and more > points:
                after = score(FIRST, layer, answers | {code: better})
                assert after is not None
                assert after > before
