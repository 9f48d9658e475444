"""The forms of a round: the list or the register from which it is drawn, and how a call ended."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tera.engine.sampling import calls_to_rule_out
from tera.portal.review.calls.actions import Pool
from tera.portal.review.calls.contacts import LIST_MOST, BadLines, read_contacts
from tera.portal.review.models.calls import Outcome

SAMPLE_MOST, REGISTER_MOST, LINES_TOLD = 1000, 1_000_000, 10
SHARES = (10, 5, 2)  # percent: which share of all a round without a finding rules out
USUAL = 5
NEEDED = {percent: calls_to_rule_out(Fraction(percent, 100)) for percent in SHARES}


class DrawForm(forms.Form):
    """How many are drawn."""

    sample = forms.IntegerField(
        label=_("Berapa orang yang dipanggil"),
        min_value=1,
        max_value=SAMPLE_MOST,
        initial=NEEDED[USUAL],
    )


class ContactsForm(DrawForm):
    """A list of contacts that the service system gave for this only."""

    field_order = ("contacts", "file", "sample")
    contacts = forms.CharField(
        label=_("Kontak, satu setiap baris"),
        required=False,
        help_text=_("Nomor telepon atau alamat; boleh diikuti koma dan nomor transaksi."),
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    file = forms.FileField(
        label=_("atau berkas CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={"empty": _("Berkas ini kosong.")},
    )

    def clean(self) -> dict[str, Any]:
        """Read the list, which is written nowhere."""
        values = super().clean() or {}
        if self.errors:
            return values
        if bool(values.get("contacts", "").strip()) == bool(values.get("file")):
            self.add_error("contacts", _("Isilah kontak atau pilih berkas, salah satu saja."))
            return values
        content = self._content(values)
        if len(content) > LIST_MOST:
            message = _(
                "Daftar ini terlalu panjang: paling besar %(kilobytes)s kB. Untuk daftar yang lebih panjang,"
                " pilih dari register."
            )
            self.add_error("contacts", message % {"kilobytes": LIST_MOST // 1000})
            return values
        try:
            contacts = read_contacts(content.decode())
        except UnicodeDecodeError:
            self.add_error("file", _("Berkas ini tidak terbaca. Simpan sebagai CSV UTF-8."))
        except BadLines as error:
            message = _("Tidak ada nomor atau alamat pada baris %(lines)s.")
            told = ", ".join(map(str, error.numbers[:LINES_TOLD]))
            self.add_error("contacts", message % {"lines": told})
        else:
            if contacts:
                values["pool"] = Pool.of_contacts(contacts)
            else:
                self.add_error("contacts", _("Daftar ini kosong."))
        return values

    def _content(self, values: dict[str, Any]) -> bytes:
        file: UploadedFile[bytes] | None = values.get("file")
        return bytes(file.read(LIST_MOST + 1)) if file else str(values["contacts"]).encode()


class RegisterForm(DrawForm):
    """How many transactions the register of the period has."""

    field_order = ("population", "sample")
    population = forms.IntegerField(
        label=_("Jumlah transaksi dalam register periode ini"), min_value=1, max_value=REGISTER_MOST
    )

    def __init__(self, *args: Any, takes_tickets: bool, **kwargs: Any) -> None:
        """Ask for those with a ticket, where the survey takes them."""
        super().__init__(*args, **kwargs)
        if takes_tickets:
            self.fields["population"].label = _(
                "Jumlah transaksi yang mendapat tiket, dalam register periode ini"
            )

    def clean(self) -> dict[str, Any]:
        """Make a pool of it."""
        values = super().clean() or {}
        if not self.errors:
            values["pool"] = Pool.of_register(values["population"])
        return values


class OutcomeForm(forms.Form):
    """How the call of somebody ended."""

    place = forms.IntegerField(min_value=1)
    outcome = forms.ChoiceField(choices=Outcome.choices)
