"""Reads of what screening found: whose it is to see, and of which campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import is_said
from tera.portal.results.models import Certification
from tera.portal.review.models import Heaping, Screening, Status
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tera.portal.units.queries import ids_below

PERMISSION = "see-signals"
OPEN, WAITS = "open", "waits"  # before it is closed; before the worker has screened and judged it
_FIRST = (Status.REVIEW, Status.QUIET, Status.UNSCREENED, WAITS, OPEN)


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign with what became of it: a status of its screening, or WAITS, or OPEN."""

    campaign: Campaign
    screening: Screening | None
    state: str

    @property
    def q(self) -> float | None:
        """Which share of those as rare would be honest; None where it was not screened."""
        return self.screening.q if self.screening else None


def waiting_for_screening() -> QuerySet[Campaign]:
    """Return the campaigns that are closed in the ledger and not screened yet, imported ones among them."""
    said = Statement.objects.filter(name=Concat(Value("closed/"), OuterRef("code")))
    return Campaign.objects.filter(Exists(said), screening=None).order_by("starts_on", "pk")


def waits_for_screening() -> bool:
    """Say whether a campaign waits to be screened, or one that was screened to be judged."""
    return waiting_for_screening().exists() or Screening.objects.filter(judged_at=None).exists()


def certified_here() -> QuerySet[Certification]:
    """Return the certified results that were answered here: imported ones are not looked at for heaps."""
    return Certification.objects.filter(campaign__source="")


def are_heaps_due(at: datetime) -> bool:
    """Say whether results were certified since the thresholds were looked at, which is once a day at most."""
    newest = certified_here().order_by("-pk").values_list("pk", flat=True).first()
    last = Heaping.objects.order_by("-made_at").first()
    if newest is None or last is None:
        return newest is not None
    is_today = timezone.localdate(last.made_at) == timezone.localdate(at)
    return not is_today and last.newest != newest


def screening_of(campaign: Campaign) -> tuple[Screening | None, str]:
    """Return the screening of a campaign, where it is judged, and what became of the campaign."""
    found = Screening.objects.filter(campaign=campaign).exclude(judged_at=None).first()
    if found is not None:
        return found, found.status
    return None, WAITS if is_said(f"closed/{campaign.code}") else OPEN


def list_periods(office: Unit) -> list[str]:
    """Return the periods for which units below an office were surveyed, latest first."""
    below = ids_below([office.pk], timezone.localdate())
    found = Campaign.objects.filter(unit__in=below).values("period").annotate(last=Max("starts_on"))
    return [str(entry["period"]) for entry in found.order_by("-last", "period")]


def rows_below(office: Unit, period: str, user: User) -> list[Row]:
    """Return the campaigns of a period below an office, those that need review first.

    The tree is that of each campaign's first day. What somebody may not see is left out: the surveys of a
    unit that they ran themselves.
    """
    found = _may_see(user, _campaigns(office, period))
    screenings = {entry.campaign_id: entry for entry in Screening.objects.filter(campaign__in=found)}
    names = [f"closed/{campaign.code}" for campaign in found]
    closed = set(Statement.objects.filter(name__in=names).values_list("name", flat=True))
    rows = []
    for campaign in found:
        kept = screenings.get(campaign.pk)
        if kept is not None and kept.judged_at is not None:
            rows.append(Row(campaign, kept, kept.status))
        else:
            rows.append(Row(campaign, None, WAITS if f"closed/{campaign.code}" in closed else OPEN))
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[int, float, str]:
    return _FIRST.index(row.state), 1.0 if row.q is None else row.q, row.campaign.unit.name


def _campaigns(office: Unit, period: str) -> list[Campaign]:
    mine = Campaign.objects.filter(period=period)
    found: list[Campaign] = []
    days: list[date] = list(mine.order_by("starts_on").values_list("starts_on", flat=True).distinct())
    for day in days:
        below = ids_below([office.pk], day)
        found += mine.filter(starts_on=day, unit__in=below).select_related("unit").order_by("code")
    return found


def _may_see(user: User, campaigns: Sequence[Campaign]) -> list[Campaign]:
    """Leave out what somebody may not see; who never ran a survey may see all that is below the office."""
    if not user.assignments.filter(role__in=rules().running).exists():
        return list(campaigns)
    return [campaign for campaign in campaigns if gate.may(user, PERMISSION, campaign)]
