"""What is typed on the page of a survey: a decision, questions, answers and findings, all in one form.

One button is pressed at a time; what was typed beside it is neither lost nor stored.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.people.forms import DayField
from tera.portal.review.meetings.item.actions import Draft, mark_of
from tera.portal.review.meetings.wording import DECISIONS
from tera.portal.review.models import Item
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.stages import Words

LONGEST = 4000  # letters of a note, question, answer or finding
ANSWER = "answer-"  # begins the name of what is answered to an open question; its number follows


def prose(rows: int) -> forms.Textarea:
    """Return a box for sentences."""
    return forms.Textarea(attrs={"rows": rows, "class": "prose"})


class DecisionForm(forms.Form):
    """A decision, what is said with it, by when something must be mended, and the mark of what was shown."""

    decision = forms.ChoiceField(
        label=_("Keputusan"),
        required=False,
        choices=[("", _("Belum diputuskan")), *((one.value, DECISIONS[one]) for one in Decision)],
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=LONGEST, widget=prose(3))
    due_on = DayField(
        label=_("Batas waktu perbaikan"), required=False, help_text=_("Hanya bila survei dikembalikan.")
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def draft(self) -> Draft:
        """Return what was chosen."""
        values = self.cleaned_data
        chosen = Decision(values["decision"]) if values["decision"] else None
        return Draft(chosen, Words(values["note"], values["due_on"]), values["seen"])

    def is_touched(self) -> bool:
        """Say whether something else was sent than the page had shown."""
        if not self.is_valid():
            return True
        draft, values = self.draft(), self.cleaned_data
        has_words = draft.decision is None and bool(values["note"].strip() or values["due_on"])
        return has_words or draft.mark != draft.seen


def shown(item: Item) -> dict[str, Any]:
    """Return with what the form of a decision begins."""
    seen = mark_of(item.decision, Words(item.note, item.due_on))
    return {"decision": item.decision, "note": item.note, "due_on": item.due_on, "seen": seen}


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

    answer = forms.CharField(label=_("Jawaban unit di rapat"), max_length=LONGEST, widget=prose(2))

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        """Name the field by the number of the question."""
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        self.fields[f"{ANSWER}{number}"] = self.fields.pop("answer")
        self.number = number

    @property
    def said(self) -> str:
        """What was answered."""
        return str(self.cleaned_data[f"{ANSWER}{self.number}"])


class FindingForm(forms.Form):
    """What the meeting found."""

    finding = forms.CharField(label=_("Temuan"), max_length=LONGEST, widget=prose(2))
