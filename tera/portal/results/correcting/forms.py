"""The form that corrects a certified result."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.results.correcting.actions import MOST_REASON, BadReason, require_reason


class CorrectionForm(forms.Form):
    """Why the result is corrected."""

    reason = forms.CharField(
        label=_("Alasan koreksi"),
        help_text=_(
            "Ditulis di buku besar dan pada hasil, untuk semua orang. Jangan menulis nama siapa pun."
        ),
        max_length=MOST_REASON,
        error_messages={"required": _("Tulis mengapa hasil dikoreksi.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
    )

    def clean_reason(self) -> str:
        """Refuse what cannot stand in the ledger."""
        try:
            return require_reason(self.cleaned_data["reason"])
        except BadReason as error:
            raise forms.ValidationError(
                _("Tulis dengan kata, tanpa tanda yang tidak dapat dicetak.")
            ) from error
