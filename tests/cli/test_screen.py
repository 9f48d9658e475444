"""`tera screen` names units that need review, never people, and says what it cannot see."""

import json
from pathlib import Path

import pytest

from tera.cli import main

SEKADAU = Path("tera/instruments/skm-9/sekadau-2019-s1.csv")
FAST = ["--draws", "1999"]


def simulate(file: Path, *options: str) -> Path:
    assert main(["simulate", str(file), *options]) == 0
    return file


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Write a file of four honest units and one, "kantor-x", in which half of the forms are copies."""
    honest = simulate(tmp_path / "honest.csv", "--units", "4", "--respondents", "60", "--seed", "3")
    copied = simulate(tmp_path / "copied.csv", "--units", "1", "--respondents", "60", "--fake", "0.5")
    lines = copied.read_text().replace("unit-1", "kantor-x").splitlines(keepends=True)[1:]
    both = tmp_path / "both.csv"
    both.write_text(honest.read_text() + "".join(lines))
    return both


def test_the_honest_answers_of_sekadau(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screen", str(SEKADAU), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["needs_review"] == []
    assert "careful faker" in found["limits"]["en"]
    (unit,) = found["units"]
    assert (unit["unit"], unit["instrument"], unit["n"]) == (SEKADAU.name, "skm-9", 49)
    assert unit["status"] == "nothing seen"
    observed = {signal["id"]: signal["observed"] for signal in unit["signals"]}
    assert (observed["alike"], observed["uniform"]) == (27, 1)
    assert not any(signal["notable"] for signal in unit["signals"])


def test_a_unit_that_copies_is_named_among_others(capsys: pytest.CaptureFixture[str], units: Path) -> None:
    assert main(["screen", str(units), "--unit-column", "Unit", "--json", *FAST]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["needs_review"] == ["kantor-x"]
    assert found["ignored_columns"] == ["invented"]
    assert [unit["n"] for unit in found["units"]] == [60] * 5
    last = found["units"][-1]
    notable = [signal for signal in last["signals"] if signal["notable"]]
    assert [signal["id"] for signal in notable] == ["alike"]
    assert "Jangan menolak secara otomatis" in notable[0]["next_step"]["id"]
    assert last["p"] <= last["q"] <= last["q_any_dependence"]


def test_people_read_a_table_and_the_reasons(capsys: pytest.CaptureFixture[str], units: Path) -> None:
    assert main(["screen", str(units), "--unit-column", "unit", *FAST]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "kantor-x, skm-9, 60 complete forms Needs review" in out
    assert "it is no proof of fraud" in out
    assert "could not have seen a careful faker" in out
    assert "Never reject automatically; no form is excluded." in out
    assert "unit-1, skm-9" not in out


def test_the_same_seed_gives_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for seed in ("5", "5", "6"):
        assert main(["screen", str(SEKADAU), "--seed", seed, *FAST]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


def test_too_few_forms_are_said_to_be_too_few(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("".join(SEKADAU.read_text().splitlines(keepends=True)[:21]))
    assert main(["screen", str(few)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "few.csv, skm-9, 20 complete forms Too few to screen: with fewer than 30" in out
    assert "could not have seen a careful faker" in out


def test_very_many_forms_are_said_to_be_too_many(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    many = simulate(tmp_path / "many.csv", "--respondents", "4001")
    assert main(["screen", str(many)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "many.csv, skm-9, 4001 complete forms Too many to screen at once" in out
    assert "Screen them by month or by service." in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere.csv"], "nowhere.csv: No such file or directory"),
        (["nowhere.csv", "--unit-column", "unit"], "nowhere.csv: No such file or directory"),
        (["-", "--unit-column", "unit"], "what has units is read twice; save it as a file first"),
        ([str(SEKADAU), "--unit-column", "u1"], "'u1' is a column of answers; name the one with the units"),
        ([str(SEKADAU), "--unit-column", "satker"], "beside the answers there are 'respondent'"),
        ([str(SEKADAU), "--draws", "10"], "--draws 10: 999 or more are needed"),
        ([str(SEKADAU), "--instrument", "spak-5-4"], "spak-5-4 misses the columns"),
    ],
)
def test_bad_use_is_one_line_that_says_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["screen", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--seed", "-1"), ("--seed", "x"), ("--draws", "-1"), ("--seed", "1" * 13)]
)
def test_a_seed_is_a_whole_number_and_counts_no_people(
    capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["screen", str(SEKADAU), option, value])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert f"{option}: {value[:12]!r} is not a whole number, 0 or more, of at most 12 digits" in error
    assert "people" not in error
