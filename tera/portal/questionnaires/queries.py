"""The questionnaires as people look at them."""

from collections.abc import Sequence

from django.utils import timezone

from tera.engine.catalogue import list_instruments, list_languages, list_notices
from tera.engine.instrument import CannotCombine, Instrument, require_combinable
from tera.engine.language import Language
from tera.intake.publishing import FORM
from tera.intake.slots import Page
from tera.portal.surveys import respondents
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit, Zone


def chosen(ids: Sequence[str]) -> tuple[Instrument, ...]:
    """Return the instruments of these ids, in the order in which they are asked; unknown ids are passed over.

    Raises:
        CannotCombine: two of them ask or measure the same.
    """
    found = tuple(entry for entry in list_instruments() if entry.id in ids)
    require_combinable(found)
    return found


def can_be_asked_with(found: Sequence[Instrument]) -> set[str]:
    """Return the ids of the instruments that could be asked beside these."""
    fitting = set()
    for entry in list_instruments():
        try:
            require_combinable([*found, entry])
        except CannotCombine:
            continue
        fitting.add(entry.id)
    return fitting


def languages_of(found: Sequence[Instrument]) -> list[Language]:
    """Return the languages that have a wording of any question of these, Indonesian first."""
    spoken = {code for instrument in found for item in instrument.items for code in item.stem}
    return [language for language in list_languages() if language.id in spoken]


def preview(found: Sequence[Instrument], language: str, unit: str, period: str) -> str:
    """Return the page that respondents would see, of a survey that there is not."""
    today = timezone.localdate()
    survey = Campaign(
        code="contoh",
        unit=Unit(slug="contoh", name=unit, short_name=unit),
        period=period,
        zone=Zone.WIB,
        starts_on=today,
        ends_on=today,
        instrument_ids=[entry.id for entry in found],
        notice=list_notices()[0].id,
    )
    return Page.parse(respondents.render(survey, language, FORM)).fill({})
