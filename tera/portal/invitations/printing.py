"""Printed matter: a template of Typst and data in, a PDF out that archives keep and screen readers read.

The output is PDF/A-2b and PDF/UA-1. Under these Typst refuses a character that the font lacks; without them
it leaves it out and says nothing. Names come from data and must not keep an office from printing, so data are
spelled first with what the font has.
"""

import json
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import typst

PRINT = Path(__file__).with_name("print")
FONTS = PRINT / "fonts"
FONT = FONTS / "PlusJakartaSans_500Medium.ttf"
UNKNOWN = "□"
NO_IMAGES: Mapping[str, bytes] = MappingProxyType({})


class CannotPrint(ValueError):
    """Typst refused: an image that is none, a character that the font lacks, or a mistake in the template."""


def compile_pdf(template: str, data: Mapping[str, object], images: Mapping[str, bytes] = NO_IMAGES) -> bytes:
    """Return the PDF of `print/{template}.typ`.

    The template imports `paper.typ` for the font, the colours and `picture(name, alt: …)`, which shows one of
    the images (PNG, JPEG, SVG); it reads `data` from `data.json`. It must give the document a title and each
    picture an `alt`, or Typst refuses it.

    Raises:
        CannotPrint: Typst refused; the message says what.
    """
    files = {path.name: path.read_bytes() for path in PRINT.glob("*.typ")}
    files["main.typ"] = files.pop(f"{template}.typ")
    files["data.json"] = json.dumps(_spelled(data)).encode()
    # Typst takes files in memory as text only. On a disk, what a slip says would outlive it.
    files |= {f"{name}.json": json.dumps(list(content)).encode() for name, content in images.items()}
    try:
        printed: bytes = typst.compile(  # type: ignore[call-overload]  # its types leave out files in memory
            files,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            pdf_standards=["a-2b", "ua-1"],
        )
    except typst.TypstError as error:
        raise CannotPrint(error.message) from error
    return printed


def _spelled(value: object) -> object:
    if isinstance(value, str):
        return spell(value)
    if isinstance(value, Mapping):
        return {name: _spelled(entry) for name, entry in value.items()}
    if isinstance(value, Sequence):
        return [_spelled(entry) for entry in value]
    return value


def spell(text: str) -> str:
    """Return a text as the font can print it: the nearest letters for what it lacks, □ if there are none."""
    return "".join(
        letter if letter in letters() else _nearest(letter) for letter in unicodedata.normalize("NFC", text)
    )


def _nearest(letter: str) -> str:
    if letter.isspace():
        return " "
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in letters()) or UNKNOWN


@cache
def letters() -> frozenset[str]:
    """Return every character that the font can print, from its `cmap` (OpenType, subtable of format 4)."""
    font = FONT.read_bytes()
    tables = {font[at : at + 4]: at for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)}
    (start,) = struct.unpack_from(">I", font, tables[b"cmap"] + 8)
    (where,) = struct.unpack_from(">I", font, start + 8)  # of the first subtable; all say the same
    kind, _size, _language, doubled = struct.unpack_from(">4H", font, start + where)
    if kind != 4:
        raise CannotPrint(f"{FONT.name} lists its characters in format {kind}, not 4")
    parts = [
        struct.unpack_from(f">{doubled // 2}H", font, start + where + 14 + skipped)
        for skipped in (0, doubled + 2)
    ]
    return frozenset(
        chr(code)
        for end, first in zip(*parts, strict=True)
        for code in range(first, end + 1)
        if code != 0xFFFF
    )
