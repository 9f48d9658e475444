"""The form with which an operator opens a campaign."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tera.engine.catalogue import list_instruments
from tera.portal.surveys.asking import AskingForm
from tera.portal.surveys.models import Campaign, Plan
from tera.portal.surveys.periods import Period, around
from tera.portal.surveys.planning import Asked
from tera.portal.units.days import Day
from tera.portal.units.models import Unit
from tera.portal.units.queries import holds

POPULATION_MOST = 100_000_000
MOST_LONGER = timedelta(days=92)  # a quarter of a year: what lies further belongs to another survey


class OpenForm(AskingForm):
    """What an operator decides; dates and period are proposed."""

    usual = ("skm-9", "spak-5-4")
    field_order = ("period", "starts_on", "ends_on", "population", "levels")
    period = forms.ChoiceField(label=_("Periode"))
    starts_on = forms.DateField(
        label=_("Hari pertama"),
        required=False,
        widget=Day,
        help_text=_("Kosongkan untuk mulai sekarang, atau pada hari pertama periode."),
    )
    ends_on = forms.DateField(
        label=_("Hari terakhir"),
        required=False,
        widget=Day,
        help_text=_("Kosongkan untuk akhir periode."),
    )
    population = forms.IntegerField(
        label=_("Jumlah orang yang dilayani dalam periode ini"),
        help_text=_("Perkiraan boleh. Dari sini dihitung sasaran responden."),
        min_value=1,
        max_value=POPULATION_MOST,
    )
    levels = forms.ChoiceField(
        label=_("Siapa yang dapat menjawab"),
        required=False,  # without a word it is anybody
        choices=[
            ("0", _("Siapa saja")),
            ("0,1", _("Siapa saja dan pemegang tiket")),
            ("1", _("Hanya pemegang tiket")),
        ],
        help_text=_("Tiket diterbitkan kantor wilayah dan dibagikan kepada orang yang baru dilayani."),
    )
    repeats = forms.BooleanField(
        label=_("Buka lagi dengan sendirinya untuk setiap periode berikutnya"),
        required=False,
        help_text=_("Dua minggu sebelum periode mulai, sampai jadwalnya diakhiri."),
    )

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        today: date,
        last: Campaign | None = None,
        is_for_all_below: bool = False,
        **kwargs: Any,
    ) -> None:
        """Propose the half year that today lies in, and what the last survey asked.

        For all units below an office, each has services of its own; who has a survey already is passed over.
        """
        super().__init__(*args, **kwargs)
        self._is_for_all_below = is_for_all_below
        self._unit, self._today, self._periods = unit, today, around(today)
        self._services = dict(unit.services.filter(holds(today)).order_by("name").values_list("code", "name"))
        self.offer("period", [(period.name, period.name) for period in self._periods])
        if unit.parent is None and not is_for_all_below:  # nobody is above it to issue tickets
            del self.fields["levels"]
        self._ask_by_service()
        self.initial = {
            **self.initial,
            "period": self._periods[0].name,
            **(_as_before(last) if last else {}),
            **kwargs.get("initial", {}),
        }

    def _ask_by_service(self) -> None:
        """Ask how many of the people each service served, where there is more than one."""
        if len(self._services) < 2 or self._is_for_all_below:
            self._services = {}
        for code, name in self._services.items():
            self.fields[f"served_{code}"] = forms.IntegerField(
                label=name, required=False, min_value=0, max_value=POPULATION_MOST
            )

    @property
    def by_service(self) -> list[forms.BoundField]:
        """The fields that ask for each service."""
        return [self[f"served_{code}"] for code in self._services]

    def clean(self) -> dict[str, Any]:
        """Refuse a window that cannot be, and a plan that cannot be counted with its period's others."""
        values = super().clean() or {}
        period = next((entry for entry in self._periods if entry.name == values.get("period")), None)
        if period is not None:
            values["starts_on"] = values.get("starts_on") or max(self._today, period.first)
            values["ends_on"] = values.get("ends_on") or period.last
            self._require_window(values["starts_on"], values["ends_on"], period)
        self._require_sum(values)
        if not self.errors and not self._is_for_all_below:
            self._require_fit(self.plan())
        return values

    def _require_sum(self, values: dict[str, Any]) -> None:
        """Refuse numbers by service that do not add up to the whole."""
        given = [values.get(f"served_{code}") for code in self._services]
        total = sum(filter(None, given))
        if any(people is not None for people in given) and total != values.get("population"):
            message = _("Jumlah per layanan %(total)s; harus sama dengan jumlah seluruhnya.")
            self.add_error("population", message % {"total": total})

    def _require_window(self, first: date, last: date, period: Period) -> None:
        if first < self._today:
            self.add_error("starts_on", _("Hari pertama sudah lewat."))
        if last < self._today:
            self.add_error("ends_on", _("Hari terakhir sudah lewat."))
        elif last < first:
            self.add_error("ends_on", _("Hari terakhir tidak boleh sebelum hari pertama."))
        elif first < period.first or last > period.last:
            self.add_error("ends_on", _("Hari pertama dan terakhir harus di dalam periode."))

    def _require_fit(self, plan: Plan) -> None:
        """Refuse what cannot be counted together with the period's other campaigns, or is open already."""
        for earlier in Campaign.objects.filter(unit=self._unit, period=plan.period):
            same = {"code": earlier.code}
            if earlier.is_like(plan):
                self.add_error("period", _("Survei yang sama sudah dibuka: %(code)s.") % same)
            if earlier.survey_rulebook_id != plan.survey_rulebook_id:
                self.add_error(
                    "survey_rulebook", _("Survei %(code)s pada periode ini memakai aturan lain.") % same
                )
            if earlier.zone_rulebook_id != plan.zone_rulebook_id:
                self.add_error(
                    "zone_rulebook", _("Survei %(code)s pada periode ini memakai aturan lain.") % same
                )
            if not earlier.asks_alike(plan):
                message = _(
                    "Survei %(code)s pada periode ini menanyakan hal yang sama dengan kuesioner lain."
                )
                self.add_error("instruments", message % same)

    def plan(self) -> Plan:
        """Return what was decided."""
        values = self.cleaned_data
        return Plan(
            period=values["period"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            population=values["population"],
            instrument_ids=[entry.id for entry in list_instruments() if entry.id in values["instruments"]],
            survey_rulebook_id=values["survey_rulebook"],
            zone_rulebook_id=values["zone_rulebook"],
            levels=[int(level) for level in (values.get("levels") or "0").split(",")],
            served={code: values[f"served_{code}"] or 0 for code in self._services if _is_asked(values)},
        )

    def repeats_after(self) -> Period | None:
        """Return the period after which the survey is opened again and again; None where it is not."""
        if not self.cleaned_data["repeats"]:
            return None
        return next(entry for entry in self._periods if entry.name == self.cleaned_data["period"])


class ExtendForm(forms.Form):
    """Until when a survey goes on, and why."""

    until = forms.DateField(
        label=_("Hari terakhir yang baru"),
        widget=Day,
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Ditulis di buku besar dan pada hasil, untuk semua orang. Jangan menulis nama siapa pun."
        ),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        """Take the survey that is extended."""
        super().__init__(*args, **kwargs)
        self._campaign = campaign

    def clean_until(self) -> date:
        """Refuse a day that makes the survey no longer, or leads far away from its period."""
        until: date = self.cleaned_data["until"]
        first, last = self._campaign.ends_on + timedelta(days=1), self._campaign.ends_on + MOST_LONGER
        if not first <= until <= last:
            days = {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}
            raise forms.ValidationError(_("Antara %(first)s dan %(last)s.") % days)
        return until


class ListForm(forms.Form):
    """Which surveys are listed, and in which order; what cannot be is as if it were not asked."""

    q = forms.CharField(label=_("Cari unit, periode atau kode"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua")),
            ("buka", _("sedang dibuka")),
            ("nanti", _("belum dibuka")),
            ("tutup", _("ditutup")),
            ("impor", _("jawaban diimpor")),
        ],
    )
    urut = forms.ChoiceField(
        label=_("Urutan"),
        required=False,
        choices=[
            ("", _("Terbaru dahulu")),
            ("unit", _("Menurut nama unit")),
            ("akhir", _("Yang segera ditutup dahulu")),
        ],
    )
    hal = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def asked(self) -> Asked:
        """Return what was asked for."""
        self.is_valid()
        values = self.cleaned_data
        return Asked(
            words=values.get("q", ""),
            status=values.get("status", ""),
            order=values.get("urut", ""),
            page=values.get("hal") or 1,
        )


def year_asked(text: str, today: date) -> int:
    """Return the year that somebody asked for, this one where it is none."""
    is_year = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if is_year and int(text) >= 1900 else today.year


def _is_asked(values: Mapping[str, Any]) -> bool:
    return any(key.startswith("served_") and value is not None for key, value in values.items())


def _as_before(last: Campaign) -> dict[str, Any]:
    """Return what the last survey of a unit asked and whom it served."""
    return {
        "population": last.population,
        "instruments": last.instrument_ids,
        "survey_rulebook": last.survey_rulebook_id,
        "zone_rulebook": last.zone_rulebook_id,
        "levels": ",".join(map(str, last.levels)),
    }
