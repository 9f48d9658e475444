"""The forms with which an office writes its texts, a letter, and why one is voided."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.people.forms import DayField
from tera.portal.proposals.letters.actions import MOST_REASON
from tera.portal.proposals.letters.filling import NEEDED, strange
from tera.portal.proposals.letters.texts import (
    FIELDS,
    LONGEST_WORD,
    ONE_OFF,
    PARAGRAPHS,
    Field,
    Texts,
    tidy,
    unseen,
)

LABELS: Mapping[str, tuple[Promise, Promise | str]] = {
    "letterhead": (
        _("Kepala surat"),
        _("Paling banyak lima baris: nama kantor dengan huruf besar, lalu alamat."),
    ),
    "pattern": (_("Pola nomor surat"), _("Contoh: {nomor}/KW.PAS/{bulan_romawi}/{tahun}")),
    "place": (_("Tempat"), _("Kota yang ditulis di depan tanggal surat.")),
    "addressee": (_("Tujuan surat"), _("Ditulis sesudah “Yth.”, satu baris untuk tiap baris surat.")),
    "subject": (_("Hal"), ""),
    "opening": (_("Paragraf pembuka"), _("Baris kosong memulai paragraf baru.")),
    "closing": (_("Paragraf penutup"), ""),
    "signatory_title": (_("Jabatan penanda tangan"), _("Seperti: Kepala Kantor Wilayah,")),
    "signatory_name": (_("Nama penanda tangan"), ""),
    "signatory_nip": (_("NIP penanda tangan"), _("Boleh kosong.")),
    "copies": (_("Tembusan"), _("Satu penerima satu baris. Boleh kosong.")),
    "attachment": (_("Judul lampiran"), ""),
}
LARGE = 9  # of a number, digits that fit its column


class TextField(forms.CharField):
    """One text of a letter: what cannot be printed, or is no placeholder, is refused with what may be."""

    def __init__(self, field: Field) -> None:
        label, says = map(str, LABELS[field.id])
        attrs = {"class": "prose", "rows": min(8, max(3, field.lines // 6))}
        widget = forms.TextInput() if field.lines == 1 else forms.Textarea(attrs=attrs)
        super().__init__(
            label=label,
            help_text=says,
            required=field.is_required,
            max_length=field.longest,
            widget=widget,
        )
        self._field = field

    def to_python(self, value: object) -> str:
        """Take what word processors leave behind out of the text first."""
        return tidy(str(super().to_python(value)))

    def validate(self, value: object) -> None:
        """Refuse a text that cannot be printed as it is."""
        super().validate(value)
        for error in _faults(self._field, str(value)):
            raise error


def _faults(field: Field, text: str) -> Iterable[forms.ValidationError]:
    """Yield what is wrong with a text."""
    if hidden := unseen(text):
        says = _("Ada huruf yang tidak terlihat (%(which)s). Hapus, lalu tulis lagi bagian itu.")
        yield forms.ValidationError(says, params={"which": ", ".join(hidden)})
    lines = text.split("\n")
    if len([line for line in lines if line]) > field.lines:
        yield forms.ValidationError(_("Paling banyak %(most)s baris."), params={"most": field.lines})
    if field.lines < PARAGRAPHS and any(len(line) > field.width for line in lines):
        says = _("Satu baris paling panjang %(most)s huruf.")
        yield forms.ValidationError(says, params={"most": field.width})
    if any(len(word) > LONGEST_WORD for word in text.split()):
        says = _("Satu kata paling panjang %(most)s huruf; yang lebih panjang keluar dari kertas.")
        yield forms.ValidationError(says, params={"most": LONGEST_WORD})
    allowed = field.names
    if allowed is not None and (wrong := strange(text, allowed)):
        params = {"wrong": ", ".join(wrong), "allowed": ", ".join(f"{{{name}}}" for name in allowed)}
        yield forms.ValidationError(_("Tidak dikenal: %(wrong)s. Yang boleh: %(allowed)s."), params=params)
    if field.id == "pattern" and any(f"{{{name}}}" not in text for name in NEEDED):
        params = {"needed": _listed(NEEDED)}
        yield forms.ValidationError(_("Pola nomor harus memuat %(needed)s."), params=params)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


class TextsForm(forms.Form):
    """All texts of an office for one kind of letter."""

    def __init__(self, *args: Any, names: Iterable[str] = FIELDS, **kwargs: Any) -> None:
        """Ask for the texts with these names."""
        super().__init__(*args, **kwargs)
        self.fields.update({name: TextField(FIELDS[name]) for name in names})

    def texts(self) -> Texts:
        """Return what was written."""
        return {name: self.cleaned_data[name] for name in self.fields if name in FIELDS}


class LetterForm(TextsForm):
    """Day and number of a letter, what it says otherwise than the office's texts, and what it names."""

    dated_on = DayField(label=_("Tanggal surat"))
    number = forms.IntegerField(
        label=_("Nomor urut"),
        help_text=_("Berikutnya dalam daftar surat kantor tahun itu. Nomor yang terpakai tidak kosong lagi."),
        min_value=1,
        max_value=10**LARGE - 1,
    )
    skips = forms.BooleanField(
        label=_("Nomor di antaranya dipakai surat lain, di luar daftar ini"), required=False
    )
    field_order = ("dated_on", "number", "skips", *ONE_OFF)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the texts that a single letter may have otherwise."""
        super().__init__(*args, names=ONE_OFF, **kwargs)
        self.order_fields(self.field_order)

    def dated(self) -> date:
        """Return the day of the letter."""
        day: date = self.cleaned_data["dated_on"]
        return day


class VoidForm(forms.Form):
    """Why a letter does not hold."""

    reason = forms.CharField(
        label=_("Alasan pembatalan"),
        help_text=_("Nomornya tetap terpakai, dan suratnya tetap dapat dibaca dengan tanda batal."),
        max_length=MOST_REASON,
        error_messages={"required": _("Tulis alasannya.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
    )
