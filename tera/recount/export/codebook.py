"""The codebook: what each column asks and what its numbers mean, and where the answers come from.

Written in Indonesian, in the official wording: an export is a working paper of the office.
"""

from collections.abc import Iterator

from tera.recount.export.dataset import Dataset

HEADER = ("kolom", "nomor", "kuesioner", "unsur", "wajib", "pertanyaan", "nilai", "jawaban", "catatan")
ABOUT, TABLES = ("keterangan", "isi"), ("survei", "tabel", "kode", "keterangan", "jumlah")
NOT_SHOWN = "tidak ditampilkan"
LANGUAGE = "id"


def lines(dataset: Dataset) -> Iterator[tuple[str | int, ...]]:
    """Yield the codebook, one line for each answer that an item offers."""
    owners = {code: entry for entry in dataset.instruments for code in entry.codes}
    for code, item in dataset.items.items():
        instrument = owners[code]
        element = next(entry for entry in instrument.elements if entry.code == item.element)
        asked = (
            code,
            item.column.upper(),
            instrument.id,
            element.name[LANGUAGE],
            "ya" if item.required else "tidak",
            item.stem[LANGUAGE],
        )
        for option in sorted(item.options, key=lambda option: option.score):
            yield (*asked, option.score, option.label[LANGUAGE], dataset.hidden.get(code, ""))


def table_lines(dataset: Dataset) -> Iterator[tuple[str | int, ...]]:
    """Yield the tables of who answered, one line for each code."""
    for table in dataset.tables:
        for code, label, count in table.rows:
            yield (table.of, table.title, code, label, NOT_SHOWN if count is None else count)
