"""The form of a checklist: for each item an answer and a remark, and a note at the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from tera.engine.checklist import Checklist, Item, Section
from tera.engine.explain import said
from tera.portal.accounts.queries import language_in_force
from tera.portal.review.checks.actions import Filled
from tera.portal.review.checks.queries import Seen

REMARK, REMARK_MOST, NOTE_MOST = "remark-", 1000, 4000


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody else saved of an item meanwhile; no words where they took the answer back."""

    words: str
    remark: str


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is asked; `newer` is what somebody else saved of it meanwhile, where that differs."""

    item: Item
    answer: BoundField
    remark: BoundField
    seen: Sequence[Seen] = ()
    newer: Answered | None = None


class ItemsForm(forms.Form):
    """Items of a checklist; whatever is left empty can be answered later."""

    note = forms.CharField(
        label=_("Catatan umum"),
        required=False,
        max_length=NOTE_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
        help_text=_("Jangan menulis nama siapa pun."),
    )

    def __init__(self, *args: Any, checklist: Checklist, items: Sequence[Item], **kwargs: Any) -> None:
        """Ask for each item."""
        super().__init__(*args, **kwargs)
        self._checklist, self._items = checklist, items
        language = language_in_force()
        choices = [(answer.code, said(answer.words, language)) for answer in checklist.answers]
        for item in items:
            self.fields[item.code] = forms.ChoiceField(
                label=said(item.asks, language),
                choices=[*choices, ("", _("Belum"))],
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[REMARK + item.code] = forms.CharField(
                label=_("Keterangan"),
                required=False,
                max_length=REMARK_MOST,
                widget=forms.Textarea(attrs={"rows": 1, "class": "prose remark"}),
            )

    def sections(
        self, seen: Mapping[str, Sequence[Seen]] | None = None, newer: Filled | None = None
    ) -> Iterator[tuple[Section, list[Row]]]:
        """Yield the sections that have items here, each item beside what a visit found of it.

        Beside what was typed stands what a `newer` version says otherwise.
        """
        for section in self._checklist.sections:
            rows = [
                Row(
                    item,
                    self[item.code],
                    self[REMARK + item.code],
                    (seen or {}).get(item.code, ()),
                    self._otherwise(item.code, newer),
                )
                for item in self._items
                if item.section == section.code
            ]
            if rows:
                yield section, rows

    def _otherwise(self, code: str, newer: Filled | None) -> Answered | None:
        if newer is None:
            return None
        answer, remark = newer.answers.get(code, ""), newer.remarks.get(code, "")
        mine = (self.cleaned_data.get(code, ""), _tidied(self.cleaned_data.get(REMARK + code, "")))
        if mine == (answer, remark):
            return None
        words = {one.code: said(one.words, language_in_force()) for one in self._checklist.answers}
        return Answered(words.get(answer, ""), remark)

    def filled(self) -> Filled:
        """Return what was written."""
        values = self.cleaned_data
        codes = [item.code for item in self._items]
        return Filled(
            {code: values[code] for code in codes if values[code]},
            {code: text for code in codes if (text := _tidied(values[REMARK + code]))},
            _tidied(values["note"]),
        )


def initial_of(filled: Filled) -> dict[str, str]:
    """Return what a form begins with."""
    remarks = {REMARK + code: text for code, text in filled.remarks.items()}
    return {**filled.answers, **remarks, "note": filled.note}


def _tidied(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
