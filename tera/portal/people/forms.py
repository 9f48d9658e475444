"""The forms with which accounts and roles are given, and the trail is searched."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.people.actions import Grant
from tera.portal.people.queries import Wanted
from tera.portal.units.models import FOREVER, Unit


class Day(forms.DateInput):
    """Asks for a day with the calendar of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        """Write days as browsers read them."""
        super().__init__(format="%Y-%m-%d")


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
    valid_from = forms.DateField(
        label=_("Mulai"), required=False, widget=Day, help_text=_("Kosongkan untuk mulai hari ini.")
    )
    last_day = forms.DateField(
        label=_("Hari terakhir"),
        required=False,
        widget=Day,
        help_text=_("Kosongkan bila belum ada batasnya."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Offer the roles and units that this person may give."""
        super().__init__(*args, **kwargs)
        units = by.units_with("give-roles").order_by("name")
        mine = {role for held in by.assignments_on() for role in rules().roles[held.role].grants}
        self.fields["role"].choices = _titles(mine)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["office"].queryset = Unit.objects.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not in order."""
        values = super().clean() or {}
        values["valid_from"] = values.get("valid_from") or timezone.localdate()
        last = values.get("last_day")
        if last and last < values["valid_from"]:
            self.add_error("last_day", _("Hari terakhir tidak boleh sebelum hari pertama."))
        return values

    def grant(self) -> Grant:
        """Return what was decided."""
        values = self.cleaned_data
        until = values["last_day"] + timedelta(days=1) if values["last_day"] else FOREVER
        return Grant(values["role"], values["unit"], values["valid_from"], until, values["office"])


class AccountForm(RoleForm):
    """A new account: who it is for, and its first role."""

    username = forms.CharField(
        label=_("Nama akun"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
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
    """To whom one's own role goes, and for how long."""

    to = forms.ModelChoiceField(
        label=_("Kepada akun"), queryset=User.objects.none(), to_field_name="username"
    )
    first = forms.DateField(label=_("Mulai"), widget=Day)
    last_day = forms.DateField(label=_("Hari terakhir"), widget=Day)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Offer everybody else who has an account."""
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=by.pk).order_by("username")
        self.fields["to"].queryset = others  # type: ignore[attr-defined]

    def days(self) -> tuple[date, date]:
        """Return the first day, and the first one after the last."""
        return self.cleaned_data["first"], self.cleaned_data["last_day"] + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not in order."""
        values = super().clean() or {}
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
    dari = forms.DateField(label=_("Dari tanggal"), required=False, widget=Day)
    sampai = forms.DateField(label=_("Sampai tanggal"), required=False, widget=Day)

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        self.is_valid()
        values = self.cleaned_data
        return Wanted(values.get("q", ""), values.get("jenis", ""), values.get("dari"), values.get("sampai"))


def _titles(roles: Collection[str]) -> list[tuple[str, str]]:
    language = language_in_force()
    return [(role.id, role.title[language]) for role in rules().roles.values() if role.id in roles]
