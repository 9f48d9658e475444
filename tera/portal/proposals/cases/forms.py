"""The form of a layer's values: for each a number or a status, why, and the file that shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.engine.eligibility import BadValue, require_allowed
from tera.engine.explain import plain_text, said
from tera.engine.rulebook import Given
from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.cases.evidence import ENDINGS, MOST_BYTES, BadFile, Fault, File
from tera.portal.proposals.cases.figures import status_text, value_text
from tera.portal.proposals.cases.scoring import MOST_REASON
from tera.portal.proposals.models import Evidence, Score

REASON, KNOWN, FILE, ALL = "reason-", "known-", "file-", "file"
ACCEPTED = ",".join(ENDINGS)
FAULTS = {
    Fault.EMPTY: gettext_lazy("Berkas %(name)s kosong."),
    Fault.TOO_LARGE: gettext_lazy("Berkas %(name)s terlalu besar: paling besar %(megabytes)s MB."),
    Fault.UNKNOWN_KIND: gettext_lazy(
        "Berkas %(name)s tidak dapat diterima. Yang diterima: PDF, PNG, JPEG, XLSX, atau DOCX."
    ),
    Fault.OTHER_KIND: gettext_lazy(
        "Isi berkas %(name)s tidak sesuai dengan akhiran namanya. "
        "Yang diterima: PDF, PNG, JPEG, XLSX, atau DOCX."
    ),
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one value."""

    given: Given
    value: BoundField
    reason: BoundField
    file: BoundField
    known: BoundField | None


class ScoresForm(forms.Form):
    """Every value that a layer may give; what is left empty is not given, or taken back."""

    file = forms.FileField(
        label=gettext_lazy("Satu berkas untuk semua isian yang belum berbukti"),
        help_text=gettext_lazy("PDF, PNG, JPEG, XLSX, atau DOCX, paling besar 10 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(
        self,
        *args: Any,
        givens: Mapping[str, Given],
        scores: Mapping[str, Score],
        evidence: Sequence[Evidence],
        must_say: bool = False,
        **kwargs: Any,
    ) -> None:
        """Ask for each value, beginning with what the layer gave last; `must_say` asks why of each."""
        super().__init__(*args, **kwargs)
        self._must_say = must_say
        self._givens, self.files_kept = givens, {str(one.pk): one for one in evidence}
        for name, given in givens.items():
            self._ask(name, given, scores.get(name))

    def _ask(self, name: str, given: Given, last: Score | None) -> None:
        language = language_in_force()
        label, start = said(given.name, language), last.value if last else ""
        if given.statuses:
            choices = [("", _("belum diisi")), *((one, status_text(one)) for one in given.statuses)]
            widget: forms.Widget = forms.Select(choices=choices)
            text = ""
        else:
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            told_of = {"most": _most(given), "example": _example(given, language)}
            text = _("Angka dari 0 sampai %(most)s, dengan koma, misalnya %(example)s.") % told_of
            start = value_text(given, start, language)
        self.fields[name] = forms.CharField(
            label=label, help_text=text, required=False, widget=widget, initial=start, max_length=200
        )
        reason = forms.Textarea(attrs={"rows": 2, "class": "prose remark"})
        self.fields[REASON + name] = forms.CharField(
            label=_("Alasan (wajib)") if self._must_say else _("Alasan"),
            required=False,
            max_length=MOST_REASON,
            widget=reason,
            initial=last.reason if last else "",
        )
        self.fields[FILE + name] = forms.FileField(
            label=_("Berkas bukti"),
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        )
        if self.files_kept:
            kept = [("", _("tanpa berkas")), *((pk, one.name) for pk, one in self.files_kept.items())]
            first = str(last.evidence_id) if last and last.evidence_id else ""
            self.fields[KNOWN + name] = forms.ChoiceField(
                label=_("Bukti yang sudah diunggah"), choices=kept, required=False, initial=first
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the values, in their order."""
        return tuple(self._givens)

    def rows(self, names: Sequence[str]) -> list[Fields]:
        """Return the fields of these values."""
        return [
            Fields(
                self._givens[name],
                self[name],
                self[REASON + name],
                self[FILE + name],
                self[KNOWN + name] if KNOWN + name in self.fields else None,
            )
            for name in names
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what a value may not be, and files that are no evidence."""
        values = super().clean() or {}
        for name, given in self._givens.items():
            text = values.get(name, "")
            if not text and self._says_more(name, values):
                self.add_error(name, _("Isi nilainya, atau kosongkan alasan dan berkasnya."))
            if text and self._must_say and not values.get(REASON + name):
                self.add_error(REASON + name, _("Tulis alasannya: kantor yang menilai memberi alasan."))
            try:
                if text:
                    require_allowed(given, text)
            except BadValue as error:
                self.add_error(name, told(given, error, text))
        for field in (ALL, *(FILE + name for name in self._givens)):
            upload = values.get(field)
            try:
                if upload is not None:
                    values[field] = _file(upload)
                    values[field].require_kind()
            except BadFile as error:
                self.add_error(field, told_of_file(error))
                if field != ALL:
                    self.add_error(field, _("Nilainya juga belum tersimpan: kirim lagi dengan berkas lain."))
        return values

    def _says_more(self, name: str, values: Mapping[str, Any]) -> bool:
        """Say whether a reason or a file was handed in of a value that is not given."""
        reason = values.get(REASON + name, "")
        is_new = bool(reason) and reason != self.fields[REASON + name].initial
        return is_new or values.get(FILE + name) is not None

    def sound(self) -> Iterator[str]:
        """Yield the values of which nothing is wrong, so that they can be kept whatever else is."""
        for name in self._givens:
            if not {name, REASON + name, FILE + name, KNOWN + name} & self.errors.keys():
                yield name

    def file_of(self, name: str) -> File | None:
        """Return the file that was handed in for a value, or under the name of the one for all."""
        found = self.cleaned_data.get(name)
        return found if isinstance(found, File) else None


def told(given: Given, error: BadValue, typed: str) -> str:
    """Return what is wrong with a value, and what is allowed."""
    if error.decimals is not None:
        told_of = {"typed": typed, "most": _most(given), "decimals": error.decimals}
        return (
            _(
                "“%(typed)s” tidak dapat dipakai. Tulis angka dari 0 sampai %(most)s, "
                "paling banyak %(decimals)s angka di belakang koma."
            )
            % told_of
        )
    if error.maximum is not None:
        told_of = {"typed": typed, "most": _most(given)}
        return _("“%(typed)s” tidak dapat dipakai. Tulis angka dari 0 sampai %(most)s.") % told_of
    allowed = ", ".join(map(status_text, error.allowed))
    return _("“%(typed)s” tidak dapat dipakai. Pilih salah satu: %(allowed)s.") % {
        "typed": typed,
        "allowed": allowed,
    }


def told_of_file(error: BadFile) -> str:
    """Return why a file is not taken, and what is."""
    return str(FAULTS[error.fault]) % {"name": error.name, "megabytes": MOST_BYTES // 1_000_000}


def _most(given: Given) -> str:
    most = given.maximum.value if given.maximum else Fraction(0)
    return str(most) if most.denominator == 1 else plain_text(most, language_in_force())


def _example(given: Given, language: str) -> str:
    """Return a number that may be given, with a decimal sign, so that everybody sees how it is written."""
    most = given.maximum.value if given.maximum else Fraction(0)
    return plain_text(most * 3 / 4, language)


def _file(upload: "UploadedFile[bytes]") -> File:
    upload.seek(0)  # a form that is asked again reads it again
    return File(upload.name or "berkas", upload.read(MOST_BYTES + 1))
