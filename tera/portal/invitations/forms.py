"""The forms of the invitation page: a poster, the logo, and a list of recipients."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tera.portal.invitations import pictures
from tera.portal.invitations.pictures import BadPicture, Picture, TooLarge
from tera.portal.invitations.posters import Poster
from tera.portal.invitations.recipients import MOST, Line, Problem, read_list
from tera.portal.surveys.models import Campaign

WAYS = {"EMAIL": _("E-mail"), "WHATSAPP": _("WhatsApp"), "SMS": _("SMS")}
LANGUAGES = {"id": _("Indonesia"), "en": _("Inggris")}
LIST_MOST = 50_000


class PosterForm(forms.Form):
    """What an office decides before it prints."""

    paper = forms.ChoiceField(
        label=_("Ukuran"),
        choices=[
            ("a4", _("Poster A4")),
            ("a5", _("Poster A5")),
            ("a6", _("Kartu loket A6")),
            ("a6x4", _("Empat kartu loket pada satu lembar A4")),
        ],
    )
    service = forms.ChoiceField(
        label=_("Layanan"), required=False, help_text=_("Layanan yang dipilih sudah terisi di formulirnya.")
    )
    counter = forms.CharField(
        label=_("Loket atau tempat"),
        required=False,
        max_length=40,
        help_text=_("Misalnya: Loket 3. Boleh kosong."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        """Offer the services that the campaign began with."""
        super().__init__(*args, **kwargs)
        services = [("", _("Semua layanan")), *campaign.services.items()]
        self.fields["service"].choices = services  # type: ignore[attr-defined]

    def poster(self) -> Poster:
        """Return what was decided."""
        return Poster(**self.cleaned_data)


class LogoForm(forms.Form):
    """A picture for what a unit prints."""

    picture = forms.FileField(
        label=_("Gambar logo"),
        help_text=format_lazy(
            _("PNG atau JPEG, paling besar {kilobytes} kB dan {pixels} piksel setiap sisi."),
            kilobytes=pictures.MOST_BYTES // 1000,
            pixels=pictures.MOST_PIXELS,
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        error_messages={"required": _("Pilih berkas gambarnya.")},
    )

    def clean_picture(self) -> Picture:
        """Refuse what cannot be printed."""
        file: UploadedFile[bytes] = self.cleaned_data["picture"]
        try:
            return Picture.read(file.read(pictures.MOST_BYTES + 1))
        except TooLarge as error:
            raise forms.ValidationError(_("Gambar ini terlalu besar.")) from error
        except BadPicture as error:
            message = _("Berkas ini tidak dapat dicetak. Simpan gambarnya sebagai PNG, lalu coba lagi.")
            raise forms.ValidationError(message) from error


class SendForm(forms.Form):
    """Whom to write to. Lines that cannot be used do not keep the others from being sent to."""

    way = forms.ChoiceField(label=_("Kirim lewat"))
    language = forms.ChoiceField(label=_("Bahasa"), choices=list(LANGUAGES.items()))
    recipients = forms.CharField(
        label=_("Alamat atau nomor, satu setiap baris"),
        max_length=LIST_MOST,
        help_text=format_lazy(
            _("Paling banyak {most} sekaligus. Daftar ini tidak disimpan dan tidak dicatat di mana pun."),
            most=MOST,
        ),
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Tulis paling sedikit satu alamat atau nomor.")},
    )

    def __init__(self, *args: Any, ways: Mapping[str, object], **kwargs: Any) -> None:
        """Offer the ways of sending that this installation has."""
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(way, WAYS[way]) for way in ways]  # type: ignore[attr-defined]

    def recipients_and_problems(self) -> tuple[dict[str, Line], list[Problem]]:
        """Return whom to write to, and the lines that cannot be used."""
        return read_list(self.cleaned_data["recipients"], self.cleaned_data["way"])
