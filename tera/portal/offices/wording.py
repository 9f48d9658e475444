"""What readers are told: why a deed is refused, and what is wrong with a file, in plain words."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tera.portal.offices.exchange.findings import Finding
from tera.portal.units.actions import CannotReorganise
from tera.portal.units.models import UnitKind, Zone

REFUSALS = {
    "passed": _("%(day)s sudah lewat. Yang lampau tidak diubah; pilih %(today)s atau sesudahnya."),
    "absent": _("%(unit)s tidak ada pada %(day)s."),
    "planned": _("%(unit)s sudah direncanakan berubah mulai %(day)s. Pilih hari itu atau sesudahnya."),
    "ends": _("%(unit)s berakhir pada %(day)s, jadi tidak dapat diubah atau diberi unit di bawahnya."),
    "has-units": _("Masih ada unit di bawah %(unit)s pada atau sesudah %(day)s. Pindahkan dahulu."),
    "begins": _("%(unit)s baru mulai begini pada %(begins)s, jadi tidak dapat berakhir pada %(day)s."),
    "merge-few": _("Penggabungan perlu paling sedikit dua unit."),
    "merge-itself": _("%(unit)s tidak dapat digabung ke dirinya sendiri."),
    "split-few": _("Pemecahan menghasilkan paling sedikit dua unit."),
    "known": _("Kode %(unit)s sudah dipakai unit lain, juga bila unit itu sudah berakhir."),
    "code-taken": _("Kode %(scheme)s %(value)s adalah kode %(unit)s."),
    "code-twice": _("Kode %(scheme)s %(value)s diberikan kepada dua unit."),
    "below-itself": _("%(unit)s akan berada di bawah dirinya sendiri."),
}
FILLED, TEXT = _("Isi sel ini."), _("Teks biasa, diketik atau ditempel sebagai nilai.")
SHORTER = _("Paling panjang %(most)s huruf.")
FREE_CODE = _("Kode yang tidak dipakai unit lain pada atau sesudah hari itu.")
PAIR = _("KODE=Nama; KODE lain=Nama lain. Kode: huruf, angka, - dan _, paling panjang 32.")
PLACE = _("Nama|Alamat; Nama lain|Alamat lain. Alamat boleh kosong.")
WITHIN = _("Hanya unit di wilayah peran Anda.")
FAULTS = {
    "file-empty": (_("Berkas ini kosong."), _("CSV atau XLSX dengan nama kolom di baris 1.")),
    "file-no-rows": (_("Berkas ini tidak berisi unit."), _("Satu unit setiap baris, mulai baris 2.")),
    "file-large": (_("Berkas ini terlalu besar."), _("Paling besar 1 MB, atau 30 MB setelah dibuka.")),
    "file-long": (_("Berkas ini terlalu panjang."), _("Paling banyak 5.000 baris. Bagi menjadi beberapa.")),
    "file-unreadable": (
        _("Berkas ini tidak dapat dibaca sebagai tabel."),
        _("CSV UTF-8, atau XLSX tanpa kata sandi dengan satu lembar unit."),
    ),
    "column-missing": (_("Kolom ini tidak ada."), _("Tambahkan kolomnya di baris 1.")),
    "column-twice": (_("Kolom ini ada dua kali."), _("Satu kolom untuk satu hal.")),
    "bad-scheme": (
        _("Nama jenis kode tidak dapat dipakai."),
        _("Misalnya kode:satker; huruf, angka, - dan _."),
    ),
    "missing": (_("Sel ini kosong."), FILLED),
    "long": (_("Terlalu panjang: %(length)s huruf."), SHORTER),
    "bad-letters": (_("Ada huruf yang tidak terbaca."), _("Simpan sebagai CSV UTF-8 atau XLSX.")),
    "formula": (_("Ini rumus, bukan teks."), TEXT),
    "error-cell": (_("Sel ini berisi galat."), TEXT),
    "outside": (_("Ada isi di luar kolom yang bernama."), _("Hapus, atau beri nama kolomnya di baris 1.")),
    "bad-slug": (
        _("Kode ini tidak dapat dipakai."),
        _("Huruf kecil, angka, - dan _; misalnya kanim-sambas."),
    ),
    "reserved-slug": (_("Kode ini dipakai oleh halaman Tera."), _("Kode lain, misalnya kanim-sambas.")),
    "unit-twice": (_("Unit ini sudah ada di baris %(row)s."), _("Satu baris untuk satu unit.")),
    "ended": (_("Unit ini berakhir pada %(day)s."), _("Kode unit yang berakhir tidak dipakai lagi.")),
    "ends": (_("Unit ini akan berakhir pada %(day)s."), _("Unit yang akan berakhir tidak diubah lagi.")),
    "bad-kind": (_("Jenis ini tidak dikenal."), _("Salah satu dari: %(kinds)s.")),
    "bad-zone": (_("Zona waktu ini tidak dikenal."), _("WIB, WITA, atau WIT.")),
    "bad-day": (_("Ini bukan tanggal."), _("2027-07-01, 1/7/2027, atau 1 Juli 2027; dari 1900 sampai 2199.")),
    "past": (
        _("Tanggal ini sudah lewat; yang lampau tidak diubah."),
        _("%(today)s atau sesudahnya, atau kosong."),
    ),
    "planned": (_("Sudah direncanakan berubah mulai %(day)s."), _("%(day)s atau sesudahnya.")),
    "parent-unknown": (
        _("Tidak ada unit dengan kode ini."),
        _("Kode unit yang ada di Tera atau di berkas ini."),
    ),
    "parent-ambiguous": (
        _("Lebih dari satu unit memakai kode ini."),
        _("Kode di kolom kode, atau satker:123456."),
    ),
    "parent-later": (_("Induk ini baru ada mulai %(day)s."), _("Hari mulai yang sama atau sesudahnya.")),
    "parent-ended": (_("Induk ini berakhir pada %(day)s."), _("Unit yang tetap ada.")),
    "circle": (
        _("Unit ini akan berada di bawah dirinya sendiri: %(line)s."),
        _("Induk yang bukan bawahannya."),
    ),
    "code-taken": (_("Ini kode %(unit)s."), FREE_CODE),
    "code-twice": (_("Kode ini sudah ada di baris %(row)s."), FREE_CODE),
    "bad-service": (_("Layanan ini tidak lengkap."), PAIR),
    "bad-service-code": (_("Kode layanan ini tidak dapat dipakai."), PAIR),
    "services-twice": (_("Kode layanan ini ada dua kali."), PAIR),
    "bad-place": (_("Tempat ini tidak bernama."), PLACE),
    "places-twice": (_("Tempat ini ada dua kali."), PLACE),
    "long-first": (_("Kode atau nama ini terlalu panjang."), SHORTER),
    "long-second": (_("Nama atau alamat ini terlalu panjang."), SHORTER),
    "not-yours": (_("Unit ini di luar wilayah peran Anda."), WITHIN),
    "not-yours-root": (_("Unit tanpa induk di luar wilayah peran Anda."), WITHIN),
}
FIELD_NAMES = {
    "name": _("nama"),
    "short_name": _("nama singkat"),
    "kind": _("jenis"),
    "grade": _("kelas"),
    "zone": _("zona waktu"),
    "parent": _("induk"),
    "services": _("layanan"),
    "places": _("tempat layanan"),
}


class Told(NamedTuple):
    """A finding in words."""

    row: int
    column: str
    value: str
    problem: str
    allowed: str


def told(finding: Finding) -> Told:
    """Return a finding in the words of the page."""
    problem, allowed = FAULTS[finding.why]
    facts = _facts({"kinds": ", ".join(UnitKind.values), **finding.facts})
    return Told(finding.row, finding.column, finding.value, str(problem) % facts, str(allowed) % facts)


def refusal(error: CannotReorganise) -> str:
    """Return why a deed is refused, in the words of the page."""
    return str(REFUSALS[error.why]) % _facts(error.facts)


def long_day(day: date) -> str:
    """Return a day as the page writes it."""
    return date_format(day, "j F Y")


def field_name(key: str) -> str:
    """Return what a field is called on the page."""
    return str(FIELD_NAMES.get(key, key))


def value_of(key: str, value: str) -> str:
    """Return what is stored as it is read."""
    if key == "kind":
        return str(UnitKind(value).label)
    if key == "zone":
        return str(Zone(value).label)
    return value or gettext("(tidak ada)")


def _facts(facts: Mapping[str, object]) -> dict[str, object]:
    return {key: long_day(value) if isinstance(value, date) else value for key, value in facts.items()}
