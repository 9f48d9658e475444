"""Which other surveys a unit ran in the days of a proposal, so that choosing the best of several is seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from tera.portal.accounts.models import User
from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.models import Case
from tera.portal.surveys import gate, periods, wording
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import stages_of


@dataclass(frozen=True, slots=True)
class Other:
    """Another survey, how far it is, and whether somebody may see its result."""

    campaign: Campaign
    stage: Promise
    may_see: bool


def overlapping(case: Case) -> QuerySet[Campaign]:
    """Return the unit's surveys of other periods on days of the proposal's period, or of its surveys.

    Also those that were rejected: that a survey has no result does not say that nobody saw its answers.
    """
    own, period = surveys_of(case.unit, case.period), periods.named(case.period)
    spans = [(one.starts_on, one.ends_on) for one in own] + ([(period.first, period.last)] if period else [])
    others = Campaign.objects.filter(unit=case.unit, source="").exclude(period=case.period)
    if not spans:
        return others.none()
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return others.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on", "code")


def others_of(case: Case, user: User) -> Iterator[Other]:
    """Yield these surveys as somebody may see them."""
    found = list(overlapping(case).select_related("unit__parent"))
    stages = stages_of(found)
    for one in found:
        yield Other(one, wording.STAGES[stages[one.code]], gate.may(user, "see-results", one))
