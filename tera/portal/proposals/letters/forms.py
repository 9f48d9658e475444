"""The forms with which an office writes its texts, a letter, and why one is voided."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.people.forms import DayField
from tera.portal.proposals.letters.actions import MOST_REASON
from tera.portal.proposals.letters.filling import NEEDED, bare, strange
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
    "pattern": (_("Pola nomor surat"), _("Contoh: SEK-{nomor}.OT.03/{bulan}/{tahun}")),
    "place": (_("Tempat"), _("Kota yang ditulis di depan tanggal surat.")),
    "addressee": (_("Tujuan surat"), _("Ditulis sesudah “Yth.”, satu baris untuk tiap baris surat.")),
    "subject": (_("Hal"), ""),
    "opening": (_("Paragraf pembuka"), _("Baris kosong memulai paragraf baru.")),
    "closing": (_("Paragraf penutup"), ""),
    "signatory_title": (_("Jabatan penanda tangan"), _("Contoh: Sekretaris Jenderal,")),
    "signatory_name": (_("Nama penanda tangan"), ""),
    "signatory_nip": (_("NIP penanda tangan"), _("Hanya angka dan spasi. Boleh kosong.")),
    "copies": (_("Tembusan"), _("Satu penerima satu baris. Boleh kosong.")),
    "attachment": (_("Judul lampiran"), ""),
}
IN_REGION: Mapping[str, Promise] = {  # what a regional office reads instead
    "pattern": _("Contoh: W16-{nomor}.OT.03/{bulan}/{tahun}"),
    "signatory_title": _("Contoh: Kepala Kantor Wilayah,"),
}
LARGE = 9  # of a number, digits that fit its column


class TextField(forms.CharField):
    """One text of a letter: what cannot be printed, or is no placeholder, is refused with what may be."""

    def __init__(self, field: Field, says: Promise | str) -> None:
        label = str(LABELS[field.id][0])
        attrs = {"class": "prose", "rows": min(8, max(3, field.lines // 6))}
        widget = forms.TextInput() if field.lines == 1 else forms.Textarea(attrs=attrs)
        super().__init__(
            label=label,
            help_text=str(says),
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
    yield from _wrong_names(field, text)
    if field.id == "pattern" and (not PLAIN.fullmatch(bare(text)) or ".." in text):
        yield forms.ValidationError(
            _("Nomor surat hanya boleh memuat huruf, angka, titik, garis miring, dan tanda hubung.")
        )
    if field.id == "signatory_nip" and not DIGITS.fullmatch(text):
        yield forms.ValidationError(_("NIP hanya boleh memuat angka dan spasi, atau dikosongkan."))


PLAIN, DIGITS = re.compile(r"[A-Za-z0-9./-]*"), re.compile(r"[0-9 ]*")


def _wrong_names(field: Field, text: str) -> Iterable[forms.ValidationError]:
    """Yield which placeholders are wrong here, or missing."""
    wrong = ", ".join(strange(text, field.names or ()))
    if wrong and not field.names:
        says = _("Kata dalam kurung kurawal tidak terisi sendiri di sini (%(wrong)s). Tulis kata biasa.")
        yield forms.ValidationError(says, params={"wrong": wrong})
    elif wrong:
        params = {"wrong": wrong, "allowed": _listed(field.names or ())}
        yield forms.ValidationError(_("Tidak dikenal: %(wrong)s. Yang boleh: %(allowed)s."), params=params)
    if field.id == "pattern" and any(f"{{{name}}}" not in text for name in NEEDED):
        params = {"needed": _listed(NEEDED)}
        yield forms.ValidationError(_("Pola nomor harus memuat %(needed)s."), params=params)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


class TextsForm(forms.Form):
    """All texts of an office for one kind of letter."""

    def __init__(
        self, *args: Any, names: Iterable[str] = FIELDS, in_region: bool = False, **kwargs: Any
    ) -> None:
        """Ask for the texts with these names, with examples that fit the office."""
        super().__init__(*args, **kwargs)
        says = {name: words for name, (_label, words) in LABELS.items()}
        says.update(IN_REGION if in_region else {})
        self.fields.update({name: TextField(FIELDS[name], says[name]) for name in names})

    def texts(self) -> Texts:
        """Return what was written."""
        return {name: self.cleaned_data[name] for name in self.fields if name in FIELDS}


class TemplateForm(TextsForm):
    """All texts of an office, and whether what is the office's own holds for its other letters too."""

    for_all = forms.BooleanField(
        label=_("Pakai kepala surat, tempat, dan penanda tangan ini juga untuk jenis surat lain"),
        required=False,
        initial=True,
    )


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
        label=_("Nomor yang terlewat memang sudah dipakai surat lain yang tidak dibuat di sini"),
        required=False,
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
