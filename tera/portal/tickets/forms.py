"""The form with which a regional office issues tickets."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tera.portal.surveys.models import Campaign
from tera.portal.tickets.printing import MOST, Order


class IssueForm(forms.Form):
    """For which survey and service, how many, and on what."""

    campaign = forms.ChoiceField(label=_("Survei"))
    service = forms.ChoiceField(label=_("Layanan"), required=False)
    count = forms.IntegerField(
        label=_("Jumlah tiket"),
        min_value=1,
        help_text=format_lazy(
            _("Sekali cetak paling banyak {slips} lembar kecil atau {cards} kartu."), **MOST
        ),
    )
    paper = forms.ChoiceField(
        label=_("Dicetak sebagai"),
        choices=[
            ("slips", _("Lembar kecil, 24 pada satu kertas A4")),
            ("cards", _("Kartu, 8 pada satu kertas A4")),
        ],
    )

    def __init__(self, *args: Any, campaigns: Sequence[Campaign], **kwargs: Any) -> None:
        """Offer the campaigns that take tickets now, and their services."""
        super().__init__(*args, **kwargs)
        self._campaigns = {campaign.code: campaign for campaign in campaigns}
        services = {code: name for campaign in campaigns for code, name in campaign.services.items()}
        self.fields["campaign"].choices = [(one.code, _named(one)) for one in campaigns]  # type: ignore[attr-defined]
        self.fields["service"].choices = [("", _("Semua layanan")), *services.items()]  # type: ignore[attr-defined]
        self.initial = {"count": 24, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Refuse more than one printing holds, and a service that the campaign has not."""
        values = super().clean() or {}
        most = MOST.get(values.get("paper", ""), 0)
        if most and values.get("count", 0) > most:
            self.add_error("count", _("Paling banyak %(most)s sekali cetak.") % {"most": most})
        campaign = self._campaigns.get(values.get("campaign", ""))
        if campaign and values.get("service") and values["service"] not in campaign.services:
            self.add_error("service", _("Survei ini tidak menanyakan layanan itu."))
        return values

    def order(self) -> tuple[Campaign, Order]:
        """Return what was decided."""
        values = self.cleaned_data
        order = Order(values["count"], values["service"], values["paper"])
        return self._campaigns[values["campaign"]], order


def _named(campaign: Campaign) -> str:
    """Return what tells two surveys of one unit apart."""
    return f"{campaign.period}, {campaign.code}"
