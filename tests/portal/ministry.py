"""An invented ministry of a thousand units as the rows of a file: regions, and the units below them."""

import io
from collections.abc import Sequence

import xlsxwriter

HEADER = (
    *("Kode", "Nama", "Nama Singkat", "Jenis", "Kelas", "Zona", "Induk", "Mulai", "Layanan", "Tempat"),
    "kode:satker",
)
REGIONS, UNITS = 33, 1000
Line = Sequence[str]


def line(slug: str, parent: str = "", **other: str) -> list[str]:
    """Return a sound row; what is named in `other` stands in its column instead."""
    values = {
        "Kode": slug,
        "Nama": f"Kantor {slug}",
        "Nama Singkat": slug.title() or "Kantor",
        "Jenis": "KANIM",
        "Zona": "WIB",
        "Induk": parent,
        **other,
    }
    return [values.get(name, "") for name in HEADER]


def ministry(units: int = UNITS) -> list[list[str]]:
    """Return the rows, the units first and the ministry last, as a file may have them."""
    regions = [f"kanwil-{number}" for number in range(1, REGIONS + 1)]
    rows = [
        line(
            f"unit-{number}",
            regions[number % REGIONS],
            Kelas="II TPI",
            Layanan="PASPOR=Paspor; IZIN-TINGGAL=Izin tinggal",
            Tempat="Kantor|Jalan Raya 1",
            **{"kode:satker": f"{400000 + number}"},
        )
        for number in range(1, units - REGIONS)
    ]
    rows += [line(slug, "kementerian", Jenis="Kantor Wilayah") for slug in regions]
    return [*rows, line("kementerian", Jenis="KEMENTERIAN")]


def as_csv(*rows: Line, header: Line = HEADER, mark: str = ",") -> bytes:
    """Return a file of these rows."""
    return "".join(f"{mark.join(row)}\r\n" for row in (header, *rows)).encode(errors="surrogatepass")


def as_workbook(rows: Sequence[Line]) -> bytes:
    """Return a workbook of these rows."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((HEADER, *rows)):
            sheet.write_row(at, 0, row)
    return written.getvalue()
