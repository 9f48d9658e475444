"""The forms with which accounts and roles are given, and the trail is searched."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.people.actions import Grant
from tera.portal.people.queries import Wanted
from tera.portal.units.days import Day
from tera.portal.units.models import FOREVER, Unit


class DayField(forms.DateField):
    """A day that a person may mean: neither long ago nor far away."""

    widget = Day

    def __init__(self, **kwargs: Any) -> None:
        """Refuse days before the program and after its grandchildren."""
        limits = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
        super().__init__(validators=limits, **kwargs)


class RoleForm(forms.Form):
    """Which role, for which unit, from and until when."""

    role = forms.ChoiceField(label=_("Peran"))
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        to_field_name="slug",
        help_text=_("Peran berlaku untuk unit ini dan semua unit di bawahnya."),
    )
    office = forms.ModelChoiceField(
        label=_("Kantor tempatnya bekerja, bila lain"),
        queryset=Unit.objects.none(),
        to_field_name="slug",
        required=False,
        help_text=_("Misalnya inspektorat, untuk peran yang berlaku di seluruh kementerian."),
    )
    valid_from = DayField(label=_("Mulai"), required=False, help_text=_("Kosongkan untuk mulai hari ini."))
    last_day = DayField(
        label=_("Hari terakhir"),
        required=False,
        help_text=_("Kosongkan bila belum ada batasnya."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Offer the roles and units that this person may give."""
        super().__init__(*args, **kwargs)
        units = by.units_with("give-roles").order_by("name")
        mine = {role for held in by.assignments_on() for role in rules().roles[held.role].grants}
        self.fields["role"].choices = _titles(mine)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        kinds = {kind for role in mine for kind in rules().roles[role].offices}
        offices = Unit.objects.filter(kind__in=kinds).order_by("name")
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        if not offices.exists():
            del self.fields["office"]

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not in order."""
        values = super().clean() or {}
        today, last = timezone.localdate(), values.get("last_day")
        values["valid_from"] = values.get("valid_from") or today
        if values["valid_from"] < today:
            self.add_error("valid_from", _("Hari pertama sudah lewat."))
        role, office = rules().roles.get(values.get("role", "")), values.get("office")
        if role and office and office.kind not in role.offices:
            self.add_error("office", _("Peran ini dipegang dari unitnya sendiri."))
        if last and last < values["valid_from"]:
            self.add_error("last_day", _("Hari terakhir tidak boleh sebelum hari pertama."))
        return values

    def grant(self) -> Grant:
        """Return what was decided."""
        values = self.cleaned_data
        until = values["last_day"] + timedelta(days=1) if values["last_day"] else FOREVER
        return Grant(values["role"], values["unit"], values["valid_from"], until, values.get("office"))


class AccountForm(RoleForm):
    """A new account: who it is for, and its first role."""

    username = forms.CharField(
        label=_("Nama akun"),
        max_length=150,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9@.+_-]*\Z")],
        error_messages={"invalid": _("Huruf, angka, dan @ . + - _ saja, dimulai dengan huruf atau angka.")},
        help_text=_("Misalnya NIP. Huruf, angka, dan @ . + - _ saja."),
    )
    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    email = forms.EmailField(label=_("Alamat surel"), required=False)
    field_order = ("username", "full_name", "email", "role", "unit", "office", "valid_from", "last_day")

    def clean_username(self) -> str:
        """Refuse a name that somebody has, however it is written."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Nama akun itu sudah ada."))
        return name


class DelegateForm(forms.Form):
    """To whom one's own role goes, and for how long. Names are typed: not everybody may see all of them."""

    to = forms.ModelChoiceField(
        label=_("Kepada akun"),
        queryset=User.objects.none(),
        to_field_name="username",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("Tidak ada akun aktif dengan nama itu.")},
    )
    first = DayField(label=_("Mulai"))
    last_day = DayField(label=_("Hari terakhir"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Take everybody else who has an account."""
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=by.pk).order_by("username")
        self.fields["to"].queryset = others  # type: ignore[attr-defined]

    def days(self) -> tuple[date, date]:
        """Return the first day, and the first one after the last."""
        return self.cleaned_data["first"], self.cleaned_data["last_day"] + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not in order."""
        values = super().clean() or {}
        if values.get("first") and values["first"] < timezone.localdate():
            self.add_error("first", _("Hari pertama sudah lewat."))
        if values.get("first") and values.get("last_day") and values["last_day"] < values["first"]:
            self.add_error("last_day", _("Hari terakhir tidak boleh sebelum hari pertama."))
        return values


class TrailForm(forms.Form):
    """Which lines of the trail are wanted; what cannot be is as if it were not asked."""

    q = forms.CharField(label=_("Cari akun, unit atau kata"), required=False, max_length=100)
    jenis = forms.ChoiceField(
        label=_("Jenis"),
        required=False,
        choices=[
            ("", _("Semua")),
            ("DEED", _("melakukan")),
            ("LOOK", _("melihat")),
            ("REFUSED", _("ditolak")),
        ],
    )
    dari = DayField(label=_("Dari tanggal"), required=False)
    sampai = DayField(label=_("Sampai tanggal"), required=False)

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        self.is_valid()
        values = self.cleaned_data
        return Wanted(values.get("q", ""), values.get("jenis", ""), values.get("dari"), values.get("sampai"))


def _titles(roles: Collection[str]) -> list[tuple[str, str]]:
    language = language_in_force()
    return [(role.id, role.title[language]) for role in rules().roles.values() if role.id in roles]
