"""`tera simulate` writes answers that say that they are invented, and that every other verb reads."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from tera.cli import main


def simulate(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert main(["simulate", *arguments]) == 0
    captured = capsys.readouterr()
    assert "every answer is invented" in captured.err
    return list(csv.DictReader(io.StringIO(captured.out)))


def test_the_same_seed_gives_the_same_file(capsys: pytest.CaptureFixture[str]) -> None:
    one, other, third = (simulate(capsys, "--respondents", "20", "--seed", seed) for seed in "112")
    assert one == other
    assert one != third
    assert len(one) == 20
    assert {row["invented"] for row in one} == {"honest"}
    assert list(one[0]) == [*(f"u{n}" for n in range(1, 10)), "invented"]


def test_units_with_a_share_of_fabricated_forms(capsys: pytest.CaptureFixture[str]) -> None:
    rows = simulate(capsys, "--units", "3", "--respondents", "50", "--fake", "0.2", "--fabricator", "perfect")
    assert Counter(row["unit"] for row in rows) == {"unit-1": 50, "unit-2": 50, "unit-3": 50}
    assert Counter(row["invented"] for row in rows) == {"honest": 120, "perfect": 30}
    perfect = [row for row in rows if row["invented"] == "perfect"]
    assert all(row[f"u{n}"] == "4" for row in perfect for n in range(1, 10))


def test_the_index_reads_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "invented.csv"
    options = ["--instrument", "spak-5-4", "--respondents", "2000", "--mean", "3,6"]
    assert main(["simulate", str(file), *options]) == 0
    assert capsys.readouterr().out == ""
    assert main(["index", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["ignored_columns"]) == (2000, ["invented"])
    assert float(found["index_points"]["shown"]) == pytest.approx(3.6, abs=0.04)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--mean", "4"], "--mean 4: skm-9 has scores of 1 to 4; the mean lies between them"),
        (["--mean", "1"], "--mean 1: skm-9 has scores of 1 to 4"),
        (["--fake", "1"], "--fake 1: a share of 0 to less than 1 is needed, such as 0.2"),
        (["--respondents", "0"], "at least 1 respondent is needed"),
        (["--respondents", "10000", "--units", "10000"], "at most 10000000 rows are written"),
        (["--instrument", "x"], "no instrument 'x'"),
        (["/nowhere/file.csv"], "/nowhere/file.csv: No such file or directory"),
    ],
)
def test_bad_use_says_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["simulate", *arguments]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--mean", "tinggi"], ["--fabricator", "x"], ["--seed", "-1"]])
def test_values_that_are_none(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["simulate", *arguments])
    assert stopped.value.code == 2
