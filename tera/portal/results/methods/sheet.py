"""The methods sheet of a campaign: every field with what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tera.engine.explain import said
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.methods.facts import Facts
from tera.portal.results.methods.fields import Field, fields
from tera.portal.results.methods.makers import MAKERS
from tera.portal.results.methods.values import Value, value
from tera.portal.results.methods.written import written_of
from tera.portal.results.models import Certification, Written
from tera.portal.surveys.models import Campaign

FORMAT = "tera/methods/v1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a sheet and what stands in it."""

    field: Field
    value: Value


ALWAYS_SAID = ("precision",)
"""What the program always says something of, and takes long to find."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All fields of one campaign, in their order."""

    campaign: Campaign
    certification: Certification | None
    entries: tuple[Entry, ...]

    @property
    def parts(self) -> list[tuple[str, Mapping[str, str], list[Entry]]]:
        """The entries under the ids and titles of their parts."""
        return [
            (name, title, [entry for entry in self.entries if entry.field.part == name])
            for name, title in fields().parts.items()
        ]

    @property
    def empty(self) -> tuple[Field, ...]:
        """The fields in which nothing stands."""
        return tuple(entry.field for entry in self.entries if entry.value.is_empty)

    def as_data(self) -> dict[str, object]:
        """Return it as JSON holds it, in the language in force."""
        campaign, language = self.campaign, language_in_force()
        return {
            "format": FORMAT,
            "campaign": campaign.code,
            "unit": campaign.unit.slug,
            "period": campaign.period,
            "language": language,
            "is_invented": campaign.is_invented,
            "source": campaign.source,
            "certified_at": self.certification.certified_at.isoformat() if self.certification else None,
            "documents": dict(fields().documents),
            "fields": [
                {
                    "id": entry.field.id,
                    "title": said(entry.field.title, language),
                    "sources": list(entry.field.sources),
                    "by": "people" if entry.field.is_written else "program",
                    "rows": [{"name": row.name, "text": row.text} for row in entry.value.rows],
                    "data": dict(entry.value.data),
                }
                for entry in self.entries
            ],
        }


def sheet_of(campaign: Campaign) -> Sheet:
    """Return the sheet of a campaign as it stands."""
    facts, written = Facts(campaign), written_of(campaign)
    entries = tuple(Entry(field, _value(field, facts, written)) for field in fields().fields)
    return Sheet(campaign, facts.certification, entries)


def empty_fields(campaign: Campaign) -> Sequence[Field]:
    """Return the fields that must be filled before a campaign is certified."""
    facts, written = Facts(campaign), written_of(campaign)
    asked = (field for field in fields().fields if field.id not in ALWAYS_SAID)
    return [field for field in asked if _value(field, facts, written).is_empty]


def _value(field: Field, facts: Facts, written: Mapping[str, Written]) -> Value:
    if facts.is_imported and not field.is_known_elsewhere:
        return value(_("Tidak diketahui: jawaban dikumpulkan di tempat lain, sebelum diimpor ke Tera."))
    if not field.is_written:
        return MAKERS[field.id](facts)
    entry = written.get(field.id)
    if entry is not None and entry.text:
        when = {
            "unit": entry.written_for.name,
            "day": date_format(facts.campaign.form.local_day(entry.written_at), "j F Y"),
        }
        return value(
            entry.text, (_("Ditulis oleh"), _("%(unit)s, %(day)s") % when), written_for=entry.written_for.slug
        )
    if facts.certification is not None:
        return value(_("Tidak ditanyakan ketika hasil ini disahkan."))
    return value()
