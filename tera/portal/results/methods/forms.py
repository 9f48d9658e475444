"""The form in which the people of a unit write what no program knows of their survey."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tera.engine.explain import said
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.methods.fields import fields
from tera.portal.results.methods.written import problem_with, tidied

ROWS_OF_LONG, LONG = 5, 1000


class MethodsForm(forms.Form):
    """A text for each written field; what is empty can be written later."""

    def __init__(self, *args: Any, texts: Mapping[str, str], **kwargs: Any) -> None:
        """Begin with what stands in the sheet now."""
        super().__init__(*args, **kwargs)
        self.initial = dict(texts)
        language = language_in_force()
        for field in fields().written:
            rows = ROWS_OF_LONG if field.longest >= LONG else 3
            self.fields[field.id] = forms.CharField(
                label=said(field.title, language),
                help_text=f"{said(field.answers, language)} {said(field.hint, language)}",
                required=False,
                widget=forms.Textarea(attrs={"rows": rows, "class": "prose"}),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot stand in a field."""
        values = super().clean() or {}
        for field in fields().written:
            text = tidied(values.get(field.id, ""))
            if problem := problem_with(field, text):
                self.add_error(field.id, problem)
            values[field.id] = text
        return values
