"""`make letters`: LibreOffice reads letters that we write as DOCX, and finds in them what our PDF says.

Needs Debian's package libreoffice-writer-nogui; where it is missing it fails and says so. TO=folder keeps
what was made, to be looked at.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import django
from pypdf import PdfReader

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tera.portal.settings")
django.setup()  # before what follows is imported

from tera.engine.catalogue import get_rulebook  # noqa: E402
from tera.portal.proposals.letters.document import Draft, Json, decode, encode, fingerprint, written  # noqa: E402
from tera.portal.proposals.letters.paper import print_letter  # noqa: E402
from tera.portal.proposals.letters.present import present  # noqa: E402
from tera.portal.proposals.letters.sample import sample_units  # noqa: E402
from tera.portal.proposals.letters.texts import defaults  # noqa: E402
from tera.portal.proposals.letters.word import word_letter  # noqa: E402
from tera.portal.proposals.models import Letter, LetterKind  # noqa: E402
from tera.portal.units.models import Unit  # noqa: E402

SIZES = (1, 12, 60)  # units in a letter
DAY = date(2026, 11, 30)
PATIENCE = 180  # seconds
NAMES = (
    "Kantor Imigrasi Kelas II TPI Sambas",
    "Lembaga Pemasyarakatan Perempuan Kelas IIA Pontianak",
    "Rumah Penyimpanan Benda Sitaan Negara dan Barang Rampasan Negara Kelas I Kabupaten Kepulauan Pangkajene",
    "Bapas Sintang",
)
TEXTS = {
    "letterhead": "KEMENTERIAN CONTOH REPUBLIK INDONESIA\nKANTOR WILAYAH KALIMANTAN BARAT\n"
    "Jalan Kepodang Nomor 5, Pontianak 78121. Telepon (0561) 000000. Surel kanwil@contoh.example",
    "place": "Pontianak",
    "signatory_title": "Kepala Kantor Wilayah,",
    "signatory_name": "Drs. Raden Mas Soerjo Koesoemo Hadiningrat, S.H., M.H.",
    "signatory_nip": "19700101 199503 1 001",
    "copies": "Inspektur Jenderal\nKepala Biro Perencanaan\nPara kepala satuan kerja yang bersangkutan",
}


def main() -> int:
    """Make letters of several sizes, let LibreOffice print them, and compare."""
    wishes = argparse.ArgumentParser(prog="make letters")
    wishes.add_argument("--to", type=Path, help="a folder for what is made")
    to: Path | None = wishes.parse_args().to
    if shutil.which("soffice") is None:
        print("letters: apt-get install libreoffice-writer-nogui", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = to or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        faults = [fault for size in SIZES for fault in _faults(size, folder, Path(scratch))]
    for fault in faults:
        print(f"letters: {fault}", file=sys.stderr)
    print(f"letters: {len(SIZES)} letters of {', '.join(map(str, SIZES))} units, {len(faults)} faults")
    return int(bool(faults))


def _faults(size: int, folder: Path, scratch: Path) -> Iterator[str]:
    """Yield which texts of a letter are missing from either PDF."""
    letter = _letter(size)
    ours, word = folder / f"{size}.pdf", folder / f"{size}.docx"
    ours.write_bytes(print_letter(letter))
    word.write_bytes(word_letter(letter))
    theirs = _printed(word, folder / "libreoffice", scratch)
    said = list(_said(present(decode(letter.document), letter.sha256)))
    for path in (ours, theirs):
        text = _squeezed("".join(page.extract_text() for page in PdfReader(path).pages))
        yield from (f"{path} does not say {one!r}" for one in said if _squeezed(one) not in text)


def _printed(word: Path, to: Path, scratch: Path) -> Path:
    """Return the PDF that LibreOffice makes of a DOCX."""
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", "pdf", "--outdir", str(to)]
    subprocess.run([*command, str(word)], check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)
    return to / f"{word.stem}.pdf"


def _letter(size: int) -> Letter:
    """Return a letter about so many invented units, which is in no database."""
    office = Unit(slug="kanwil", name="Kantor Wilayah Kalimantan Barat")
    kind = LetterKind.CORRECTION if size == 1 else LetterKind.PROPOSAL
    draft = Draft(office, kind, DAY, {**defaults(kind), **TEXTS}, "https://tera.example")
    names = [NAMES[place % len(NAMES)] for place in range(size)]
    rules = get_rulebook("se-menpanrb-4-2025" if size == SIZES[1] else "permenpanrb-10-2019")
    document = written(draft, sample_units(kind, names, rules), size)
    text = encode(document)
    return Letter(office=office, document=text, sha256=fingerprint(text), named=document["named"])


def _said(it: Json) -> Iterator[str]:
    """Yield all that a letter says, piece by piece."""
    yield from (it["subject"], it["named"], it["day"], it["attachment"], it["belongs"], it["sha256"])
    yield from (*it["letterhead"], *it["addressee"], *it["copies"], *it["signatory"]["title"])
    yield from (it["signatory"]["name"], it["signatory"]["nip"], *it["notes"], *it["n_limits"])
    yield from (text for one in it["columns"] for text in (one["name"], *one["limits"]))
    for paragraph in (*it["opening"], *it["closing"]):
        yield from paragraph
    for row in it["rows"]:
        yield from (row["place"], row["unit"], row["period"], row["target"], row["decision"])
        yield from (*row["facts"], row["others"], row["proofs"], *(way["shown"] for way in row["addresses"]))
        values = (*row["values"], row["n"])
        yield from (value[part] for value in values for part in ("now", "was") if value[part])


def _squeezed(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
