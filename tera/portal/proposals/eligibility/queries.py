"""What the page of a unit reads: its periods with surveys, how these surveys are, and earlier states."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from tera.engine.nearness import Nearness
from tera.engine.workflow import Stage
from tera.portal.accounts.models import User
from tera.portal.proposals.gate import SEE
from tera.portal.proposals.listing.wording import LOOKS, SIGNS, STATES
from tera.portal.proposals.models import Standing
from tera.portal.surveys import gate
from tera.portal.surveys import wording as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import stages_of
from tera.portal.units.models import Unit

PERIODS_BACK = 12


@dataclass(frozen=True, slots=True)
class State:
    """How near a unit was to a title, as a chip."""

    chip: str
    sign: str
    says: Promise


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a unit stood in a period."""

    period: str
    n: int
    states: tuple[State, State]


def first_surveys(unit: Unit) -> dict[str, Campaign]:
    """Return the first survey of each period in which a unit was surveyed here, the latest period first.

    Also of a period of which a meeting rejected every survey: its page says so.
    """
    found = Campaign.objects.filter(unit=unit, source="").select_related("unit__parent")
    first: dict[str, Campaign] = {}
    for campaign in found.order_by("starts_on", "code"):
        first.setdefault(campaign.period, campaign)
    return dict(reversed(first.items()))


def rejected_surveys(unit: Unit, period: str) -> QuerySet[Campaign]:
    """Return the surveys of a unit and period that a meeting rejected, the first one first."""
    found = Campaign.objects.filter(unit=unit, period=period, source="", steps__stage=Stage.REJECTED)
    return found.select_related("unit__parent").distinct().order_by("starts_on", "code")


def seen_by(user: User, unit: Unit, first: dict[str, Campaign]) -> list[str]:
    """Return the periods that somebody may see; who oversees the unit today sees all of them."""
    if user.may(SEE, unit):
        return list(first)
    return [period for period, campaign in first.items() if gate.may(user, SEE, campaign)]


def period_to_show(unit: Unit, seen: Sequence[str]) -> str:
    """Return the latest of these periods with a certified result, or the latest where there is none."""
    surveyed = Campaign.objects.filter(unit=unit, source="", certification__isnull=False)
    certified = set(surveyed.values_list("period", flat=True))
    return next((period for period in seen if period in certified), seen[0])


def waiting_surveys(user: User, campaigns: Collection[Campaign]) -> list[tuple[Campaign, Promise, bool]]:
    """Return the surveys that are not certified, at which stage they are, and whether one may see more."""
    open_ones = [one for one in campaigns if not hasattr(one, "certification")]
    stages = stages_of(open_ones)
    return [(one, surveys.STAGES[stages[one.code]], gate.may(user, "see-results", one)) for one in open_ones]


def state_of(nearness: Nearness) -> State:
    """Return a state as a chip."""
    return State(LOOKS[nearness], SIGNS[nearness], STATES[nearness])


def history_of(unit: Unit, periods: Collection[str]) -> list[Earlier]:
    """Return how a unit stood in the latest of these periods, the latest first."""
    found = Standing.objects.filter(unit=unit, period__in=periods).order_by("-first")[:PERIODS_BACK]
    return [
        Earlier(one.period, one.n, (state_of(Nearness(one.wbk)), state_of(Nearness(one.wbbm))))
        for one in found
    ]
