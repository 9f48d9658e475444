"""The first step: which period and questions, where the answers come from, and their file."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tera.engine.catalogue import get_instrument
from tera.portal.imports.queries import earlier
from tera.portal.imports.table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Table, TooMuch, load
from tera.portal.imports.uploads import has_room
from tera.portal.surveys.asking import AskingForm
from tera.portal.surveys.forms import POPULATION_MOST
from tera.portal.surveys.models import Plan
from tera.portal.surveys.periods import MONTHS, ROMAN, Period, named
from tera.portal.units.models import Unit
from tera.portal.units.queries import version_of
from tera.recount.table import BadFile

FIRST_YEAR = 2004  # of the first rulebook that a public service was surveyed by
PARTS = [
    (_("Setengah tahun"), [f"Semester {number}" for number in ROMAN[:2]]),
    (_("Tiga bulan"), [f"Triwulan {number}" for number in ROMAN]),
    (_("Sebulan"), list(MONTHS)),
    (_("Setahun"), ["Tahun"]),
]


class StartForm(AskingForm):
    """What is known of the answers before their file is looked into."""

    usual = ("skm-9",)
    field_order = ("part", "year", "population", "source", "instruments", "survey_rulebook", "zone_rulebook")
    part = forms.ChoiceField(label=_("Periode"))
    year = forms.ChoiceField(label=_("Tahun"))
    population = forms.IntegerField(
        label=_("Jumlah orang yang dilayani dalam periode itu"),
        help_text=_("Kosongkan bila tidak diketahui."),
        required=False,
        min_value=1,
        max_value=POPULATION_MOST,
    )
    source = forms.CharField(
        label=_("Dari mana jawaban ini?"),
        max_length=300,
        min_length=10,
        help_text=_(
            "Satu kalimat, misalnya: Kuesioner kertas Kanim Sambas, direkap di Excel oleh Seksi Tikim,"
            " Juli 2024. Tercetak di setiap halaman hasil dan di buku besar, dan tidak dapat diubah."
        ),
    )
    file = forms.FileField(
        label=_("Berkas jawaban"),
        help_text=format_lazy(
            _(
                "CSV atau XLSX: satu responden per baris, nama kolom di baris pertama. Paling banyak {rows}"
                " baris dan {megabytes} MB."
            ),
            rows=f"{MOST_ROWS:,}".replace(",", "."),
            megabytes=MOST_BYTES // 1_000_000,
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas ini kosong.")},
    )

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        """Propose the questionnaire and the rules that most old surveys had; no period."""
        super().__init__(*args, **kwargs)
        self._unit, self._today = unit, today
        years = [str(year) for year in range(today.year, FIRST_YEAR - 1, -1)]
        parts = [(group, [(name, name) for name in names]) for group, names in PARTS]
        self.offer("part", [("", _("Pilih")), *parts])
        self.offer("year", [("", _("Pilih")), *((year, year) for year in years)])

    def clean_source(self) -> str:
        """Return the sentence in one line."""
        return " ".join(self.cleaned_data["source"].split())

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before it is looked into."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("Berkas ini terlalu besar."))
        if not has_room(file.size or 0):
            raise forms.ValidationError(_("Disk server hampir penuh. Hubungi pengelola Tera."))
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is not over, a source that was imported before, a file that is no table."""
        values = super().clean() or {}
        period = named(f"{values.get('part')} {values.get('year')}")
        if period is not None and period.last >= self._today:
            self.add_error(
                "part", _("Periode ini belum selesai. Jawaban lama hanya dari periode yang sudah lewat.")
            )
        elif period is not None and version_of(self._unit, period.first) is None:
            self.add_error("part", _("Unit ini belum ada pada awal periode itu."))
        elif period is not None and not self.errors:
            values["plan"] = self._plan(values, period)
            if found := earlier(self._unit, values["plan"]):
                message = _(
                    "Jawaban dari sumber ini sudah dimasukkan untuk periode itu (%(code)s). Bila ini berkas"
                    " lain, tulis apa yang membedakannya."
                )
                self.add_error("source", message % {"code": found.code})
            values["table"] = self._table(values["file"], values["instruments"])
        return values

    def _plan(self, values: dict[str, Any], period: Period) -> Plan:
        return Plan(
            period=period.name,
            starts_on=period.first,
            ends_on=period.last,
            population=values["population"] or 0,
            instrument_ids=values["instruments"],
            survey_rulebook_id=values["survey_rulebook"],
            zone_rulebook_id=values["zone_rulebook"],
            source=values["source"],
        )

    def _table(self, file: "UploadedFile[bytes]", instruments: list[str]) -> Table | None:
        items = [item for name in instruments for item in get_instrument(name).items]
        with tempfile.NamedTemporaryFile() as copy:  # which nobody else can read
            for part in file.chunks():
                copy.write(part)
            copy.flush()
            try:
                return load(Path(copy.name), items)
            except TooMuch:
                most = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
                self.add_error("file", _("Lebih dari %(rows)s baris atau %(columns)s kolom.") % most)
            except BadFile as error:
                message = _(
                    "Berkas ini tidak terbaca sebagai tabel. Simpan sebagai XLSX tanpa kata sandi atau CSV"
                    " UTF-8, dengan nama kolom di baris pertama dan jawaban di bawahnya. (%(reason)s)"
                )
                reason = str(error).replace(copy.name, Path(str(file.name)).name)
                self.add_error("file", message % {"reason": reason})
        return None
