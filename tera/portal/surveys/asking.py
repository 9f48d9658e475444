"""The part of a form that asks which questionnaires are used, and by which rules they are judged."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.engine.catalogue import list_instruments, list_rulebooks
from tera.engine.instrument import CannotCombine, require_combinable
from tera.portal.accounts.queries import language_in_force


class AskingForm(forms.Form):
    """Offers all questionnaires, the usual ones first and chosen, and the rules that can judge them."""

    instruments = forms.MultipleChoiceField(label=_("Kuesioner"), widget=forms.CheckboxSelectMultiple)
    survey_rulebook = forms.ChoiceField(label=_("Aturan survei (mutu A–D)"))
    zone_rulebook = forms.ChoiceField(label=_("Aturan zona integritas (WBK/WBBM)"))
    usual: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what Django's forms take."""
        super().__init__(*args, **kwargs)
        language = language_in_force()
        usual_first = sorted(list_instruments(), key=lambda entry: entry.id not in self.usual)
        graded = [book for book in list_rulebooks() if any(measure.bands for measure in book.measures)]
        judging = [book for book in list_rulebooks() if book.targets]
        self.offer("instruments", [(entry.id, entry.title[language]) for entry in usual_first])
        self.offer("survey_rulebook", [(book.id, book.title) for book in graded])
        self.offer("zone_rulebook", [(book.id, book.title) for book in judging])
        self.initial = {
            "instruments": list(self.usual),
            "survey_rulebook": "permenpanrb-14-2017",
            "zone_rulebook": "permenpanrb-10-2019",
            **self.initial,
        }

    def offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Let a field be chosen from these."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_instruments(self) -> list[str]:
        """Refuse two variants of the same questions."""
        chosen = list(self.cleaned_data["instruments"])
        try:
            require_combinable(entry for entry in list_instruments() if entry.id in chosen)
        except CannotCombine as error:
            raise forms.ValidationError(_("Pilih satu saja dari kuesioner yang sama.")) from error
        return chosen
