"""`tera eligibility`: may the unit be proposed, and if not, by how much it falls short."""

import json
from pathlib import Path

import pytest

from tera.cli import main
from tera.engine.catalogue import get_instrument

AREAS = {
    "manajemen_perubahan": "8",
    "tatalaksana": "5",
    "sdm": "6",
    "akuntabilitas": "6",
    "pengawasan": "9",
    "pelayanan_publik": "6",
}


def judge(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["eligibility", *arguments, "--json"])
    return code, dict(json.loads(capsys.readouterr().out))


def criteria(verdict: dict[str, object]) -> dict[str, dict[str, object]]:
    rows = verdict["criteria"]
    assert isinstance(rows, list)
    return {row["id"]: row for row in rows}


def old(ipk: str, ikm: str, respondents: str, target: str) -> list[str]:
    indices = ["--ipk-index", ipk, "--ikm-index", ikm, "--respondents", respondents]
    return [*indices, "--rulebook", "permenpanrb-10-2019", "--target", target]


def test_exactly_at_every_threshold_is_eligible(capsys: pytest.CaptureFixture[str]) -> None:
    code, verdict = judge(capsys, *old("3.60", "3.20", "30", "wbk"))
    assert (code, verdict["eligible"], verdict["scope"]) == (0, True, "survey criteria")
    found = criteria(verdict)
    assert (found["ipk"]["value"], found["ipk"]["unit"]) == ("13.50", "points of 15")
    assert (found["ikm"]["value"], found["ikm"]["threshold"]) == ("16.00", "16.00")
    assert (found["respondents"]["value"], found["respondents"]["threshold"]) == (30, 30)


