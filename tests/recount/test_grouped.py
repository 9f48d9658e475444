"""A file with a column of units is read unit by unit, as wholly as any other."""

from collections import Counter
from pathlib import Path

import pytest

from tera.engine.catalogue import list_instruments
from tera.recount.answers import read_patterns
from tera.recount.grouped import read_grouped
from tera.recount.table import BadFile

HEADER = "satker;" + ";".join(f"u{n}" for n in range(1, 10))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jawaban.csv"


def test_every_unit_has_its_own_patterns(file: Path) -> None:
    file.write_text(
        f"{HEADER}\nSambas;3;3;3;4;3;3;3;3;4\n Pontianak;4,0;4;4;4;4;4;4;4;4.00\n"
        f"Sambas;3;3;3;4;3;3;3;3;4\nSambas;;2;2;2;2;2;2;2;2\n;;;;;;;;;\n"
    )
    found, units = read_grouped(file, "SATKER", list_instruments())
    assert {unit: patterns["skm-9"] for unit, patterns in units.items()} == {
        "Sambas": Counter({bytes([3, 3, 3, 4, 3, 3, 3, 3, 4]): 2, bytes([0, *[2] * 8]): 1}),
        "Pontianak": Counter({bytes([4] * 9): 1}),
    }
    assert found.ignored == ()
    _, whole = read_patterns(file, list_instruments())
    together: Counter[bytes] = sum((patterns["skm-9"] for patterns in units.values()), Counter())
    assert together == whole["skm-9"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (f"{HEADER}\n;3;3;3;4;3;3;3;3;4\n", "row 2, column satker: names no unit; every row needs one"),
        (f"{HEADER}\nSambas;3;3;3;5;3;3;3;3;4\n", "row 2, column u4: '5' is not allowed"),
        (f"satker;{HEADER}\na;b;3;3;3;4;3;3;3;3;4\n", "'satker' stands there 2 times, not once"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(file: Path, content: str, complaint: str) -> None:
    file.write_text(content)
    with pytest.raises(BadFile, match=complaint):
        read_grouped(file, "satker", list_instruments())
