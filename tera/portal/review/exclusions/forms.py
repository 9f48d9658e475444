"""What an office writes to propose responses that should not count."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.results.models import Reason
from tera.portal.review.exclusions.wording import REASONS
from tera.portal.units.models import Unit

MOST_LINES, LONGEST_NOTE = 1000, 2000


class ProposalForm(forms.Form):
    """Lines that each name a response, and why none of them should count."""

    lines = forms.CharField(
        label=_("Kode bukti atau komitmen, satu tiap baris"),
        help_text=_("Kode bukti seperti tertulis pada bukti jawaban, atau komitmen: 64 angka dan huruf a–f."),
        error_messages={"required": _("Tulis paling sedikit satu kode.")},
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.ChoiceField(
        label=_("Alasan"),
        choices=[("", _("Pilih alasan")), *((reason.value, words) for reason, words in REASONS.items())],
        error_messages={"required": _("Pilih satu alasan."), "invalid_choice": _("Pilih satu alasan.")},
    )
    note = forms.CharField(
        label=_("Catatan"),
        help_text=_("Bagaimana hal ini diketahui. Wajib untuk alasan lain. Jangan menulis nama responden."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
    )

    def __init__(self, *args: Any, offices: Sequence[Unit], **kwargs: Any) -> None:
        """Ask in whose name only where there is a choice."""
        super().__init__(*args, **kwargs)
        self._offices = {office.slug: office for office in offices}
        if len(offices) > 1:
            choices = [(office.slug, office.name) for office in offices]
            self.fields["office"] = forms.ChoiceField(label=_("Atas nama kantor"), choices=choices)

    @property
    def proposer(self) -> Unit:
        """The office in whose name it is proposed."""
        return self._offices[self.cleaned_data.get("office") or next(iter(self._offices))]

    def clean_lines(self) -> str:
        """Refuse more lines than one proposal may have."""
        text: str = self.cleaned_data["lines"]
        if len(text.splitlines()) > MOST_LINES:
            raise forms.ValidationError(
                _("Paling banyak %(most)s baris sekali usul."), params={"most": MOST_LINES}
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for a note where the reason says nothing."""
        values = super().clean() or {}
        if values.get("reason") == Reason.OTHER and not values.get("note", "").strip():
            self.add_error("note", _("Tulis apa alasannya."))
        return values
