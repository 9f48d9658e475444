"""Why a letter cannot be written, changed or voided, and what a page says of that."""

from enum import StrEnum, auto

from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Why something cannot be."""

    NOTHING_CHOSEN = auto()
    NOT_FITTING = auto()
    CONFLICT = auto()
    OUTDATED = auto()
    LISTED = auto()
    TEXTS_MISSING = auto()
    NUMBER_TAKEN = auto()
    NUMBER_SKIPS = auto()
    NUMBER_LONG = auto()
    DAY_TO_COME = auto()
    DAY_TOO_EARLY = auto()
    BAD_LOGO = auto()
    VOIDED = auto()
    RESTED_UPON = auto()
    NO_REASON = auto()


_WORDS = {
    Reason.NOTHING_CHOSEN: _("Pilih sekurangnya satu usulan."),
    Reason.NOT_FITTING: _(
        "%(what)s tidak lagi pada tahap yang cocok untuk surat ini. Pilih lagi dari daftar."
    ),
    Reason.CONFLICT: _(
        "%(what)s bertentangan dengan hasil sekarang: hasil yang menjadi dasarnya telah dikoreksi. "
        "Putuskan dahulu usulan itu lagi."
    ),
    Reason.OUTDATED: _(
        "Hasil %(what)s dikoreksi sesudah diputuskan, dan putusan berikutnya memakai hasil yang baru. "
        "Putusan yang lama tidak disurati lagi."
    ),
    Reason.LISTED: _("%(what)s sudah disebut dalam surat lain. Jika surat itu keliru, batalkan dahulu."),
    Reason.TEXTS_MISSING: _("Naskah surat belum lengkap."),
    Reason.NUMBER_TAKEN: _(
        "Nomor itu sudah dipakai dalam daftar surat tahun ini. Nomor berikutnya: %(what)s."
    ),
    Reason.NUMBER_SKIPS: _(
        "Nomor berikutnya %(what)s. Jika nomor di antaranya memang dipakai surat lain, beri tanda di bawah."
    ),
    Reason.NUMBER_LONG: _("Nomor surat menjadi terlalu panjang: %(what)s."),
    Reason.DAY_TO_COME: _("Tanggal surat paling lambat hari ini, %(what)s."),
    Reason.DAY_TOO_EARLY: _("Tanggal surat paling awal %(what)s, hari putusan atas usulan di dalamnya."),
    Reason.BAD_LOGO: _("Logo kantor tidak dapat dicetak dalam surat. Ganti logonya pada halaman naskah."),
    Reason.VOIDED: _("Surat ini sudah dibatalkan."),
    Reason.RESTED_UPON: _(
        "Surat ini tidak dapat dibatalkan: usulan %(what)s sudah dikirim, dipertahankan, atau diralat "
        "berdasarkan surat ini. Bila putusannya berubah, sampaikan dengan surat ralat."
    ),
    Reason.NO_REASON: _("Tulis alasan pembatalan, paling panjang %(what)s huruf."),
}


class CannotWrite(ValueError):
    """A letter cannot be as it is asked for; nothing was saved. `reason` and `what` say why."""

    def __init__(self, reason: Reason, what: object = "") -> None:
        """Keep why, and about what."""
        super().__init__(f"{reason} {what}".strip())
        self.reason, self.what = reason, what

    @property
    def words(self) -> str:
        """What a page says of it."""
        return str(_WORDS[self.reason] % {"what": self.what})
