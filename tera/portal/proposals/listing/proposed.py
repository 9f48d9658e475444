"""Which proposals the units of a list have, for whichever title, in a few questions to the database."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from tera.engine.proposal import Stage
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.listing.wording import IN_CONFLICT, TITLES
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import conflicts_among


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal: its key, for which title, how far it is, and whether results changed under it."""

    pk: int
    title: str
    stage: Stage
    is_in_conflict: bool

    @property
    def name(self) -> str:
        """What its title is called."""
        return TITLES.get(self.title, self.title.upper())

    @property
    def says(self) -> Promise:
        """How far it is, or that its results changed: that comes first until somebody decides again."""
        return IN_CONFLICT if self.is_in_conflict else STAGES[self.stage]

    @property
    def look(self) -> str:
        """The class of its chip."""
        return "no" if self.is_in_conflict else chip_of(self.stage)


def proposed_in(period: str, title: str, units: Collection[int]) -> dict[int, list[Proposed]]:
    """Return the last proposal of units for each title in a period; the one for this title stands first."""
    found = Case.objects.filter(period=period, unit__in=units).order_by("number")
    last = {(case.unit_id, case.target_id): case for case in found}
    cases = list(last.values())
    moved = conflicts_among(cases)
    shown: dict[int, list[Proposed]] = {}
    for case in sorted(cases, key=lambda case: (case.target_id != title, case.target_id)):
        one = Proposed(case.pk, case.target_id, case.stage, case.pk in moved)
        shown.setdefault(case.unit_id, []).append(one)
    return shown
