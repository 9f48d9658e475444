"""Placeholders: names in braces that stand for something until a letter is written."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

NUMBER_NAMES = {
    "nomor": _("nomor urut dalam daftar surat kantor"),
    "bulan": _("bulan, dua angka"),
    "bulan_romawi": _("bulan, angka Romawi"),
    "tahun": _("tahun, empat angka"),
}
TEXT_NAMES = {
    "kantor": _("nama kantor ini"),
    "periode": _("periode survei"),
    "jumlah": _("banyaknya unit dalam lampiran, dengan huruf"),
    "predikat": _("predikat yang diusulkan"),
    "aturan": _("peraturan yang dipakai menilai"),
    "tanggal": _("tanggal surat"),
}
NEEDED = ("nomor", "tahun")  # so that no two letters of an office have the same number on paper
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_NAME = re.compile(r"\{([^{}]*)\}")
_ONES = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)


def bare(text: str) -> str:
    """Return a text without its placeholders."""
    return _NAME.sub("", text)


def strange(text: str, allowed: Collection[str]) -> list[str]:
    """Return what stands in braces and is no placeholder that may stand here, and braces without a pair."""
    names = [name for name in _NAME.findall(text) if name not in allowed]
    braces = [brace for brace in "{}" if brace in bare(text)]
    return [f"{{{name}}}" for name in dict.fromkeys(names)] + braces


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with something in place of each placeholder; KeyError where there is nothing for one."""
    return _NAME.sub(lambda found: values[found[1]], text)


def number_values(number: str, dated_on: date) -> dict[str, str]:
    """Return what stands for the placeholders of the pattern of a number."""
    return {
        "nomor": number,
        "bulan": f"{dated_on.month:02}",
        "bulan_romawi": ROMAN[dated_on.month - 1],
        "tahun": str(dated_on.year),
    }


def count_words(count: int) -> str:
    """Return a count below a million in figures and words, as letters have it: 12 (dua belas)."""
    return f"{count} ({' '.join(_words(count).split()) or 'nol'})"


def _words(n: int) -> str:
    if n < 12:
        return _ONES[n]
    if n < 20:
        return f"{_ONES[n - 10]} belas"
    if n < 100:
        return f"{_ONES[n // 10]} puluh {_ONES[n % 10]}"
    if n < 1000:
        return f"{'seratus' if n < 200 else _ONES[n // 100] + ' ratus'} {_words(n % 100)}"
    return f"{'seribu' if n < 2000 else _words(n // 1000) + ' ribu'} {_words(n % 1000)}"


def listed(names: Collection[str]) -> str:
    """Return names as a sentence has them: A, B dan C."""
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} dan {last}" if most else last
