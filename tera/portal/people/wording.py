"""What deeds of the audit trail are called; those that are permissions are called as these are."""

from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.permissions import rules

DEEDS = {
    "log-in": _("Masuk"),
    "home": _("Halaman Survei saya"),
    "keep-logo": _("Menyimpan logo"),
    "remove-logo": _("Menghapus logo"),
    "send-invitations": _("Mengirim undangan"),
    "print-poster": _("Mencetak poster atau kartu loket"),
    "schedule": _("Menjadwalkan survei"),
    "end-schedule": _("Mengakhiri jadwal survei"),
    "schedule-opens": _("Jadwal membuka survei"),
    "screen": _("Menyaring jawaban yang disegel"),
    "propose-exclusion": _("Mengusulkan jawaban yang tidak dihitung"),
    "confirm-exclusion": _("Menyetujui jawaban yang tidak dihitung"),
    "decline-exclusion": _("Menolak usul jawaban yang tidak dihitung"),
    "withdraw-question": _("Menarik pertanyaan kepada unit"),
    "remind-resubmit": _("Mengingatkan tenggat perbaikan survei"),
    "tell-of-questions": _("Memberi tahu unit tentang pertanyaan"),
    "plan-meeting": _("Merencanakan rapat verifikasi"),
    "put-on-agenda": _("Memasukkan survei ke agenda rapat"),
    "take-off-agenda": _("Mengeluarkan survei dari agenda rapat"),
    "order-agenda": _("Mengubah urutan agenda rapat"),
    "attend-meeting": _("Mencatat kehadiran rapat"),
    "leave-meeting": _("Mencoret kehadiran rapat"),
    "open-meeting": _("Membuka rapat verifikasi"),
    "show-in-meeting": _("Menampilkan survei di rapat"),
    "ask-in-meeting": _("Bertanya kepada unit di rapat"),
    "note-answer": _("Mencatat jawaban unit di rapat"),
    "note-finding": _("Mencatat temuan rapat"),
    "draft-decision": _("Merancang keputusan rapat"),
    "verify-with-notes": _("Memverifikasi survei dengan catatan"),
    "return": _("Mengembalikan survei untuk diperbaiki"),
    "reject": _("Menolak survei"),
    "call-off-meeting": _("Membatalkan rapat verifikasi"),
    "end-meeting": _("Mengakhiri rapat verifikasi"),
    "draw-calls": _("Mengundi siapa yang dipanggil balik"),
    "note-call": _("Mencatat hasil panggilan balik"),
    "finish-calls": _("Menyelesaikan panggilan balik"),
    "forget-calls": _("Menghapus kontak panggilan balik"),
    "give-role": _("Memberi peran"),
    "end-role": _("Mengakhiri peran"),
    "delegate": _("Mendelegasikan peran"),
    "new-password": _("Memberi tautan kata sandi baru"),
    "take-factors-off": _("Melepas langkah kedua"),
    "begin": _("Memulai instalasi"),
    "erase-response": _("Menghapus jawaban atas permintaan responden"),
    "open-account": _("Membuka lagi akun"),
    "end-sessions": _("Mengakhiri sesi"),
    "import-units": _("Mengimpor unit"),
    "found-unit": _("Mendirikan unit"),
    "change-unit": _("Mengubah unit"),
    "end-unit": _("Mengakhiri unit"),
    "merge-units": _("Menggabung unit"),
    "split-unit": _("Memecah unit"),
    "close-account": _("Menutup akun"),
    "draw-up-minutes": _("Membuat berita acara"),
}


def wording_of(deed: str, language: str) -> str:
    """Return what a deed is called in a language; its id where it has no name."""
    permission = rules().permissions.get(deed)
    return permission.says[language] if permission else str(DEEDS.get(deed, deed))
