"""What differs between two questionnaires can be read."""

from dataclasses import replace

from tera.engine.catalogue import get_instrument
from tera.engine.compare import Piece, differences, pieces


def test_a_questionnaire_does_not_differ_from_itself() -> None:
    skm = get_instrument("skm-9")
    assert differences(skm, skm, "id") == []


def test_words_that_came_and_went_are_told() -> None:
    assert pieces("Bagaimana pendapat Saudara", "Bagaimana menurut Saudara sekarang") == [
        Piece("kept", "Bagaimana"),
        Piece("removed", "pendapat"),
        Piece("added", "menurut"),
        Piece("kept", "Saudara"),
        Piece("added", "sekarang"),
    ]


def test_the_plain_variant_asks_the_same_items_in_other_words() -> None:
    official, plain = get_instrument("spak-5-4"), get_instrument("spak-5-4-plain")
    found = differences(official, plain, "id")
    assert {entry.code for entry in found} <= set(official.codes)
    assert {entry.kind for entry in found} == {"changed"}
    first = found[0]
    said = " ".join(piece.text for piece in first.stem if piece.kind != "removed")
    assert said == next(item.stem["id"] for item in plain.items if item.code == first.code)


def test_items_that_only_one_has_are_told_with_their_wording() -> None:
    skm = get_instrument("skm-9")
    shorter = replace(skm, items=skm.items[:-1])
    [gone] = differences(skm, shorter, "id")
    [come] = differences(shorter, skm, "id")
    assert (gone.code, gone.kind, come.kind) == ("PENGADUAN", "removed", "added")
    assert [piece.kind for piece in gone.stem] == ["removed"]
    assert [score for score, _ in come.options] == [1, 2, 3, 4]
