"""The form that takes a file of units, and the one that brings it back when its preview is confirmed."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.portal.offices.exchange.reading import MOST_BYTES


class UploadForm(forms.Form):
    """A file of units."""

    file = forms.FileField(
        label=gettext_lazy("Berkas CSV atau XLSX"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": gettext_lazy("Pilih berkasnya dahulu.")},
    )

    def content(self) -> bytes:
        """Return what is in it; of one that is too large, enough to see that."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        return bytes(file.read(MOST_BYTES + 1))


class ConfirmForm(forms.Form):
    """The same file again, and by which plan it was previewed.

    The page carries the file, so nothing of it lies on the server between preview and confirmation: nothing
    has to be deleted, and no preview can be taken for another. It is checked again as if it were new.
    """

    content = forms.CharField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_content(self) -> Any:  # noqa: ANN401  as Django has it
        """Return the bytes."""
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(_("Unggah berkasnya sekali lagi.")) from error


def carried(content: bytes) -> str:
    """Return a file as the page carries it."""
    return base64.b64encode(content).decode()
