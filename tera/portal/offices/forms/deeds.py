"""What a dated deed needs to know. Each form proposes what holds now."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.portal.accounts.models import User
from tera.portal.offices.exchange.pairs import write_pairs
from tera.portal.offices.forms.fields import (
    DayField,
    PairsField,
    PlainField,
    SlugField,
    UnitField,
)
from tera.portal.offices.queries import reorganised_by
from tera.portal.units.actions import Founding
from tera.portal.units.models import Unit, UnitKind, Version, Zone
from tera.portal.units.queries import holds, version_of

STATE = ("name", "short_name", "kind", "grade", "zone")
PARTS = (1, 2, 3, 4)


class DeedForm(forms.Form):
    """A deed and its day."""

    on = DayField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        self._today = today
        self.initial = {"on": today, **self.initial}

    def clean_on(self) -> date:
        """Refuse a day that has passed."""
        on: date = self.cleaned_data["on"]
        if on < self._today:
            raise ValidationError(_("Tanggal ini sudah lewat; yang lampau tidak diubah."))
        return on


class StateForm(DeedForm):
    """What is true of a unit, and the office above it."""

    name = PlainField(label=gettext_lazy("Nama"), max_length=200)
    short_name = PlainField(label=gettext_lazy("Nama singkat"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=UnitKind.choices)
    grade = PlainField(label=gettext_lazy("Kelas"), max_length=60, required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Zona waktu"), choices=Zone.choices)
    parent = UnitField(label=gettext_lazy("Induk"))

    def __init__(self, *args: Any, offices: Iterable[Unit], **kwargs: Any) -> None:
        """Offer these offices as the one above."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(offices, none=_("Tidak ada"))  # type: ignore[attr-defined]

    def state(self) -> dict[str, str]:
        """Return what is to be true of it."""
        return {key: self.cleaned_data[key] for key in STATE}


class FoundForm(StateForm):
    """A unit that begins."""

    slug = SlugField()
    satker = PlainField(label=gettext_lazy("Kode satker"), max_length=40, required=False)
    services = PairsField(
        "services",
        label=gettext_lazy("Layanan"),
        help_text=gettext_lazy("Satu setiap baris: KODE=Nama, misalnya PASPOR=Paspor."),
    )
    field_order = (
        "slug",
        "name",
        "short_name",
        "kind",
        "grade",
        "zone",
        "parent",
        "satker",
        "services",
        "on",
    )

    def founding(self) -> Founding:
        """Return the unit that is to begin."""
        values = self.cleaned_data
        codes = {"satker": values["satker"]} if values["satker"] else {}
        return Founding(values["slug"], self.state(), values["parent"], codes, values["services"])


class ChangeForm(StateForm):
    """What is to be true of a unit from a day on."""

    field_order = ("on", "name", "short_name", "kind", "grade", "zone", "parent")

    def __init__(self, *args: Any, now: Version, user: User, **kwargs: Any) -> None:
        """Propose what is true now; the office above may stay though it is not theirs to reorganise."""
        theirs = reorganised_by(user, kwargs["today"])
        offices = {unit.slug: unit for unit in theirs if unit != now.unit}
        if now.parent:
            offices.setdefault(now.parent.slug, now.parent)
        super().__init__(*args, offices=offices.values(), **kwargs)
        self._unit = now.unit
        said = {key: getattr(now, key) for key in STATE}
        self.initial = {**self.initial, **said, "parent": now.parent.slug if now.parent else ""}

    def clean(self) -> dict[str, Any]:
        """Refuse what changes nothing."""
        values = super().clean() or {}
        if not self.errors and not self.changes():
            raise ValidationError(_("Tidak ada yang berubah dengan ini."))
        return values

    def before(self) -> Version | None:
        """Return what would be true on the day without this."""
        return version_of(self._unit, self.cleaned_data["on"])

    def changes(self) -> dict[str, object]:
        """Return what is to be different from what would be true on the day."""
        before = self.before()
        wanted = {**self.state(), "parent": self.cleaned_data["parent"]}
        return {
            key: value for key, value in wanted.items() if before is None or getattr(before, key) != value
        }


