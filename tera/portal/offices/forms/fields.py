"""Fields that several forms of units have: a day, a text that a spreadsheet takes as one, a unit, pairs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.portal.offices.exchange.cells import FIRST_DAY, LAST_DAY, RESERVED, SLUG
from tera.portal.offices.exchange.findings import Finding
from tera.portal.offices.exchange.pairs import read_pairs
from tera.portal.offices.wording import told
from tera.portal.units.days import Day
from tera.portal.units.models import Unit

PLAIN = RegexValidator(r"\A[^=+@-]", gettext_lazy("Mulailah dengan huruf atau angka."))


class DayField(forms.DateField):
    """A day from which something holds."""

    def __init__(self, **kwargs: Any) -> None:
        """Show the calendar of the browser."""
        super().__init__(**{"label": gettext_lazy("Mulai hari"), "widget": Day, **kwargs})
        self.validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class PlainField(forms.CharField):
    """A short text on one line."""

    def __init__(self, **kwargs: Any) -> None:
        """Refuse what a spreadsheet would take for a formula."""
        super().__init__(validators=[PLAIN], **kwargs)

    def clean(self, value: object) -> Any:  # noqa: ANN401  as Django has it
        """Return the text with single spaces."""
        return " ".join(str(super().clean(value)).split())


class SlugField(forms.CharField):
    """The name of a unit in addresses and files, which never changes."""

    def __init__(self, **kwargs: Any) -> None:
        """Say what is allowed."""
        says = gettext_lazy("Huruf kecil, angka, - dan _; misalnya kanim-sambas. Tidak dapat diganti kelak.")
        super().__init__(**{"label": gettext_lazy("Kode"), "max_length": 50, "help_text": says, **kwargs})

    def clean(self, value: object) -> Any:  # noqa: ANN401  as Django has it
        """Refuse what is no slug, or the address of a page."""
        slug = super().clean(value)
        if slug and (not SLUG.fullmatch(slug) or slug in RESERVED):
            raise ValidationError(_("Kode ini tidak dapat dipakai."))
        return slug


class PairsField(forms.CharField):
    """Services or places, one on each line."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        """Take which of the two."""
        self._key = key
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 6, "class": "prose"}), **kwargs)

    def clean(self, value: object) -> Any:  # noqa: ANN401  as Django has it
        """Return them by code or by name; every line that cannot be used is an error."""
        pairs, faults = read_pairs(self._key, super().clean(value))
        findings = [told(Finding(0, "", each.part, each.why, {"most": each.most})) for each in faults]
        if findings:
            raise ValidationError([f"“{each.value}”: {each.problem} {each.allowed}" for each in findings])
        return pairs


class UnitField(forms.ChoiceField):
    """One of the units that somebody may reorganise, or none."""

    def offer(self, units: Iterable[Unit], *, none: str = "") -> None:
        """Offer these units by name, and having none where there is a word for that."""
        self._units = {unit.slug: unit for unit in units}
        named = [(slug, f"{unit.name} ({slug})") for slug, unit in self._units.items()]
        self.choices = [*([("", none)] if none else []), *named]
        self.required = not none

    def clean(self, value: object) -> Any:  # noqa: ANN401  as Django has it
        """Return the unit."""
        return self._units.get(super().clean(value))
