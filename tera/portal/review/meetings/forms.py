"""The forms with which a meeting is planned, and people are noted who attend."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.people.forms import DayField
from tera.portal.review.meetings.actions import Arrangement, Attendee
from tera.portal.review.meetings.parts import running_roles, verifying_roles
from tera.portal.review.meetings.wording import PARTS
from tera.portal.review.models.meeting import Part

GROUPS = (_("Memutuskan atau memeriksa"), _("Unit"), _("Lainnya"))


class Hour(forms.TimeInput):
    """Asks for a time of day as the browser does."""

    input_type = "time"

    def __init__(self) -> None:
        """Write hours as browsers read them."""
        super().__init__(format="%H:%M")


class MeetingForm(forms.Form):
    """What a meeting is called, when it begins, and where."""

    title = forms.CharField(label=_("Nama rapat"), max_length=200)
    held_on = DayField(label=_("Tanggal"))
    begins_at = forms.TimeField(label=_("Pukul"), widget=Hour)
    place = forms.CharField(label=_("Tempat atau tautan"), max_length=200)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Refuse days before today."""
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_held_on(self) -> date:
        """Refuse a day that has passed."""
        day: date = self.cleaned_data["held_on"]
        if day < self._today:
            raise forms.ValidationError(_("Tanggal itu sudah lewat."))
        return day

    def arrangement(self) -> Arrangement:
        """Return what was decided."""
        values = self.cleaned_data
        return Arrangement(values["title"], values["held_on"], values["begins_at"], values["place"])


class AttendeeForm(forms.Form):
    """Who attends: an account, or a guest by name and office; and as what."""

    part = forms.ChoiceField(
        label=_("Hadir sebagai"),
        help_text=_("Pimpinan rapat: hanya akun yang berhak mengadakan rapat kantor ini."),
        choices=[(part.value, PARTS[part]) for part in Part],
        initial=Part.OBSERVER,  # which anybody may be
    )
    user = forms.ModelChoiceField(
        label=_("Akun"),
        queryset=User.objects.none(),
        to_field_name="username",
        required=False,
        empty_label=_("tamu, tanpa akun"),
    )
    name = forms.CharField(label=_("Nama tamu"), max_length=120, required=False)
    office_name = forms.CharField(label=_("Kantor tamu"), max_length=200, required=False)

    def __init__(self, *args: Any, people: list[Assignment], **kwargs: Any) -> None:
        """Offer the people whose roles bring them here."""
        super().__init__(*args, **kwargs)
        field, titles = self.fields["user"], rules().roles
        field.queryset = User.objects.filter(pk__in=[one.user_id for one in people])  # type: ignore[attr-defined]
        language = language_in_force()
        names: dict[str | Promise, list[tuple[str, str]]] = {}
        for one in people:
            name = (one.user.get_username(), f"{_name(one)} · {titles[one.role].title[language]}")
            names.setdefault(_group(one), []).append(name)
        groups = [(group, names[group]) for group in GROUPS if group in names]
        field.choices = [("", _("tamu, tanpa akun")), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask of a guest for both name and office; an account and a guest are noted one after the other."""
        values = super().clean() or {}
        guest = values.get("name") or values.get("office_name")
        if guest and (user := values.get("user")):
            both = {"account": user.first_name or user.get_username(), "guest": guest}
            words = _("Akun %(account)s dan tamu %(guest)s sama-sama terisi. Catat satu per satu.")
            self.add_error("user", forms.ValidationError(words, params=both))
        for field in ("name", "office_name"):
            if not values.get("user") and not values.get(field) and "user" not in self.errors:
                self.add_error(field, _("Tamu dicatat dengan nama dan kantor."))
        return values

    def attendee(self) -> Attendee:
        """Return who was named."""
        values = self.cleaned_data
        return Attendee(Part(values["part"]), values["user"], values["name"], values["office_name"])


def _group(held: Assignment) -> str | Promise:
    """Return with whom somebody is listed: those who verify, those of units, and the others."""
    if held.role in verifying_roles():
        return GROUPS[0]
    return GROUPS[1] if held.role in running_roles() else GROUPS[2]


def _name(held: Assignment) -> str:
    return f"{held.user.first_name or held.user.get_username()}, {held.acts_for.short_name}"
