"""What reasons and faults are called on the page."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.results.models import Reason
from tera.portal.review.exclusions.queries import Fault

REASONS: dict[Reason, Promise] = {
    Reason.DUPLICATE_TICKET: _("Tiket dipakai dua kali"),
    Reason.STAFF: _("Pegawai unit sendiri"),
    Reason.NOT_A_USER: _("Bukan pengguna layanan"),
    Reason.TEST: _("Uji coba"),
    Reason.COERCED: _("Dijawab di bawah paksaan"),
    Reason.OTHER: _("Alasan lain"),
}
FAULTS: dict[Fault, Promise] = {
    Fault.NOT_UNDERSTOOD: _("bukan kode bukti dan bukan komitmen"),
    Fault.NOT_FOUND: _("tidak ada di antara jawaban tersegel survei ini"),
    Fault.NAMED: _("sudah diusulkan atau tidak dihitung"),
}


def in_words(faults: Iterable[tuple[int, Fault]]) -> list[tuple[str, Promise]]:
    """Return the numbers of the lines that have each fault, and what it is."""
    lines: dict[Fault, list[str]] = {}
    for number, fault in faults:
        lines.setdefault(fault, []).append(str(number))
    return [(", ".join(numbers), FAULTS[fault]) for fault, numbers in lines.items()]
