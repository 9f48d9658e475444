"""How many tickets were issued, redeemed and have expired: by unit, service and week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from tera.intake.tickets import count_redeemed
from tera.intake.wallet import week_of
from tera.portal.surveys.models import Campaign
from tera.portal.tickets.models import Batch
from tera.portal.units.models import Unit

GRACE_DAYS = timedelta(hours=settings.GRACE_HOURS) // timedelta(days=1)  # in which late answers still come


@dataclass(slots=True)
class Tickets:
    """Tickets of one unit and service: what happened to them in a week, or at all."""

    issued: int = 0
    redeemed: int = 0
    expired: int = 0

    @property
    def valid(self) -> int:
        """How many can still be redeemed."""
        return self.issued - self.redeemed - self.expired

    def add(self, other: "Tickets") -> None:
        """Count those of another week too."""
        self.issued += other.issued
        self.redeemed += other.redeemed
        self.expired += other.expired


@dataclass(frozen=True, slots=True)
class Account:
    """The tickets of one unit and service, in all and by week: its Monday and Sunday, the newest first."""

    unit: Unit
    service: str
    total: Tickets
    weeks: Sequence[tuple[date, date, Tickets]]


def accounts_of(units: Iterable[Unit], at: datetime) -> list[Account]:
    """Return the account of every unit and service for which tickets were issued."""
    batches = list(
        Batch.objects.filter(unit__in=units).select_related("unit").order_by("unit__name", "service", "pk")
    )
    redeemed: dict[str, dict[str, int]] = defaultdict(dict)
    for (name, week), count in count_redeemed(settings.INTAKE, [str(batch) for batch in batches]).items():
        redeemed[name][week] = count
    names = _service_names(batches)
    weeks: dict[tuple[int, str], dict[str, Tickets]] = defaultdict(lambda: defaultdict(Tickets))
    for batch in batches:
        _enter(weeks[batch.unit_id, batch.service], batch, redeemed[str(batch)], at)
    by_id = {batch.unit_id: batch.unit for batch in batches}
    return [
        Account(
            unit=by_id[unit],
            service=names.get((unit, service), service),
            total=_sum(found),
            weeks=[(*_days_of(week), found[week]) for week in sorted(found, reverse=True)],
        )
        for (unit, service), found in weeks.items()
    ]


def _enter(weeks: dict[str, Tickets], batch: Batch, redeemed: Mapping[str, int], at: datetime) -> None:
    weeks[week_of(batch.issued_on)].issued += batch.count
    for week, count in redeemed.items():
        weeks[week].redeemed += count
    over = batch.expires_on + timedelta(days=1 + GRACE_DAYS)
    if over <= _today(batch.unit, at):
        weeks[week_of(batch.expires_on)].expired += batch.count - sum(redeemed.values())


def _today(unit: Unit, at: datetime) -> date:
    return at.astimezone(ZoneInfo(unit.zone)).date()


def _days_of(week: str) -> tuple[date, date]:
    """Return Monday and Sunday of a week such as 2026-W48."""
    monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
    return monday, monday + timedelta(days=6)


def _sum(weeks: Mapping[str, Tickets]) -> Tickets:
    total = Tickets()
    for found in weeks.values():
        total.add(found)
    return total


def _service_names(batches: Iterable[Batch]) -> dict[tuple[int, str], str]:
    units = {batch.unit for batch in batches}
    return {(unit.pk, service.code): service.name for unit in units for service in unit.services.all()}


def list_open(unit: Unit, at: datetime) -> list[Campaign]:
    """Return the campaigns of a unit that can be answered with tickets now."""
    found = Campaign.objects.filter(unit=unit, source="").select_related("unit").order_by("ends_on", "code")
    return [campaign for campaign in found if campaign.takes_tickets and campaign.is_open(at)]