class MergeForm(DeedForm):
    """Which units end, and which takes their place."""

    units = forms.CharField(
        label=gettext_lazy("Unit yang digabung dan berakhir"),
        help_text=gettext_lazy("Kode unit, satu setiap baris."),
        widget=forms.Textarea(
            attrs={"rows": 4, "class": "prose", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    into = UnitField(label=gettext_lazy("Unit yang menggantikannya"))
    field_order = ("units", "into", "on")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the units that this person reorganises."""
        super().__init__(*args, **kwargs)
        self.fields["into"].offer(reorganised_by(user, self._today))  # type: ignore[attr-defined]

    def clean_units(self) -> list[Unit]:
        """Return the units that are named by slug or by code."""
        found: dict[str, Unit] = {}
        for name in dict.fromkeys(str(self.cleaned_data["units"]).replace(",", "\n").split()):
            code = Unit.objects.filter(holds(self._today, "codes__"), codes__value=name)
            units = list(Unit.objects.filter(slug=name) or code)
            if len(units) != 1:
                raise ValidationError(_("Tidak ada satu unit dengan kode %(name)s.") % {"name": name})
            found[units[0].slug] = units[0]
        return list(found.values())


class SplitForm(DeedForm):
    """The units that come of one: each is of its kind and class, in its zone, below its office."""

    keeps = forms.BooleanField(
        label=gettext_lazy("Semua memberi layanan yang sama"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Have room for four."""
        super().__init__(*args, **kwargs)
        for part in PARTS:
            needed = part <= 2
            self.fields[f"slug_{part}"] = SlugField(
                required=needed, **({} if part == 1 else {"help_text": ""})
            )
            name = PlainField(label=_("Nama"), max_length=200, required=needed)
            self.fields[f"name_{part}"] = name
            short = PlainField(label=_("Nama singkat"), max_length=80, required=needed)
            self.fields[f"short_name_{part}"] = short

    def parts(self) -> list[list[forms.BoundField]]:
        """Return the fields of each new unit."""
        return [[self[f"{key}_{part}"] for key in ("slug", "name", "short_name")] for part in PARTS]

    def clean(self) -> dict[str, Any]:
        """Refuse a unit that has a name and no code, or the other way round."""
        values = super().clean() or {}
        for part in PARTS:
            keys = [f"{key}_{part}" for key in ("slug", "name", "short_name")]
            if any(values.get(key) for key in keys):
                for key in keys:
                    if not values.get(key) and key not in self.errors:
                        self.add_error(key, _("Isi ini juga."))
        return values

    def foundings(self, before: Version, services: Mapping[str, str]) -> list[Founding]:
        """Return the units that are to begin."""
        values = self.cleaned_data
        shared = {key: getattr(before, key) for key in ("kind", "grade", "zone")}
        given = services if values["keeps"] else {}
        return [
            Founding(
                values[f"slug_{part}"],
                {**shared, "name": values[f"name_{part}"], "short_name": values[f"short_name_{part}"]},
                before.parent,
                services=given,
            )
            for part in PARTS
            if values[f"slug_{part}"]
        ]


class GivingForm(DeedForm):
    """All services and places that a unit is to have from a day on."""

    services = PairsField(
        "services",
        label=gettext_lazy("Layanan"),
        help_text=gettext_lazy("Satu setiap baris: KODE=Nama, misalnya PASPOR=Paspor."),
    )
    places = PairsField(
        "places",
        label=gettext_lazy("Tempat layanan"),
        help_text=gettext_lazy("Satu setiap baris: Nama|Alamat. Alamat boleh kosong."),
    )
    field_order = ("services", "places", "on")

    def propose(self, services: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Propose what there is now."""
        said = {
            "services": write_pairs("services", services, "\n"),
            "places": write_pairs("places", places, "\n"),
        }
        self.initial = {**self.initial, **said}
