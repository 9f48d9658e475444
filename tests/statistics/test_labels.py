"""A small number of respondents is said, not hidden."""

import pytest

from tera.statistics.uncertainty.labels import LABELS, label


@pytest.mark.parametrize(
    ("n", "code"),
    [
        (0, "TOO_SMALL"),
        (9, "TOO_SMALL"),
        (10, "VERY_SMALL"),
        (29, "VERY_SMALL"),
        (30, "SMALL"),
        (99, "SMALL"),
        (100, "ENOUGH"),
        (10**6, "ENOUGH"),
    ],
)
def test_what_a_number_can_carry(n: int, code: str) -> None:
    assert label(n).code == code


def test_each_label_is_said_in_both_languages() -> None:
    texts = [text for each in LABELS for text in (each.text["id"], each.text["en"])]
    assert len({*texts}) == 8


def test_there_is_no_negative_number_of_people() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        label(-1)
