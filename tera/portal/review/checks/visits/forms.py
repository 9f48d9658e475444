"""The form of a visit: the day, the items that are looked at on the spot, and photos of some of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.engine.checklist import Checklist
from tera.portal.review.checks.forms import ItemsForm
from tera.portal.review.checks.pictures import (
    MOST_BYTES,
    MOST_PIXELS,
    MOST_TOGETHER,
    BadPicture,
    Picture,
    TooLarge,
)
from tera.portal.review.checks.visits.actions import (
    KEY,
    MOST_BYTES_TOGETHER,
    MOST_PHOTOS,
    Report,
    Shot,
    items_of,
)
from tera.portal.review.models.checks import Layer
from tera.portal.units.days import Day

PHOTO = "photo-"


class VisitForm(ItemsForm):
    """What was seen at an office."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    checklist = forms.CharField(widget=forms.HiddenInput)  # that a page asked, which a phone may have kept
    visited_on = forms.DateField(
        label=gettext_lazy("Hari kunjungan"),
        widget=Day(),
        error_messages={"required": gettext_lazy("Isilah hari kunjungan.")},
    )

    def __init__(
        self, *args: Any, checklist: Checklist, layer: Layer, days: tuple[date, date], **kwargs: Any
    ) -> None:
        """Ask for what the layer looks at on the spot, on a day between two."""
        super().__init__(*args, checklist=checklist, items=items_of(checklist, layer), **kwargs)
        self._days = days
        self._shots: list[Shot] = []

    def clean_visited_on(self) -> date:
        """Refuse a day before the survey, and one to come."""
        first, last = self._days
        day: date = self.cleaned_data["visited_on"]
        if not first <= day <= last:
            message = _("Hari kunjungan antara %(first)s dan %(last)s.")
            raise forms.ValidationError(message % {"first": f"{first:%d-%m-%Y}", "last": f"{last:%d-%m-%Y}"})
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse files that are no photos, and a visit that says nothing."""
        values = super().clean() or {}
        files = list(self._files())
        if len(files) > MOST_PHOTOS:
            self.add_error(None, _("Paling banyak %(most)s foto setiap kunjungan.") % {"most": MOST_PHOTOS})
            return values
        if sum(file.size or 0 for _code, file in files) > MOST_BYTES_TOGETHER:
            message = _("Semua foto bersama paling besar %(megabytes)s MB.")
            self.add_error(None, message % {"megabytes": MOST_BYTES_TOGETHER // 1_000_000})
            return values
        for code, file in files:
            try:
                self._shots.append(Shot(code, Picture.read(file.read(MOST_BYTES + 1))))
            except TooLarge:
                self.add_error(None, _told_too_large(file.name))
            except BadPicture:
                message = _("%(name)s bukan foto yang dapat disimpan. Yang diterima: JPEG, PNG, atau WebP.")
                self.add_error(None, message % {"name": file.name})
        if not self.errors and not files and self.filled().is_empty:
            self.add_error(None, _("Belum ada yang diisi. Jawab paling sedikit satu butir."))
        return values

    def report(self) -> Report:
        """Return what was seen."""
        values = self.cleaned_data
        return Report(values["key"], values["visited_on"], self._checklist, self.filled(), self._shots)

    def problem(self) -> str:
        """Return what is wrong, in one sentence or a few."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)

    def _files(self) -> "Iterator[tuple[str, UploadedFile[bytes]]]":
        for item in self._items:
            if item.wants_photo:
                for file in self.files.getlist(PHOTO + item.code):
                    yield item.code, file


def _told_too_large(name: str | None) -> str:
    message = _(
        "Foto %(name)s terlalu besar: paling besar %(megabytes)s MB, %(pixels)s piksel setiap sisi, "
        "dan %(together)s juta piksel seluruhnya."
    )
    return message % {
        "name": name,
        "megabytes": MOST_BYTES // 1_000_000,
        "pixels": MOST_PIXELS,
        "together": MOST_TOGETHER // 1_000_000,
    }
