"""What somebody asks of a list, read from the address."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tera.portal.proposals.listing.choosing import Asked
from tera.portal.proposals.listing.wording import STATES, TITLES, WORDS
from tera.portal.units.models import UnitKind

Choices = Iterable[tuple[str, Any]]
FILTERS = ("keadaan", "jenis", "wilayah", "cari")
FILLED = ("periode", "predikat", *FILTERS)
BOTH_WAYS = ("nama", "responden", "layanan", "korupsi", "kurang", "keadaan")


class ListForm(forms.Form):
    """Period, title, state, kind, region, words and order; an empty field asks for everything."""

    periode = forms.ChoiceField(label=_("Periode"), required=False)
    predikat = forms.ChoiceField(label=_("Predikat"), required=False, choices=TITLES.items())
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False)
    jenis = forms.ChoiceField(label=_("Jenis unit"), required=False)
    wilayah = forms.ChoiceField(label=_("Kantor di atas unit"), required=False)
    cari = forms.CharField(label=_("Cari nama unit"), required=False, max_length=100)
    urut = forms.ChoiceField(
        required=False, choices=[(f"{way}{name}", "") for name in BOTH_WAYS for way in ("", "-")]
    )
    rapat = forms.ChoiceField(required=False, choices=[("1", "")])

    def __init__(
        self, query: Mapping[str, Any], *, periods: Sequence[str], kinds: Iterable[str], offices: Choices
    ) -> None:
        """Offer what there is in the list."""
        super().__init__(query)
        known = {kind.value: kind.label for kind in UnitKind}
        every = ("", _("Semua"))
        self._offer("periode", [(name, name) for name in periods])
        self._offer("keadaan", [every, *((word, STATES[state]) for word, state in WORDS.items())])
        self._offer(
            "jenis", [every, *sorted(((kind, known[kind]) for kind in kinds), key=lambda one: one[1])]
        )
        offered = [every, *offices]
        self._offer("wilayah", offered)
        self._has_offices = len(offered) > 2
        self.is_valid()
        self._known = self.cleaned_data

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def is_meeting(self) -> bool:
        """Say whether it is shown to a room."""
        return bool(self._known.get("rapat"))

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that somebody fills in; with one office there is none to choose."""
        return [self[name] for name in FILLED if name != "wilayah" or self._has_offices]

    @property
    def is_filtered(self) -> bool:
        """Say whether less than everything is asked for."""
        return any(self.data.get(name) for name in FILTERS)

    def asked(self, period: str, title: str, offices: Mapping[str, int]) -> Asked:
        """Return what is asked for; what is not allowed counts as not asked, and the form says so."""
        known = self._known
        return Asked(
            period=period,
            title=title,
            state=WORDS.get(known.get("keadaan", "")),
            kind=known.get("jenis", ""),
            office=offices.get(known.get("wilayah", "")),
            words=known.get("cari", ""),
            order=known.get("urut") or "keadaan",
        )
