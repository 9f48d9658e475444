"""What is exported can be read back: the same answers, what they mean, and the sums that the law prints."""

import csv
import random
import re
import tracemalloc
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tera.cli import main
from tera.engine.breakdown import columns_of
from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.index import compute
from tera.engine.tally import Tally
from tera.recount.export import codebook, delimited, parquet, workbook
from tera.recount.export.dataset import Dataset, Table

SKM, SPAK = get_instrument("skm-9"), get_instrument("spak-5-4")
LAW, ZONE = get_rulebook("permenpanrb-14-2017"), get_rulebook("permenpanrb-10-2019")


def answers(codes: tuple[str, ...], count: int, highest: int = 4) -> list[bytes]:
    chance = random.Random(count)
    return [bytes(chance.choices(range(highest + 1), k=len(codes))) for _ in range(count)]


def dataset(rows: list[bytes], *asked: tuple[str, str]) -> Dataset:
    """Return answers to questionnaires, each measured by a rulebook."""
    pairs = [(get_instrument(name), get_rulebook(rules)) for name, rules in asked]
    codes = tuple(code for instrument, _ in pairs for code in instrument.codes)
    columns = dict(zip(codes, columns_of(rows, len(codes)), strict=True))
    indices = tuple(
        compute(
            Tally.of_columns(instrument.codes, [columns[code] for code in instrument.codes]),
            instrument,
            rules,
        )
        for instrument, rules in pairs
    )
    return Dataset("Kanim Sambas", [instrument for instrument, _ in pairs], codes, rows, indices)


@pytest.fixture
def both() -> Dataset:
    codes = (*SKM.codes, *SPAK.codes)
    return dataset(answers(codes, 4321), ("skm-9", LAW.id), ("spak-5-4", ZONE.id))


def sheets(data: Dataset, folder: Path) -> dict[str, tuple[Worksheet, Worksheet]]:
    """Return each sheet twice: its formulas, and its values."""
    file = BytesIO()
    workbook.write(data, file, str(folder))
    written, shown = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    return {title: (written[title], shown[title]) for title in written.sheetnames}


def scores(row: bytes) -> list[int | None]:
    return [score or None for score in row]


