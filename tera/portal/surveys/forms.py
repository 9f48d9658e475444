"""The form with which an operator opens a campaign."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.engine.catalogue import list_instruments, list_rulebooks
from tera.engine.instrument import CannotCombine, require_combinable
from tera.portal.accounts.queries import language_in_force
from tera.portal.surveys.models import Campaign, Plan
from tera.portal.surveys.periods import Period, around
from tera.portal.units.models import Unit

USUAL_INSTRUMENTS = ("skm-9", "spak-5-4")
POPULATION_MOST = 100_000_000


class OpenForm(forms.Form):
    """What an operator decides; dates and period are proposed."""

    period = forms.ChoiceField(label=_("Periode"))
    starts_on = forms.DateField(
        label=_("Hari pertama"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Kosongkan untuk mulai sekarang, atau pada hari pertama periode."),
    )
    ends_on = forms.DateField(
        label=_("Hari terakhir"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
    instruments = forms.MultipleChoiceField(label=_("Kuesioner"), widget=forms.CheckboxSelectMultiple)
    survey_rulebook = forms.ChoiceField(label=_("Aturan survei (mutu A–D)"))
    zone_rulebook = forms.ChoiceField(label=_("Aturan zona integritas (WBK/WBBM)"))

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        """Propose the half year that today lies in, and the usual questionnaires."""
        super().__init__(*args, **kwargs)
        self._unit, self._today, self._periods = unit, today, around(today)
        names = [(period.name, period.name) for period in self._periods]
        self.fields["period"].choices = names  # type: ignore[attr-defined]
        language = language_in_force()
        usual_first = sorted(list_instruments(), key=lambda entry: entry.id not in USUAL_INSTRUMENTS)
        self.fields["instruments"].choices = [  # type: ignore[attr-defined]
            (entry.id, entry.title[language]) for entry in usual_first
        ]
        graded = [(book.id, book.title) for book in list_rulebooks() if any(m.bands for m in book.measures)]
        judging = [(book.id, book.title) for book in list_rulebooks() if book.targets]
        self.fields["survey_rulebook"].choices = graded  # type: ignore[attr-defined]
        self.fields["zone_rulebook"].choices = judging  # type: ignore[attr-defined]
        if unit.parent is None:  # nobody is above it to issue tickets
            del self.fields["levels"]
        self.initial = {
            "period": self._periods[0].name,
            "instruments": list(USUAL_INSTRUMENTS),
            "survey_rulebook": "permenpanrb-14-2017",
            "zone_rulebook": "permenpanrb-10-2019",
            **self.initial,
        }

    def clean_instruments(self) -> list[str]:
        """Refuse two variants of the same questions."""
        chosen = list(self.cleaned_data["instruments"])
        try:
            require_combinable(entry for entry in list_instruments() if entry.id in chosen)
        except CannotCombine as error:
            raise forms.ValidationError(_("Pilih satu saja dari kuesioner yang sama.")) from error
        return chosen

    def clean(self) -> dict[str, Any]:
        """Refuse a window that cannot be, and a plan that cannot be counted with its period's others."""
        values = super().clean() or {}
        period = next((entry for entry in self._periods if entry.name == values.get("period")), None)
        if period is not None:
            values["starts_on"] = values.get("starts_on") or max(self._today, period.first)
            values["ends_on"] = values.get("ends_on") or period.last
            self._require_window(values["starts_on"], values["ends_on"], period)
        if not self.errors:
            self._require_fit(self.plan())
        return values

    def _require_window(self, first: date, last: date, period: Period) -> None:
        if last < self._today:
            self.add_error("ends_on", _("Hari terakhir sudah lewat."))
        elif last < first:
            self.add_error("ends_on", _("Hari terakhir tidak boleh sebelum hari pertama."))
        elif first < period.first or last > period.last:
            self.add_error("ends_on", _("Hari pertama dan terakhir harus di dalam periode."))

    def _require_fit(self, plan: Plan) -> None:
        """Refuse what cannot be counted together with the period's other campaigns, or is open already."""
        for earlier in Campaign.objects.filter(unit=self._unit, period=plan.period):
            window = (earlier.starts_on, earlier.ends_on)
            same = {"code": earlier.code}
            if window == (plan.starts_on, plan.ends_on) and earlier.instrument_ids == plan.instrument_ids:
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
        )
