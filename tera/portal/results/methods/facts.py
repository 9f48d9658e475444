"""What a campaign holds, as far as its methods sheet tells of it; each part is read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Sum
from django.utils.formats import date_format

from tera.engine.catalogue import get_codelists
from tera.intake.tickets import count_with_ticket
from tera.portal.ledger.models import Event
from tera.portal.results import leaving
from tera.portal.results.models import Certification, Removed
from tera.portal.results.queries import IS_OFF, Result, count_erased, result_of
from tera.portal.results.standing import Standing, standings_of
from tera.portal.surveys.models import Campaign
from tera.portal.tickets.models import Batch


@dataclass(frozen=True)
class Facts:
    """One campaign and its own result, never that of a period's campaigns together."""

    campaign: Campaign

    @cached_property
    def result(self) -> Result:
        """The result as far as it is shown."""
        return result_of([self.campaign])

    @cached_property
    def standing(self) -> Standing:
        """How many responses are sealed, taken off and counted."""
        return standings_of([self.result])[self.campaign.code]

    @property
    def certification(self) -> Certification | None:
        """The certification, once there is one."""
        return self.standing.certification

    @property
    def is_imported(self) -> bool:
        """Say whether the answers were collected elsewhere."""
        return bool(self.campaign.source)

    @property
    def unit_name(self) -> str:
        """What the unit was called when the campaign began."""
        return self.campaign.stood.name if self.campaign.stood else self.campaign.unit.name

    @property
    def office_name(self) -> str:
        """What the office above the unit is called; empty where there was none."""
        office = self.campaign.office_above
        return office.name if office else ""

    @property
    def answers(self) -> int:
        """How many responses came in, without an auditor's control responses."""
        return self.result.count.total - self.standing.controls

    @cached_property
    def by_channel(self) -> Mapping[str, int | None] | None:
        """How many answered by each channel, as exports show it: None where it is not shown.

        Only of a certified result; a number is None where it would be about few people.
        """
        if self.certification is None or not self.certification.counted:
            return None
        title = get_codelists().channel.name["id"]
        table = next(table for table in leaving.tables_of(self.result) if table.title == title)
        return {code: count for code, _, count in table.rows}

    @cached_property
    def with_ticket(self) -> int:
        """How many responses came with a ticket."""
        return count_with_ticket(settings.INTAKE, [self.campaign.code])[self.campaign.code]

    @cached_property
    def tickets_issued(self) -> int:
        """How many tickets of the unit were issued in the days of the campaign."""
        days = (self.campaign.starts_on, self.campaign.ends_on)
        issued = Batch.objects.filter(unit=self.campaign.unit, issued_on__range=days)
        return issued.aggregate(issued=Sum("count"))["issued"] or 0

    @cached_property
    def invitations_sent(self) -> int:
        """How many invitations were sent with the program: the audit trail has how many, never to whom."""
        own = Event.objects.filter(unit=self.campaign.unit.slug, at__gte=self.campaign.opened_at)
        sent = own.filter(deed="send-invitations", about__startswith=f"{self.campaign.code}: ")
        return sum(int(about.rpartition(" ")[2]) for about in sent.values_list("about", flat=True))

    @cached_property
    def erased(self) -> int:
        """How many sealed responses were erased at their respondents' wish."""
        return count_erased([self.campaign])

    @cached_property
    def reasons(self) -> Mapping[str, int]:
        """How many responses two offices excluded, by the stored code of the reason."""
        found: dict[str, int] = {}
        off = Removed.objects.filter(IS_OFF, campaign=self.campaign, exclusion__isnull=False)
        for reason in off.order_by("reason").values_list("reason", flat=True):
            found[reason] = found.get(reason, 0) + 1
        return found


def day(value: date) -> str:
    """Return a day as people write it."""
    return date_format(value, "j F Y")
