"""What decisions, conditions and refusals are called on a page, in plain words."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tera.engine.workflow import Condition
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.models.meeting import Decision, Part

WAITS, SHOWN = "WAITS", "SHOWN"  # states of a survey in a meeting, beside the decisions
STATES = {  # as short as a tile of the board is narrow
    WAITS: _("menunggu"),
    SHOWN: _("dibahas"),
    Decision.VERIFIED: _("terverifikasi"),
    Decision.VERIFIED_WITH_NOTES: _("dengan catatan"),
    Decision.RETURNED: _("dikembalikan"),
    Decision.REJECTED: _("ditolak"),
}
DECISIONS = {
    Decision.VERIFIED: _("Terverifikasi"),
    Decision.VERIFIED_WITH_NOTES: _("Terverifikasi dengan catatan"),
    Decision.RETURNED: _("Dikembalikan"),
    Decision.REJECTED: _("Ditolak"),
}
PARTS = {
    Part.CHAIR: _("Pimpinan rapat"),
    Part.VERIFIER: _("Verifikator"),
    Part.PRESENTER: _("Penyaji unit"),
    Part.OBSERVER: _("Pengamat"),
    Part.MINUTES: _("Notulis"),
}
CONDITIONS = {
    Condition.ON_AGENDA: _("survei ini tidak ada dalam agenda rapat yang belum berakhir"),
    Condition.OVERDUE: _("batas waktu perbaikannya belum lewat"),
    Condition.CHECKS_ANSWERED: _("daftar periksa kantor wilayah belum dijawab seluruhnya"),
    Condition.QUESTIONS_ANSWERED: _("masih ada pertanyaan kepada unit yang belum dijawab"),
    Condition.NO_EXCLUSION_WAITS: _("usulan tidak menghitung jawaban masih menunggu kantor kedua"),
    Condition.NOTE_GIVEN: _("catatan belum ditulis"),
    Condition.DUE_ON_GIVEN: _("batas waktu perbaikan belum diisi, atau tidak sesudah hari ini"),
}
ASKS = {
    Condition.NOTE_GIVEN: _("perlu catatan"),
    Condition.DUE_ON_GIVEN: _("perlu batas waktu perbaikan"),
}
_REASONS = {
    Reason.ENDED: _("Rapat ini sudah berakhir dan tidak berubah lagi."),
    Reason.IS_OPEN: _("Rapat ini sudah dibuka."),
    Reason.NOT_OPEN: _("Rapat ini belum dibuka."),
    Reason.NOT_CHAIRED: _("Rapat perlu satu pimpinan. Catat dahulu siapa yang memimpin."),
    Reason.CHAIRED: _("Rapat hanya mempunyai satu pimpinan: %(names)s."),
    Reason.NO_CHAIR: _(
        "Rapat hanya dipimpin akun yang berhak mengadakan rapat %(names)s; bukan tamu, bukan orang unit."
    ),
    Reason.NO_VERIFIER: _(
        "Verifikator hanya akun yang memutuskan verifikasi di %(names)s, atau dari inspektorat; "
        "bukan tamu, bukan orang unit."
    ),
    Reason.NO_PRESENTER: _(
        "%(names)s tidak menjalankan survei unit dalam agenda, jadi bukan penyaji. "
        "Masukkan dahulu surveinya ke agenda, atau catat sebagai pengamat."
    ),
    Reason.OTHER_DAY: _("Rapat ini direncanakan untuk hari lain. Pastikan bahwa rapat dibuka hari ini."),
    Reason.NO_DECISION: _("Pilih dahulu keputusannya."),
    Reason.CHANGED: _(
        "Keputusan tentang %(names)s diubah orang lain sesudah Anda membuka halaman ini. Yang tersimpan "
        "sekarang tertulis di atas formulir; tulisan Anda masih ada. Bila tetap begitu, simpan sekali lagi."
    ),
    Reason.NOT_TO_BE_TAKEN_UP: _("Tidak dapat masuk agenda: %(names)s."),
    Reason.NOT_ON_AGENDA: _("Agenda baru saja berubah: survei %(names)s tidak ada lagi di dalamnya."),
    Reason.DECIDED: _("Sudah ada keputusan tentang %(names)s. Batalkan dahulu keputusannya."),
    Reason.UNDECIDED: _("Belum ada keputusan tentang: %(names)s."),
    Reason.LACKING: _("Belum dapat diputuskan begitu tentang %(names)s: %(missing)s."),
    Reason.HAS_AGENDA: _("Masih ada survei dalam agenda. Keluarkan dahulu semuanya."),
    Reason.NO_AGENDA: _("Agenda masih kosong."),
    Reason.ATTENDS: _("Sudah tercatat hadir: %(names)s."),
    Reason.NO_ATTENDEE: _("Tidak ada peserta seperti itu."),
    Reason.NO_QUESTION: _("Pertanyaan itu sudah dijawab atau ditarik."),
    Reason.EMPTY: _("Belum ada yang ditulis."),
}


def said_of(conditions: Iterable[Condition]) -> str:
    """Return what is missing, one after the other."""
    return "; ".join(str(CONDITIONS[one]) for one in conditions)


def why(refused: Refused) -> str:
    """Return why something could not be done."""
    missing = said_of(refused.missing) or gettext("survei tidak lagi dalam verifikasi")
    return str(_REASONS[refused.reason]) % {"names": ", ".join(refused.names), "missing": missing}
