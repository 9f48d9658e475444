"""Which surveys there are, were and will be: the list and the calendar of a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from tera.portal.accounts.models import User
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import AnswerCount, count_answers, stood_below
from tera.portal.units.models import Unit
from tera.portal.units.queries import ids_below

ON_A_PAGE = 50
ORDERS = {
    "": ("-starts_on", "unit__name"),
    "unit": ("unit__name", "-starts_on"),
    "akhir": ("ends_on", "code"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which surveys are wanted: by words, by how far they are, in which order, and which page of them."""

    words: str = ""
    status: str = ""
    order: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A survey in a list: how far it is, and how many have answered."""

    campaign: Campaign
    count: AnswerCount
    is_open: bool
    is_before: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A survey in the calendar of a year: from which of its twelve months to which, both counted from 1."""

    row: Row
    first: int
    last: int

    @property
    def width(self) -> int:
        """How many months it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list, and its rows."""

    page: "Page[Campaign]"
    rows: Sequence[Row]


def page_of(user: User, asked: Asked, at: datetime) -> Listed:
    """Return a page of the surveys that somebody may see."""
    found = _with_status(_visible_to(user), asked.status, at).select_related("unit")
    for word in asked.words.split():
        is_named = Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        found = found.filter(is_named | Q(period__icontains=word) | Q(code__iexact=word))
    ordered = found.order_by(*ORDERS.get(asked.order, ORDERS[""]), "pk")
    page = Paginator(ordered, ON_A_PAGE).get_page(asked.page)
    return Listed(page, _rows(list(page.object_list), at))


def rows_of(office: Unit, year: int, at: datetime) -> list[tuple[Unit, list[Bar]]]:
    """Return the surveys of a year of an office and of the units that lay below it then, by unit."""
    offices = {office.pk, *ids_below([office.pk], timezone.localdate(at))}
    of_below = Campaign.objects.filter(stood_below(*offices)).values("pk")
    found = Campaign.objects.filter(Q(unit=office) | Q(pk__in=of_below), source="")
    found = found.filter(starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1))
    bars: dict[Unit, list[Bar]] = {}
    for row in _rows(list(found.select_related("unit").order_by("unit__name", "starts_on")), at):
        first = row.campaign.starts_on.month if row.campaign.starts_on.year == year else 1
        last = row.campaign.ends_on.month if row.campaign.ends_on.year == year else 12
        bars.setdefault(row.campaign.unit, []).append(Bar(row, first, last))
    return list(bars.items())


def _visible_to(user: User) -> QuerySet[Campaign]:
    """Return the campaigns of units that somebody oversees now, or oversaw when they began."""
    units = user.units_with("see-surveys").values_list("pk", flat=True)
    of_below = Campaign.objects.filter(stood_below(*units)).values("pk")
    return Campaign.objects.filter(Q(unit__in=units) | Q(pk__in=of_below))


def _with_status(found: QuerySet[Campaign], status: str, at: datetime) -> QuerySet[Campaign]:
    today = timezone.localdate(at)
    here = found.filter(source="")
    return {
        "buka": here.filter(starts_on__lte=today, ends_on__gte=today),
        "nanti": here.filter(starts_on__gt=today),
        "tutup": here.filter(ends_on__lt=today),
        "impor": found.exclude(source=""),
    }.get(status, found)


def _rows(campaigns: Sequence[Campaign], at: datetime) -> list[Row]:
    counts = count_answers(campaigns)
    return [
        Row(campaign, counts[campaign.code], campaign.is_open(at), campaign.form.is_before(at))
        for campaign in campaigns
    ]
