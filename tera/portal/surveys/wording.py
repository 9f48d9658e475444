"""What stages, deeds and conditions of the workflow are called on every page."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.workflow import Condition, Stage

STAGES: dict[Stage, Promise] = {
    Stage.COLLECTED: _("Menerima jawaban"),
    Stage.CLOSED: _("Ditutup"),
    Stage.SCREENED: _("Tersaring, siap diverifikasi"),
    Stage.IN_VERIFICATION: _("Dalam verifikasi"),
    Stage.RETURNED: _("Dikembalikan untuk diperbaiki"),
    Stage.RESUBMITTED: _("Dikirim ulang"),
    Stage.VERIFIED: _("Terverifikasi"),
    Stage.REJECTED: _("Ditolak"),
    Stage.CERTIFIED: _("Disahkan"),
    Stage.PUBLISHED: _("Diumumkan"),
}
DEEDS: dict[str, Promise] = {
    "close": _("Menutup survei"),
    "screen": _("Menyaring jawaban"),
    "take-up": _("Memulai verifikasi"),
    "take-up-overdue": _("Melanjutkan verifikasi setelah tenggat lewat"),
    "verify": _("Menyatakan terverifikasi"),
    "verify-with-notes": _("Menyatakan terverifikasi dengan catatan"),
    "return": _("Mengembalikan untuk diperbaiki"),
    "reject": _("Menolak"),
    "resubmit": _("Mengirim ulang"),
    "certify": _("Mengesahkan hasil terverifikasi"),
    "certify-alone": _("Mengesahkan sendiri, tanpa kantor di atas unit"),
    "certify-imported": _("Mengesahkan jawaban yang diimpor"),
    "publish": _("Mengumumkan hasil"),
    "correct": _("Mengoreksi hasil yang disahkan"),
}
# Each reads as the end of a sentence that begins with what is still missing.
CONDITIONS: dict[Condition, Promise] = {
    Condition.LAST_BLOCK_SEALED: _("blok terakhir sudah disegel"),
    Condition.IMPORTED: _("jawaban dikumpulkan di tempat lain lalu diimpor"),
    Condition.ON_AGENDA: _("survei ada di agenda rapat yang belum selesai"),
    Condition.OVERDUE: _("tenggat perbaikan sudah lewat"),
    Condition.CHECKS_ANSWERED: _("semua butir daftar periksa kantor wilayah sudah dijawab"),
    Condition.QUESTIONS_ANSWERED: _("semua pertanyaan sudah dijawab unit atau ditarik kantor"),
    Condition.NO_EXCLUSION_WAITS: _("tidak ada usul pengecualian yang menunggu kantor kedua"),
    Condition.NOTE_GIVEN: _("catatan sudah ditulis"),
    Condition.DUE_ON_GIVEN: _("tenggat perbaikan ditetapkan pada hari yang akan datang"),
    Condition.NO_OFFICE_ABOVE: _("tidak ada kantor di atas unit"),
    Condition.SHEET_COMPLETE: _("lembar metode lengkap"),
    Condition.IN_LEDGER: _("hasil sudah tercatat di buku besar yang diumumkan"),
    Condition.LATE_EXCLUSION: _("dua kantor mengecualikan jawaban sesudah hasil disahkan"),
}


def wording_of(conditions: Iterable[Condition]) -> Sequence[Promise]:
    """Return what must be true before a deed may happen, in words, of the conditions that are missing."""
    return [CONDITIONS[condition] for condition in conditions]