def test_what_shows_as_3_60_and_is_3_595_fails_and_says_by_how_much(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, verdict = judge(capsys, *old("3.595", "3.20", "30", "wbk"))
    assert (code, verdict["eligible"]) == (1, False)
    ipk = criteria(verdict)["ipk"]
    assert (ipk["value"], ipk["met"], ipk["short_by"]) == ("13.48125", False, "0.01875")


def test_twenty_nine_respondents_are_too_few(capsys: pytest.CaptureFixture[str]) -> None:
    code, verdict = judge(capsys, *old("4", "4", "29", "wbk"))
    assert code == 1
    assert criteria(verdict)["respondents"]["short_by"] == 1


@pytest.mark.parametrize(("ikm", "code"), [("3.60", 0), ("3.59", 1), ("3.20", 1)])
def test_wbbm_needs_3_60_of_satisfaction_too(capsys: pytest.CaptureFixture[str], ikm: str, code: int) -> None:
    assert judge(capsys, *old("3,60", ikm, "30", "wbbm"))[0] == code


def new(enablers_more: str, *values: str) -> list[str]:
    areas = {**AREAS, "manajemen_perubahan": enablers_more}
    pairs = [*(f"{name}={score}" for name, score in areas.items()), *values]
    rulebook = ["--rulebook", "permenpanrb-5-2024", "--target", "wbk", "--respondents", "30"]
    return [*rulebook, *(part for pair in pairs for part in ("--value", pair))]


def test_every_part_reached_and_a_total_of_72_25_is_still_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    parts = ["ipak=15.75", "performance=2.50", "ipkp=14"]
    code, verdict = judge(capsys, *new("8", *parts))
    assert (code, verdict["scope"]) == (1, "all criteria")
    unmet = {name: row for name, row in criteria(verdict).items() if not row["met"]}
    assert list(unmet) == ["total"]
    assert (unmet["total"]["value"], unmet["total"]["short_by"]) == ("72.25", "2.75")


@pytest.mark.parametrize(("sakip", "code"), [("CC", 1), ("B", 0)])
def test_a_grade_of_the_institution_is_judged_by_its_place(
    capsys: pytest.CaptureFixture[str], sakip: str, code: int
) -> None:
    scores = ["ipak=15.75", "performance=5", "ipkp=17.50", "pelayanan_publik=10"]
    pairs = [*(f"{name}={AREAS[name]}" for name in list(AREAS)[:5]), *scores]
    pairs += ["opinion=WTP", "rb_index=B", f"sakip={sakip}"]
    arguments = ["--rulebook", "se-menpanrb-4-2025", "--respondents", "30"]
    found, verdict = judge(capsys, *arguments, *(part for pair in pairs for part in ("--value", pair)))
    row = criteria(verdict)["sakip"]
    assert (found, row["met"], row["value"], row["threshold"]) == (code, code == 0, sakip, "B")
    assert (row["short_by"], row["exact"]) == (None, None)


def test_sums_may_be_given_instead_of_their_parts(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--rulebook", "permenpanrb-5-2024", "--target", "wbk", "--respondents", "30"]
    for pair in ("enablers=40", "clean=18.25", "ipkp=14", "total=72.25"):
        arguments += ["--value", pair]
    code, verdict = judge(capsys, *arguments)
    found = criteria(verdict)
    assert code == 1
    assert (found["clean"]["met"], found["total"]["met"], found["ipak"]["met"]) == (True, False, None)


def test_a_file_of_answers_is_judged(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    header = "PERSYARATAN,PROSEDUR,WAKTU,BIAYA,PRODUK,KOMPETENSI,PERILAKU,SARANA,PENGADUAN"
    spak = "DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN"
    file = tmp_path / "jawaban.csv"
    file.write_text(f"{header},{spak}\n" + f"{','.join('4' * 14)}\n" * 30)
    code, verdict = judge(capsys, str(file), "--target", "wbbm")
    assert (code, criteria(verdict)["respondents"]["value"]) == (0, 30)
    file.write_text(f"{header}\n" + f"{','.join('4' * 9)}\n" * 30)
    code, verdict = judge(capsys, str(file), "--target", "wbk")
    assert (code, criteria(verdict)["ipk"]["met"]) == (1, None)


def test_a_file_and_an_index_do_not_overrule_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "jawaban.csv"
    file.write_text(f"{','.join(f'u{n}' for n in range(1, 10))}\n{','.join('4' * 9)}\n")
    assert main(["eligibility", str(file), "--value", "ikm=20", "--value", "total=90"]) == 2
    assert "ikm is given twice" in capsys.readouterr().err


def test_two_instruments_for_one_measure_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    codes = [*get_instrument("spak-5-4").codes, *get_instrument("ipk-10").codes]
    file = tmp_path / "jawaban.csv"
    file.write_text(f"{','.join(codes)}\n{','.join('4' * 15)}\n")
    assert main(["eligibility", str(file)]) == 2
    assert "ipk-10 and spak-5-4 both measure ipk; choose one with --instrument" in capsys.readouterr().err
    code, verdict = judge(capsys, str(file), "--instrument", "ipk-10")
    assert (code, verdict["instruments"]) == (1, ["ipk-10"])


def test_a_shortfall_is_never_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code, verdict = judge(capsys, *old("3.5999999999999999999", "3.2", "30", "wbk"))
    assert (code, criteria(verdict)["ipk"]["short_by"]) == (1, "0.00000001")


@pytest.mark.parametrize("arguments", [["--respondents", "x"], ["--resp", "30"], ["--respondents", "1_000"]])
def test_wrong_use_is_one_line_too(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["eligibility", *arguments])
    error = capsys.readouterr().err
    assert (stopped.value.code, error.count("\n")) == (2, 1)
    assert "--help" in error


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eligibility", *old("3.595", "3.20", "30", "wbk")]) == 1
    out = capsys.readouterr().out
    assert "WBK under PermenPANRB 10/2019: not eligible (survey criteria)" in out
    assert "NOT MET" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "nothing to judge; give a FILE, or indices"),
        (["--ipk-index", "4.1"], "--ipk-index 4.1: an index is 1 to 4"),
        (["--ipk-index", "baik"], "'baik' is not a number; write it like 3.60"),
        (["--ipak-index", "3"], "--ipak-index: permenpanrb-10-2019 measures ipk, ikm"),
        (["--ipk-index", "3", "--respondents", "0"], "--respondents 0: at least 1 respondent is needed"),
        (
            ["--ipk-index", "3", "--target", "wtp"],
            "permenpanrb-10-2019 has no target 'wtp'; it has wbk, wbbm",
        ),
        (["--ipk-index", "3", "--rulebook", "permenpanrb-14-2017"], "no target 'wbk'; it judges no titles"),
        (["--value", "total"], "--value 'total': write MEASURE=NUMBER, such as total=76.5"),
        (["--ipk-index", "3.6", "--value", "ipk=14"], "ipk is given twice"),
        (["--value", "total=80", "--value", "total=90"], "total is given twice"),
        (
            ["--value", "ipk=3.6"],
            "ipk is in points of 15, 3.75 or more; for an index of 1 to 4 use --ipk-index",
        ),
        (
            ["--ipk-index", f"3.{'9' * 99}"],
            "--ipk-index: '3.99999999999999999999999999999999999999'… is too long",
        ),
        (["--ipk-index", "3", "--instrument", "skm-9"], "--instrument goes with a FILE"),
        (["--value", "totl=76"], "permenpanrb-10-2019 knows no 'totl'; it knows ipk, ikm, total"),
        (["--value", "total=101"], "total: 101.00 is not a number from 0 to 100.00"),
        (["nowhere.csv"], "nowhere.csv: No such file or directory"),
        (["nowhere.csv", "--respondents", "30"], "the file says how many there are; leave it out"),
    ],
)
def test_bad_use_is_one_line_that_says_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["eligibility", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def answers(path: Path, n: int) -> Path:
    """Write n forms of both questionnaires: of five, four give 4 throughout and one gives 3."""
    codes = [*get_instrument("skm-9").codes, *get_instrument("spak-5-4").codes]
    lines = [",".join(codes), *(",".join("3" if row % 5 == 0 else "4" for _ in codes) for row in range(n))]
    path.write_text("\n".join(lines) + "\n")
    return path


def proof_of(verdict: dict[str, object], criterion: str) -> dict[str, object]:
    found = criteria(verdict)[criterion]["proof"]
    assert isinstance(found, dict)
    return found


def test_forty_forms_meet_the_law_and_prove_nothing_of_3_60_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, verdict = judge(capsys, str(answers(tmp_path / "forty.csv", 40)))
    assert (code, verdict["eligible"]) == (0, True)
    ipk = proof_of(verdict, "ipk")
    assert ipk["status"] == "meets on the face, not yet proven"
    assert 13 < float(str(ipk["lower_bound_95"])) < 13.5 < float(str(criteria(verdict)["ipk"]["value"]))
    assert isinstance(ipk["respondents_needed"], int)
    assert ipk["fake_forms_to_flip"] == 21  # 40 x (3,8 - 3,6) / (4 - 3,6) = 20, and one more
    assert proof_of(verdict, "ikm")["status"] == "proven at 95 %"
    whole = verdict["proof"]
    assert isinstance(whole, dict)
    assert (whole["status"], whole["fake_forms_to_flip"]) == ("meets on the face, not yet proven", 11)


def test_with_as_many_more_respondents_it_is_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, before = judge(capsys, str(answers(tmp_path / "forty.csv", 40)))
    needed = proof_of(before, "ipk")["respondents_needed"]
    assert isinstance(needed, int)
    enough = -(-(40 + needed) // 5) * 5
    _, after = judge(capsys, str(answers(tmp_path / "enough.csv", enough)))
    assert proof_of(after, "ipk")["status"] == "proven at 95 %"


def test_an_index_without_its_answers_proves_nothing_but_tells_what_would_explain_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, verdict = judge(capsys, *old("3.74", "3.20", "40", "wbk"))
    ipk = proof_of(verdict, "ipk")
    assert (ipk["status"], ipk["lower_bound_95"]) == ("can't be judged", None)
    assert (ipk["fake_forms_to_flip"], ipk["calls_needed"]) == (15, 7)


def test_people_read_the_proof_below_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["eligibility", str(answers(tmp_path / "forty.csv", 40))])
    said = " ".join(capsys.readouterr().out.split())
    assert "not yet proven: the true value may still be as low as 13." in said
    assert "it would take at least 21 of 40 to explain this pass" in said
