"""`tera index` gives the published figure on the published answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tera import law
from tera.cli import main

SEKADAU = Path("tera/instruments/skm-9/sekadau-2019-s1.csv")


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, object]:
    assert main([*map(str, arguments), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_sekadau_in_the_first_half_of_2019(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "index", SEKADAU)
    elements = found.pop("elements")
    assert found == {
        "n": 49,
        "rulebook": "permenpanrb-14-2017",
        "instrument": "skm-9",
        "measure": "skm",
        "index_points": {"exact": "1387/441", "shown": "3.15"},
        "converted": "78.63",
        "converted_unit": "of 100",
        "grade": "B",
        "six_point_map": None,
        "same_columns_as": [],
        "ignored_columns": ["respondent"],
    }
    assert isinstance(elements, list)
    assert [element["sum"] for element in elements] == [138, 139, 148, 177, 159, 163, 161, 143, 159]
    assert elements[0] == {
        "code": "PERSYARATAN",
        "n": 49,
        "sum": 138,
        "mean": {"exact": "138/49", "shown": "2.82"},
    }


def test_its_first_thirty_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text("".join(SEKADAU.read_text().splitlines(keepends=True)[:31]))
    assert run_json(capsys, "index", first)["converted"] == "78.24"


def test_the_same_answers_under_another_rulebook(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "index", SEKADAU, "--rulebook", "permenpanrb-10-2019")
    assert (found["measure"], found["converted"], found["grade"]) == ("ikm", "15.73", None)
    assert found["converted_unit"] == "points of 20"


def test_two_instruments_in_one_file_give_two_indices(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    both = tmp_path / "both.csv"
    header = ",".join([f"u{n}" for n in range(1, 10)] + ["DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN"])
    both.write_text(f"{header}\n{','.join('3' * 9)},{','.join('4' * 5)}\n")
    indices = run_json(capsys, "index", both)["indices"]
    assert isinstance(indices, list)
    assert [(entry["measure"], entry["converted"]) for entry in indices] == [
        ("skm", "75.00"),
        ("ipk", "15.00"),
    ]


def test_variants_with_the_same_columns_are_named_and_the_map_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    stars = tmp_path / "stars.csv"
    stars.write_text("DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN\n4,4,4,4,4\n")
    found = run_json(capsys, "index", stars)
    assert (found["converted"], found["same_columns_as"]) == ("15.00", ["spak-5-4-plain", "spak-5-6"])
    found = run_json(capsys, "index", stars, "--instrument", "spak-5-6")
    assert (found["converted"], found["six_point_map"], found["same_columns_as"]) == ("10.00", "ratio", [])
    assert main(["index", str(stars)]) == 0
    assert "spak-5-4-plain and spak-5-6 have the same columns" in " ".join(capsys.readouterr().out.split())
    assert main(["index", str(stars), "--instrument", "spak-5-6"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "by the rule 'ratio': none, our reading. No official map exists" in told


def test_a_rulebook_computes_what_it_measures_and_names_the_rest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    both = tmp_path / "both.csv"
    header = ",".join([f"u{n}" for n in range(1, 10)] + ["DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN"])
    both.write_text(f"{header}\n{','.join('3' * 14)}\n")
    assert main(["index", str(both), "--rulebook", "permenpanrb-14-2017"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "75.00 of 100" in out
    assert "Not computed: permenpanrb-14-2017 has no measure for anti-corruption" in out


def test_whoever_reads_only_the_beginning_still_gets_the_exit_code() -> None:
    verdict = "tera eligibility --ipk-index 2 --ikm-index 4 --respondents 30 --json"
    script = f"{sys.executable} -m {verdict} | true; exit ${{PIPESTATUS[0]}}"
    assert subprocess.run(["bash", "-c", script], check=False).returncode == 1


def test_people_get_a_table_and_on_request_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(SEKADAU), "--explain"]) == 0
    out = capsys.readouterr().out
    assert "IKM 3.15 of 4 = 78.63 of 100, grade B (Good)" in out
    assert "28.3061 × 1/9 = 1387/441 = 3.1451" in out
    assert "A blank is never a zero. (reading.md#blank-answers)]" in " ".join(out.split())
    assert "Ignored columns: respondent" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere.csv"], "tera index: nowhere.csv: No such file or directory"),
        ([str(SEKADAU), "--rulebook", "x"], "tera index: no rulebook 'x'; there are: kepmenpan-25-2004"),
        ([str(SEKADAU), "--instrument", "x"], "tera index: no instrument 'x'; there are: ikm-21"),
        ([str(SEKADAU), "--instrument", "spak-5-4"], "row 1: spak-5-4 misses the columns DISKRIMINASI"),
        (
            [str(SEKADAU), "--rulebook", "permenpanrb-5-2024"],
            "permenpanrb-5-2024 has no measure for satisfaction",
        ),
    ],
)
def test_bad_use_is_one_line_that_says_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["index", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_a_rulebook_of_ones_own_with_an_unknown_key_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(law.read("permenpanrb-14-2017"))
    assert run_json(capsys, "index", SEKADAU, "--rulebook", own)["converted"] == "78.63"
    own.write_text(f"weigth = 1\n{law.read('permenpanrb-14-2017')}")
    assert main(["index", str(SEKADAU), "--rulebook", str(own)]) == 2
    error = capsys.readouterr().err
    assert "own.toml: permenpanrb-14-2017: unknown key 'weigth'; allowed here: amends, blank_answers" in error
    assert main(["index", str(SEKADAU), "--rulebook", "nowhere.toml"]) == 2
    assert "nowhere.toml: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(("population", "size"), [("12", 12), ("1050", 281), ("1000000", 384), ("0", 0)])
def test_sample_size(capsys: pytest.CaptureFixture[str], population: str, size: int) -> None:
    found = run_json(capsys, "sample-size", population)
    assert found == {"population": int(population), "sample_size": size, "rulebook": "permenpanrb-14-2017"}


@pytest.mark.parametrize("population", ["-5", "banyak", "1.5", "²"])
def test_a_population_is_a_whole_number_of_people(
    capsys: pytest.CaptureFixture[str], population: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["sample-size", population])
    assert stopped.value.code == 2
    if not population.startswith("-"):
        assert "is not a whole number of people, 0 or more" in capsys.readouterr().err


def test_the_sample_for_a_mean(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "sample-size", "1000", "--margin", "0,1")
    assert found == {"population": 1000, "sample_size": 52, "margin": "0.10", "spread": "0.45"}
    assert main(["sample-size", "1000", "--margin", "0"]) == 2
    assert "--margin and --spread are more than 0" in capsys.readouterr().err


def test_a_rulebook_without_a_sampling_rule_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample-size", "100", "--rulebook", "permenpanrb-5-2024"]) == 2
    assert "permenpanrb-5-2024 has no sampling rule; permenpanrb-14-2017 has one" in capsys.readouterr().err
