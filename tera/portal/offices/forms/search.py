"""Which units a list shows, and how."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.offices.forms.fields import DayField
from tera.portal.units.models import Unit, UnitKind

SORTS = {"nama": "name", "kode": "unit__slug", "jenis": "kind", "induk": "parent__name", "zona": "zone"}


class SearchForm(forms.Form):
    """All of it may be empty."""

    cari = forms.CharField(label=_("Cari nama atau kode"), required=False, max_length=200)
    jenis = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Semua")), *UnitKind.choices])
    induk = forms.ChoiceField(label=_("Di bawah"), required=False)
    hari = DayField(label=_("Per tanggal"), required=False)
    urut = forms.ChoiceField(
        required=False,
        choices=[(sign + key, key) for key in SORTS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, offices: Iterable[Unit], today: date, **kwargs: Any) -> None:
        """Offer the offices that have units below them."""
        super().__init__(*args, **kwargs)
        self._today = today
        named = [(unit.slug, unit.name) for unit in offices]
        self.fields["induk"].choices = [("", _("Semua")), *named]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """Return what is wanted; what cannot be is as if it were empty."""
        return self.cleaned_data.get(name) or ""

    @property
    def day(self) -> date:
        """The day as of which units are shown."""
        return self.cleaned_data.get("hari") or self._today

    @property
    def is_filtered(self) -> bool:
        """Say whether a table is wanted rather than the tree."""
        return any(self.value(name) for name in ("cari", "jenis", "induk", "urut"))

    @property
    def narrows(self) -> bool:
        """Say whether something beside words is given, or wrong."""
        return bool(self.errors or any(self.value(name) for name in ("jenis", "induk", "hari")))
