"""A data file that breaks its schema says where and what is allowed; nothing is ignored in silence."""

import pytest

from tera import instruments, law
from tera.engine import instrument, rulebook_schema
from tera.engine.catalogue import Unknown, get_instrument, get_rulebook
from tera.engine.instrument import CannotCombine, require_combinable
from tera.engine.schema import SchemaError

SKM_LAW = law.read("permenpanrb-14-2017")
ZONE_LAW = law.read("permenpanrb-10-2019")
SKM = instruments.read("skm-9")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'id = "permenpanrb-14-2017"',
            'id = "x"\nweigths = 1',
            "x: unknown key 'weigths'; allowed here: .*amends",
        ),
        ("decimals = 2", "decimals = 2\nmode = 3", r"rounding: unknown key 'mode'"),
        ("decimals = 2", 'decimals = "2"', "decimals: expected a whole number, found '2'"),
        ('rule = "half-up"', 'rule = "half-even"', "'half-even' is not allowed; use one of half-up"),
        ('grade = "A"', "", r"band\[1\]: the key 'grade' is missing"),
        ("value = 88.31,", 'value = "88.31",', "value: expected a number, found '88.31'"),
        ("value = 88.31,", "value = 60.31,", "list the bands from the best grade to the worst"),
        ('rule = "equal"', 'rule = "printed"', "weights: the key 'value' is missing"),
        ('constructs = ["satisfaction"]', 'constructs = ["joy"]', "'joy' is not one of satisfaction"),
        ('label = { id = "Baik", en', "label = { en", r"label: the Indonesian text \('id'\) is missing"),
        ("[measure.rounding]", "[measure.rounding", "not a TOML file"),
        ("decimals = 2", "decimals = 99", "decimals: 99 is not 0 to 8"),
        ("highest = { value = 4", "highest = { value = -4", "'lowest' is 0 or more, and less than 'highest'"),
        ("highest = { value = 4", "highest = { value = nan", "expected a number, found"),
        ("highest = { value = 4", "highest = { value = 1e999999", "expected a number, found"),
        ("maximum = { value = 100", "maximum = { value = 0", "maximum.value: 0 is not more than 0"),
        ("value = 76.61", "value = 88.31", "from the best grade to the worst"),
        ('grade = "B"', 'grade = "A"', "'A' stands there twice"),
        ("proportion = { value = 0.5", "proportion = { value = 1.01", "expected a share below 1"),
        (
            'note = { id = "Jawaban kosong tidak pernah dihitung sebagai nol.", en =',
            "note = { en =",
            r"blank_answers.note: the Indonesian text \('id'\) is missing",
        ),
        (
            'note = { id = "25 = 100 / 4.", en = "25 = 100 / 4." }',
            'note = "25"',
            "maximum.note: expected a table",
        ),
        ('en = "25 = 100 / 4."', 'en = " "', "maximum.note.en: expected a text"),
        ('"reading.md#weights"', '"see weights"', "weights.reading: 'see weights' is no section"),
        ("margin = { value = 0.05", "margin = { value = -0.05", "is not more than 0"),
    ],
)
def test_a_broken_rulebook_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in SKM_LAW
    with pytest.raises(SchemaError, match=complaint):
        rulebook_schema.parse(SKM_LAW.replace(old, new, 1))


def test_a_number_without_an_article_needs_a_reason() -> None:
    text = SKM_LAW.replace('article = "Lampiran, nilai persepsi"', 'article = "none, our reading"', 1)
    with pytest.raises(SchemaError, match="article 'none' needs a 'note' with the reason"):
        rulebook_schema.parse(text)


def test_a_note_may_be_in_indonesian_only() -> None:
    text = SKM_LAW.replace(', en = "A blank is never a zero."', "", 1)
    assert set(rulebook_schema.parse(text).blank_answers.note) == {"id"}


def test_a_criterion_on_something_unknown_is_refused() -> None:
    with pytest.raises(SchemaError, match="wbk.ipk: unknown 'ipx'"):
        rulebook_schema.parse(ZONE_LAW.replace('measure = "ipk"', 'measure = "ipx"', 1))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "wbbm"', 'id = "wbk"', "targets: 'wbk' stands there twice"),
        ('status = "wbk"', "value = 1", "a status is compared by '==' with one of none, wbk, wbbm"),
        ('sum_of = ["ipak", ', 'sum_of = ["prior_status", ', "'prior_status' is no score defined before it"),
        ("threshold = { value = 15.75", "threshold = { value = 99", "is above the maximum of ipak"),
        ("threshold = { value = 30", "threshold = { value = 30.5", "a number of respondents is whole"),
    ],
)
def test_a_target_that_cannot_be_judged_is_refused(old: str, new: str, complaint: str) -> None:
    text = law.read("permenpanrb-5-2024")
    assert old in text
    with pytest.raises(SchemaError, match=complaint):
        rulebook_schema.parse(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("score = 4", "score = 5", "PERSYARATAN: scores must be 1 to 4"),
        ('element = "PROSEDUR"', 'element = "PROSES"', "PROSEDUR: unknown element 'PROSES'"),
        ('column = "u2"', 'column = "u1"', "'u1' stands there twice"),
        ('code = "WAKTU"\nname', 'code = "WAKTU2"\nname', "WAKTU: unknown element|WAKTU2 has no item"),
    ],
)
def test_a_broken_instrument_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in SKM
    with pytest.raises(SchemaError, match=complaint):
        instrument.parse(SKM.replace(old, new, 1))


def test_variants_of_the_same_questions_exclude_each_other() -> None:
    with pytest.raises(CannotCombine, match="spak-5-4 and spak-5-6 both ask DISKRIMINASI"):
        require_combinable(map(get_instrument, ("skm-9", "spak-5-4", "spak-5-6")))


def test_two_instruments_for_one_index_exclude_each_other() -> None:
    with pytest.raises(CannotCombine, match="skm-9 and ikm-21 both measure satisfaction"):
        require_combinable(map(get_instrument, ("skm-9", "ikm-21")))


def test_an_unknown_id_is_answered_with_those_there_are() -> None:
    with pytest.raises(Unknown, match="no rulebook 'x'; there are: kepmenpan-25-2004"):
        get_rulebook("x")
    with pytest.raises(Unknown, match="no instrument 'x'; there are: .*skm-9"):
        get_instrument("x")
