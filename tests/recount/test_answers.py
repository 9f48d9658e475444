"""A file of answers is read wholly, whatever program wrote it, or refused with place and remedy."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tera.engine.catalogue import list_instruments
from tera.engine.tally import Tally
from tera.recount import answers
from tera.recount.answers import read
from tera.recount.table import BadFile

HEADER = "u1,u2,u3,u4,u5,u6,u7,u8,u9"
QUOTED = '"3"'
ROWS = "3,3,3,4,3,3,3,3,4\n4,4,4,4,4,4,4,4,4\n"
GOOD = f"{HEADER}\n{ROWS}"


def tally_of(path: Path) -> Tally:
    return read(path, list_instruments()).tallies["skm-9"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jawaban.csv"


@pytest.mark.parametrize(
    ("story", "content"),
    [
        ("plain", GOOD.encode()),
        ("byte order mark", b"\xef\xbb\xbf" + GOOD.encode()),
        ("CRLF", GOOD.replace("\n", "\r\n").encode()),
        ("old Mac line ends", GOOD.replace("\n", "\r").encode()),
        ("semicolons", GOOD.replace(",", ";").encode()),
        ("tabs in UTF-16", GOOD.replace(",", "\t").encode("utf-16")),
        (
            "decimal commas",
            f"{HEADER}\n{ROWS.replace('4', '4#0')}".replace(",", ";").replace("#", ",").encode(),
        ),
        ("empty lines at the end", (GOOD + "\n\n,,,,,,,,\n").encode()),
        ("no line end at the end", GOOD.rstrip().encode()),
        (
            "codes instead of short names",
            GOOD.replace("u1", "PERSYARATAN").replace("u9", " pengaduan ").encode(),
        ),
        ("spaces around answers", f"{HEADER}\n{ROWS.replace('4', ' 4 ')}".encode()),
        ("a separator named in the first line", f"sep=;\n{GOOD}".replace(",", ";").encode()),
        ("quotes", f"{HEADER}\n{ROWS.replace('3', QUOTED)}".encode()),
    ],
)
def test_the_same_answers_in_other_clothes(file: Path, story: str, content: bytes) -> None:
    file.write_bytes(content)
    tally = tally_of(file)
    assert (tally.respondents, tally.complete) == (2, 2), story
    assert tally.of_items(["BIAYA"]) == (2, 8), story
    assert tally.of_items(["SARANA"]) == (2, 7), story


def test_columns_come_in_any_order_and_others_are_ignored_and_named(file: Path) -> None:
    file.write_text("Nama,u9,u8,u7,u6,u5,u4,u3,u2,u1,saran\nSari,4,3,3,3,3,4,3,3,1,baik; cepat\n")
    found = read(file, list_instruments())
    assert found.ignored == ("Nama", "saran")
    assert found.tallies["skm-9"].of_items(["PERSYARATAN"]) == (1, 1)


def test_a_column_nobody_asked_for_may_hold_any_bytes(file: Path) -> None:
    file.write_bytes(
        b"saran," + GOOD.encode().replace(b"\n3", b"\nk\xe9r\xe8n,3", 1).replace(b"\n4", b"\n,4", 1)
    )
    assert tally_of(file).respondents == 2


def test_blanks_shrink_the_divisor(file: Path) -> None:
    file.write_text(f"{HEADER}\n4,4,4,4,4,4,4,4,4\n,4,4,4,4,4,4,4,4\n")
    tally = tally_of(file)
    assert (tally.respondents, tally.complete) == (2, 1)
    assert tally.of_items(["PERSYARATAN"]) == (1, 4)


def test_two_instruments_in_one_file_are_counted_apart(file: Path) -> None:
    spak = "DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN"
    file.write_text(f"{HEADER},{spak}\n3,3,3,4,3,3,3,3,4,4,4,4,4,4\n3,3,3,4,3,3,3,3,4,,,,,\n")
    tallies = read(file, list_instruments()).tallies
    assert {name: tally.respondents for name, tally in tallies.items()} == {"skm-9": 2, "spak-5-4": 1}


def test_a_workbook_gives_the_same_as_a_csv(tmp_path: Path, file: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "jawaban.xlsx")
    sheet = book.add_worksheet()
    for at, line in enumerate(GOOD.splitlines()):
        sheet.write_row(at, 0, [int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.close()
    file.write_text(GOOD)
    assert tally_of(tmp_path / "jawaban.xlsx") == tally_of(file)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "jawaban.csv: the file is empty"),
        (
            "\n\n",
            "row 1: no column of answers found in an empty row; row 1 must hold the column names",
        ),
        (
            "a,b\n1,2\n",
            "row 1: no column of answers found in 'a', 'b'; .*skm-9: u1 to u9 or PERSYARATAN",
        ),
        (GOOD.replace(",u9", "", 1), "row 1: skm-9 misses the columns u9; found 'u1', 'u2'"),
        (GOOD.replace("u9", "u1", 1), "row 1: the column 'u1' stands there 2 times; once is allowed"),
        (f"PERSYARATAN,{GOOD}", "row 1: u1 and PERSYARATAN are the same item; give one"),
        (f"{HEADER}\n", "the file has 0 respondents; at least one row of answers is needed"),
        (f"{GOOD}3,3,3,5,3,3,3,3,4\n", "row 4, column u4: '5' is not allowed; use 1 to 4, or empty"),
        (f"{GOOD}3,3,3,0,3,3,3,3,4\n", "row 4, column u4: '0' is not allowed"),
        (f"{GOOD}3,3,3,baik,3,3,3,3,4\n", "row 4, column u4: 'baik' is not allowed"),
        (f"{GOOD}3,3,3,3.5,3,3,3,3,4\n", "row 4, column u4: '3.5' is not allowed"),
        (f"{GOOD}3,3,3,-1,3,3,3,3,4\n", "row 4, column u4: '-1' is not allowed"),
        (f"{GOOD}3,3,3,8/2,3,3,3,3,4\n", "row 4, column u4: '8/2' is not allowed"),
        (f"{GOOD}3,3,3,3.000,3,3,3,3,4\n", "row 4, column u4: '3.000' is not allowed"),
        (f"{GOOD}3,3,3,{'x' * 900},3,3,3,3,4\n", "row 4, column u4: 'x{39}… is not allowed"),
        (f"{GOOD}{'x' * 1_100_000}\n", "a line of more than 1048576 characters; that is no table"),
        (
            f"{GOOD}\n3,3,3,3,3,3,3,3,4\n",
            "row 4: no answer in this row; empty lines are allowed at the end only",
        ),
        (f"{GOOD},,,,,,,,\n3,3,3,3,3,3,3,3,4\n", "row 4: no answer in this row"),
        (
            f"no,{HEADER}\n1,3,3,3,4,3,3,3,3,4\n2,,,,,,,,,\n",
            "row 3: no answer in this row; give at least one",
        ),
        (f"{GOOD}3,3,3\n", "row 4: 3 cells where the header has 9 columns"),
        (f"{GOOD}3,0,3,0,3,3,3,3,4,3,3\n", "row 4: 11 cells where the header has 9 columns"),
        (f'{GOOD}"3,3,3\n', "not a CSV file: unexpected end of data"),
    ],
)
def test_bad_input_is_refused_with_place_and_remedy(file: Path, content: str, complaint: str) -> None:
    file.write_text(content)
    with pytest.raises(BadFile, match=complaint):
        read(file, list_instruments())


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """Write a workbook; a text that begins with = is a formula that was never calculated."""
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if str(value).startswith("="):
                    sheet.write_formula(at, column, str(value), None, "")
                else:
                    sheet.write(at, column, value)
    book.close()
    return path


NAMES = [f"u{n}" for n in range(1, 10)]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("=1+2", "row 3, column u2: 'a formula without a value' is not allowed"),
        ("#N/A", "row 3, column u2: '#N/A' is not allowed"),
        (3.5, "row 3, column u2: '3.5' is not allowed"),
        (1e300, "row 3, column u2: '1000000000000000"),
        (True, "row 3, column u2: 'True' is not allowed"),
        ("tiga", "row 3, column u2: 'tiga' is not allowed"),
    ],
)
def test_a_cell_of_a_workbook_that_is_no_answer_is_refused(
    tmp_path: Path, value: object, complaint: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", answers=[[*NAMES], [3] * 9, [3, value, *[3] * 7]])
    with pytest.raises(BadFile, match=complaint):
        tally_of(path)


def test_the_sheet_with_answers_is_found_and_two_are_refused(tmp_path: Path) -> None:
    notes: list[list[object]] = [["catatan"], ["lihat lembar kedua"]]
    rows: list[list[object]] = [[*NAMES], [4] * 9]
    assert tally_of(workbook(tmp_path / "one.xlsx", notes=notes, answers=rows)).respondents == 1
    with pytest.raises(BadFile, match="answers on the sheets januari and februari; one sheet is allowed"):
        tally_of(workbook(tmp_path / "two.xlsx", januari=rows, februari=rows))


def test_a_cell_far_away_is_refused_and_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, NAMES)
    sheet.write_row(1, 0, [4] * 9)
    sheet.write(9, 16383, "x")
    book.close()
    with pytest.raises(BadFile, match="row 10: 16384 columns; 1000 are allowed"):
        tally_of(path)


def test_a_pipe_is_read_like_a_file(file: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file.write_text(GOOD)
    command = [sys.executable, "-m", "tera", "index", "-", "--json"]
    with file.open("rb") as source:
        found = subprocess.run(command, stdin=source, check=True, capture_output=True)
    assert b'"n": 2' in found.stdout
    assert capfdbinary.readouterr().err == b""


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="tidak-ada.csv: No such file or directory"):
        tally_of(tmp_path / "tidak-ada.csv")
    with pytest.raises(BadFile, match="Is a directory"):
        tally_of(tmp_path)
    (tmp_path / "rusak.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(BadFile, match="not a readable XLSX file"):
        tally_of(tmp_path / "rusak.xlsx")
    (tmp_path / "lama.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(BadFile, match="an old or a protected workbook; save it as XLSX without a password"):
        tally_of(tmp_path / "lama.xls")
    (tmp_path / "gambar.csv").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(BadFile):
        tally_of(tmp_path / "gambar.csv")


def test_an_instrument_that_was_asked_for_must_be_there(file: Path) -> None:
    file.write_text(GOOD)
    with pytest.raises(BadFile, match="spak-5-4 misses the columns DISKRIMINASI"):
        read(file, list_instruments(), ["spak-5-4"])


def test_six_points_are_read_where_the_six_point_set_is_named(file: Path) -> None:
    file.write_text("DISKRIMINASI,KECURANGAN,IMBALAN,PUNGLI,PERCALOAN\n6,6,6,6,5\n")
    assert read(file, list_instruments(), ["spak-5-6"]).tallies["spak-5-6"].of_items(["PERCALOAN"]) == (1, 5)
    hint = "spak-5-6 has the same columns and 6 options: choose it with --instrument"
    with pytest.raises(BadFile, match=f"column DISKRIMINASI: '6' is not allowed; use 1 to 4.*{hint}"):
        read(file, list_instruments())


def test_chunks_make_no_difference(file: Path) -> None:
    chance = random.Random(7)
    rows = [[chance.choice(["", "1", "2", "3", "4"]) for _ in range(8)] + ["4"] for _ in range(999)]
    file.write_text("\n".join([HEADER, *map(",".join, rows)]))
    whole = tally_of(file)
    size, answers.CHUNK = answers.CHUNK, 10
    try:
        assert tally_of(file) == whole
        file.write_text("\n".join([HEADER, *map(",".join, rows), "9,,,,,,,,"]))
        with pytest.raises(BadFile, match="row 1001, column u1: '9'"):
            tally_of(file)
        file.write_text("\n".join([HEADER, *map(",".join, rows), *[""] * 11, "4,,,,,,,,"]))
        with pytest.raises(BadFile, match="row 1001: no answer in this row"):
            tally_of(file)
    finally:
        answers.CHUNK = size
