"""Looks whether standings follow from the certified results; what is merely not counted yet is no fault."""

from collections.abc import Iterator

from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.models import Judged, Standing
from tera.portal.proposals.standings import queries
from tera.portal.proposals.standings.judging import standing_now
from tera.portal.units.models import Unit


def faults() -> Iterator[str]:
    """Yield where a standing is not what its results say, in words for whoever runs the installation."""
    waits = set(queries.due().values_list("campaign__unit", "campaign__period"))
    waits |= set(queries.reopened().values_list("unit", "period"))
    kept = {(one.unit_id, one.period): one for one in Standing.objects.select_related("unit", "office")}
    counted = set(Judged.objects.values_list("campaign__unit", "campaign__period"))
    units = Unit.objects.in_bulk({unit for unit, _ in kept.keys() | counted})
    for unit, period in sorted((kept.keys() | counted) - waits):
        yield from _faults_of(units[unit], period, kept.get((unit, period)))


def _faults_of(unit: Unit, period: str, kept: Standing | None) -> Iterator[str]:
    found = standing_now(list(surveys_of(unit, period)))
    named = f"the standing of {unit.slug} in {period}"
    if found is None:
        if kept is not None:
            yield f"{named} rests upon no certified result"
    elif kept is None:
        yield f"{named} is gone, and its results are certified"
    elif wrong := [name for name, value in found.items() if getattr(kept, name) != value]:
        yield f"{named} does not follow from its results: {', '.join(wrong)}"
