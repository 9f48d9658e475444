"""The form in which a decision about a survey is drafted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.people.forms import DayField
from tera.portal.review.meetings.wording import DECISIONS
from tera.portal.review.models import Item
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.stages import Words

LONGEST = 4000  # letters of a note, question, answer or finding


def prose(rows: int) -> forms.Textarea:
    """Return a box for sentences."""
    return forms.Textarea(attrs={"rows": rows, "class": "prose"})


class DecisionForm(forms.Form):
    """A decision, what is said with it, and by when something must be mended."""

    decision = forms.ChoiceField(
        label=_("Keputusan"),
        required=False,
        choices=[("", _("Belum diputuskan")), *((one.value, DECISIONS[one]) for one in Decision)],
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=LONGEST, widget=prose(3))
    due_on = DayField(
        label=_("Batas waktu perbaikan"), required=False, help_text=_("Hanya bila survei dikembalikan.")
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        """Begin with what is drafted."""
        super().__init__(*args, **kwargs)
        self.initial = {"decision": item.decision, "note": item.note, "due_on": item.due_on}


def drafted(values: Mapping[str, Any]) -> tuple[Decision | None, Words]:
    """Return what was chosen in the form of a decision."""
    chosen = Decision(values["decision"]) if values["decision"] else None
    return chosen, Words(values["note"], values["due_on"])


class AskForm(forms.Form):
    """A question to the unit, and what it said at once."""

    text = forms.CharField(label=_("Pertanyaan kepada unit"), max_length=LONGEST, widget=prose(2))
    answer = forms.CharField(
        label=_("Jawaban unit di rapat"),
        required=False,
        max_length=LONGEST,
        widget=prose(2),
        help_text=_("Kosongkan bila unit menjawab kemudian; pertanyaan tetap terbuka."),
    )


class AnswerForm(forms.Form):
    """What the unit said to a question that was open."""

    number = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    answer = forms.CharField(label=_("Jawaban unit di rapat"), max_length=LONGEST, widget=prose(2))


class FindingForm(forms.Form):
    """What the meeting found."""

    text = forms.CharField(label=_("Temuan"), max_length=LONGEST, widget=prose(2))