def test_csv_holds_the_answers_and_tera_index_reads_it(
    both: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, told = tmp_path / "jawaban.csv", list[int]()
    with file.open("wb") as stream:
        delimited.write(both.codes, both.rows, stream, told.append)
    header, *rows = csv.reader(StringIO(file.read_text(encoding="utf-8")))
    assert header == list(both.codes)
    assert [bytes(int(cell or 0) for cell in row) for row in rows] == both.rows
    assert told == [0, 2000, 4000, 6000]
    assert main(["index", str(file), "--instrument", "skm-9", "--json"]) == 0
    assert f'"{both.indices[0].converted_shown}"' in capsys.readouterr().out


def test_parquet_holds_the_answers_and_leaves_nothing_beside_it(both: Dataset, tmp_path: Path) -> None:
    parquet.write(both.codes, both.rows, tmp_path / "jawaban.parquet")
    found = duckdb.read_parquet(str(tmp_path / "jawaban.parquet"))
    assert found.columns == list(both.codes)
    assert {str(kind) for kind in found.types} == {"UTINYINT"}
    assert found.fetchall() == [tuple(scores(row)) for row in both.rows]
    assert [path.name for path in tmp_path.iterdir()] == ["jawaban.parquet"]


def test_the_workbook_holds_the_answers_under_their_codes_and_the_numbers_of_the_annex(
    both: Dataset, tmp_path: Path
) -> None:
    sheet, _ = sheets(both, tmp_path)[workbook.ANSWERS]
    names, header, *rows = sheet.iter_rows(values_only=True)
    assert names[1:10] == tuple(f"U{number}" for number in range(1, 10))
    assert header == ("No.", *both.codes)
    held = rows[: len(both.rows)]
    assert [list(row[1:]) for row in held] == [scores(row) for row in both.rows]
    assert [row[0] for row in held] == list(range(1, len(both.rows) + 1))


def below(data: Dataset, folder: Path) -> list[dict[str, list[Any]]]:
    """Return the lines below the answers by name: as formulas, and as values."""
    found = []
    for sheet in sheets(data, folder)[workbook.ANSWERS]:
        lines = list(sheet.iter_rows(min_row=len(data.rows) + 3, values_only=True))
        found.append({str(name): list(cells) for name, *cells in lines})
    return found


def test_below_stand_formulas_with_the_values_of_the_engine(both: Dataset, tmp_path: Path) -> None:
    formulas, values = below(both, tmp_path)
    last = len(both.rows) + 2
    assert formulas["Jumlah nilai"][0] == f"=SUM(B3:B{last})"
    assert formulas["NRR per unsur"][0] == f"=B{last + 1}/B{last + 2}"
    assert formulas["NRR tertimbang"][8] == f"=J{last + 3}*(1/9)"
    assert formulas["Nilai konversi"][0] == f"=B{last + 5}/4*100"
    skm, spak = both.indices
    means = [element.mean for element in (*skm.elements, *spak.elements)]
    assert values["NRR per unsur"] == pytest.approx([float(mean or 0) for mean in means])
    assert values["Nilai konversi"][0] == pytest.approx(float(skm.converted))
    assert values["Nilai konversi"][9] == pytest.approx(float(spak.converted))
    assert values["Mutu"][0] == f"{skm.grade.grade} ({skm.grade.label['id']})" if skm.grade else None


@pytest.mark.parametrize(
    ("name", "rules", "highest"),
    [("skm-9", LAW.id, 4), ("ikm-21", LAW.id, 4), ("spak-5-6", ZONE.id, 6), ("spak-5-4", ZONE.id, 4)],
)
def test_whoever_follows_the_formulas_gets_the_index_exactly(
    name: str, rules: str, highest: int, tmp_path: Path
) -> None:
    data = dataset(answers(get_instrument(name).codes, 57, highest), (name, rules))
    formulas, _ = below(data, tmp_path)
    [found] = data.indices
    assert calculated(data, formulas) == found.converted


def calculated(data: Dataset, formulas: dict[str, list[Any]]) -> Fraction:
    """Return what the formulas give, with exact fractions, as a spreadsheet would go through them."""
    cells: dict[str, Fraction] = {}
    for place, column in enumerate(columns_of(data.rows, len(data.codes))):
        for at, score in enumerate(column, 3):
            if score:
                cells[f"{chr(66 + place)}{at}"] = Fraction(score)
    at = len(data.rows) + 2
    for name in ("Jumlah nilai", "Jumlah terisi", "NRR per unsur", "NRR tertimbang", "Nilai indeks"):
        at += 1
        for place, formula in enumerate(formulas[name]):
            if isinstance(formula, str):
                cells[f"{chr(66 + place)}{at}"] = worked_out(formula[1:], cells)
    [formula] = [text for text in formulas["Nilai konversi"] if str(text).startswith("=")]
    return worked_out(str(formula)[1:], cells)


def worked_out(formula: str, cells: dict[str, Fraction]) -> Fraction:
    """Return the value of one of our formulas."""

    def ranged(found: re.Match[str]) -> str:
        column, first, last = found[1], int(found[2]), int(found[3])
        return ",".join(f"{column}{row}" for row in range(first, last + 1) if f"{column}{row}" in cells)

    text = re.sub(r"([A-Z]+)(\d+):\1(\d+)", ranged, formula)
    text = re.sub(r"\b([A-Z]\d+)\b", r"cells['\1']", text)
    text = re.sub(r"(?<![\w'])(\d+)(?![\w'])", r"Fraction(\1)", text)

    def total(*values: Fraction) -> Fraction:
        return sum(values, Fraction(0))

    def count(*values: Fraction) -> Fraction:
        return Fraction(len(values))

    names = {"cells": cells, "Fraction": Fraction, "SUM": total, "COUNT": count, "__builtins__": {}}
    value: Fraction = eval(text, names)  # noqa: S307  a formula that we wrote
    return value


def test_an_element_that_nobody_answered_has_no_mean_and_no_share(tmp_path: Path) -> None:
    rows = [bytes([4] * 8 + [0])] * 12
    formulas, values = below(dataset(rows, ("skm-9", LAW.id)), tmp_path)
    assert formulas["NRR per unsur"][8] is None
    assert formulas["NRR tertimbang"][0] == "=B17*(1/8)"
    assert values["Nilai konversi"][0] == 100


def test_the_codebook_says_in_official_wording_what_each_number_means(both: Dataset, tmp_path: Path) -> None:
    lines = [dict(zip(codebook.HEADER, line, strict=True)) for line in codebook.lines(both)]
    assert [line["kolom"] for line in lines] == [code for code in both.codes for _ in range(4)]
    fee = [line for line in lines if line["kolom"] == "BIAYA"]
    assert [(line["nilai"], line["jawaban"]) for line in fee] == [
        (option.score, option.label["id"]) for option in SKM.items[3].options
    ]
    assert {line["pertanyaan"] for line in fee} == {SKM.items[3].stem["id"]}
    assert {(line["nomor"], line["kuesioner"]) for line in fee} == {("U4", "skm-9")}
    sheet, _ = sheets(both, tmp_path)[workbook.CODEBOOK]
    assert sheet.max_row == len(lines) + 3


def test_what_is_hidden_in_a_table_is_written_as_words(both: Dataset, tmp_path: Path) -> None:
    table = Table("sambas1", "Jenis kelamin", [("F", "Perempuan", 40), ("M", "Laki-laki", None)])
    data = Dataset(both.title, both.instruments, both.codes, both.rows, tables=[table])
    sheet, _ = sheets(data, tmp_path)[workbook.RESPONDENTS]
    assert list(sheet.iter_rows(values_only=True)) == [
        codebook.TABLES,
        ("sambas1", "Jenis kelamin", "F", "Perempuan", 40),
        ("sambas1", "Jenis kelamin", "M", "Laki-laki", "tidak ditampilkan"),
    ]


def test_no_text_is_taken_for_a_formula(both: Dataset, tmp_path: Path) -> None:
    about = [("Unit", '=HYPERLINK("http://jahat.example")')]
    assert delimited.text(about).startswith("Unit,\"'=HYPERLINK")
    data = Dataset(both.title, both.instruments, both.codes, both.rows, about=about)
    sheet, shown = sheets(data, tmp_path)[workbook.CODEBOOK]
    assert sheet["B2"].data_type == "s"
    assert shown["B2"].value == '=HYPERLINK("http://jahat.example")'


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    data = Dataset("Kanim Sambas", [SKM], SKM.codes, [bytes(9)] * 1_000_001)
    with pytest.raises(workbook.TooMany, match="1000001 rows; a sheet holds 1000000"):
        workbook.write(data, BytesIO(), str(tmp_path))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(form: str, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        rows = answers(SKM.codes, 100) * (count // 100)
        data = dataset(rows, ("skm-9", LAW.id))
        tracemalloc.start()
        with (tmp_path / "file").open("wb") as file:
            if form == "csv":
                delimited.write(data.codes, data.rows, file)
            else:
                workbook.write(data, file, str(tmp_path))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    few, many = peak(1_000), peak(20_000)
    assert many - few < 30 * 19_000  # nine bytes each as they come, and nine while they are summed up
