"""What is asked of a unit, what it answers, and what it says it mended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.review.asking.actions import LONGEST


class AskForm(forms.Form):
    """A question of an office."""

    text = forms.CharField(
        label=_("Pertanyaan"),
        help_text=_("Satu pertanyaan sekali tulis. Jangan menulis nama responden."),
        max_length=LONGEST,
        error_messages={"required": _("Tulis pertanyaannya.")},
        widget=forms.Textarea(attrs={"rows": 4, "class": "prose"}),
    )


class AnswerForm(forms.Form):
    """The answer of a unit."""

    text = forms.CharField(
        label=_("Jawaban unit"),
        help_text=_("Tidak dapat diubah lagi sesudah dikirim."),
        max_length=LONGEST,
        error_messages={"required": _("Tulis jawabannya.")},
        widget=forms.Textarea(attrs={"rows": 4, "class": "prose"}),
    )


class ResubmitForm(forms.Form):
    """What was mended."""

    mended = forms.CharField(
        label=_("Apa yang diperbaiki"),
        help_text=_("Akan dibaca kantor wilayah dan tercatat pada perjalanan survei ini."),
        max_length=LONGEST,
        error_messages={"required": _("Tulis apa yang diperbaiki.")},
        widget=forms.Textarea(attrs={"rows": 5, "class": "prose"}),
    )
