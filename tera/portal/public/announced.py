"""Announced proposals in a line: what was decided last, and whether that may change or must."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.proposal import PUBLIC, Stage
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import conflicts_among
from tera.portal.surveys.models import Campaign

AGAIN = _("dinilai lagi")
IN_CONFLICT = _("hasilnya dikoreksi; belum diputuskan lagi")
UNSETTLED = "wait"
"""The class of the chip of a decision whose results were corrected since: neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Line:
    """A published decision in a list; `remark` where it is examined anew or its results were corrected."""

    case: Case
    stage: Promise
    chip: str
    remark: Promise | str


def published_cases() -> QuerySet[Case]:
    """Return the proposals of which a decision is published, whatever became of them, the newest first."""
    found = Case.objects.filter(announcement__isnull=False)
    return found.select_related("unit", "announcement").order_by("-announcement__at", "-pk")


def listed(cases: Sequence[Case]) -> list[Line]:
    """Return proposals with their last decision in words, in few questions for many cases."""
    steps = Step.objects.filter(case__in=cases, stage__in=PUBLIC).order_by("number")
    decided = dict(steps.values_list("case", "stage"))
    moved = conflicts_among(cases)
    return [_line(case, Stage(decided[case.pk]), is_moved=case.pk in moved) for case in cases]


def _line(case: Case, decided: Stage, *, is_moved: bool) -> Line:
    if case.stage not in PUBLIC:
        return Line(case, STAGES[decided], chip_of(decided), AGAIN)
    return Line(case, STAGES[decided], chip_told(decided, is_moved=is_moved), IN_CONFLICT if is_moved else "")


def chip_told(decided: Stage, *, is_moved: bool) -> str:
    """Return the class of the chip of a decision, whose results were corrected since or not."""
    return UNSETTLED if is_moved else chip_of(decided)


def upon(campaign: Campaign) -> list[Line]:
    """Return the published decisions that concern the unit and period of a survey."""
    found = published_cases().filter(unit=campaign.unit, period=campaign.period)
    return [] if campaign.source else listed(list(found))
