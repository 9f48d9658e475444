"""A data file that breaks its schema says where and what is allowed; nothing is ignored in silence."""

import pytest

from tera import instruments, law
from tera.engine import instrument, rulebook
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
        ('rule = "equal"', 'rule = "printed"', "rule 'printed' needs 'value'"),
        ('constructs = ["satisfaction"]', 'constructs = ["joy"]', "'joy' is not one of satisfaction"),
        ('label = { id = "Baik", en', "label = { en", r"label: the Indonesian text \('id'\) is missing"),
        ("[measure.rounding]", "[measure.rounding", "not a TOML file"),
    ],
)
def test_a_broken_rulebook_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in SKM_LAW
    with pytest.raises(SchemaError, match=complaint):
        rulebook.parse(SKM_LAW.replace(old, new, 1))


def test_a_number_without_an_article_needs_a_reason() -> None:
    text = SKM_LAW.replace('article = "Lampiran, nilai persepsi"', 'article = "none, our reading"', 1)
    with pytest.raises(SchemaError, match="article 'none' needs a 'note' with the reason"):
        rulebook.parse(text)


def test_a_criterion_on_something_unknown_is_refused() -> None:
    with pytest.raises(SchemaError, match="wbk.ipk: unknown 'ipx'"):
        rulebook.parse(ZONE_LAW.replace('measure = "ipk"', 'measure = "ipx"', 1))


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


def test_an_unknown_id_is_answered_with_those_there_are() -> None:
    with pytest.raises(Unknown, match="no rulebook 'x'; there are: kepmenpan-25-2004"):
        get_rulebook("x")
    with pytest.raises(Unknown, match="no instrument 'x'; there are: .*skm-9"):
        get_instrument("x")
