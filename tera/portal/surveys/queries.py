"""How many have answered: from blocks and from what waits for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from tera.intake.blocks import Block, count_waiting, list_blocks
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit, Version
from tera.portal.units.queries import holds


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """Responses of one campaign: in blocks, and waiting for one. Staff see both at once."""

    sealed: int
    waiting: int
    target: int

    @property
    def total(self) -> int:
        """All responses."""
        return self.sealed + self.waiting

    @property
    def percent(self) -> int:
        """How much of the target is reached, 0 to 100."""
        return min(100 * self.total // self.target, 100) if self.target else 100


def stood_below(*offices: Unit | int) -> Q:
    """Return which campaigns belong to offices: one was right above their unit on their first day."""
    return holds(F("starts_on"), "unit__versions__") & Q(unit__versions__parent__in=offices)


def decided_by(office: Unit, today: date) -> Q:
    """Return of which campaigns an office decides: those below it on their first day, and what it inherits.

    It inherits those of units that are right below it today where the office above them then is no more.
    """
    now = Version.objects.filter(holds(today))
    below_then = Version.objects.filter(holds(OuterRef("starts_on")), unit=OuterRef("unit"))
    lost = below_then.exclude(parent=None).exclude(parent__in=now.values("unit"))
    inherited = Q(Exists(lost), unit__in=now.filter(parent=office).values("unit"))
    return Q(pk__in=Campaign.objects.filter(stood_below(office)).values("pk")) | inherited


def last_of(unit: Unit) -> Campaign | None:
    """Return the campaign of a unit that began last and was answered here."""
    return Campaign.objects.filter(unit=unit, source="").order_by("starts_on", "pk").last()


def count_answers(
    campaigns: Iterable[Campaign], blocks: Iterable[Block] | None = None
) -> dict[str, AnswerCount]:
    """Return the number of responses by campaign code, with one query beside that for the blocks."""
    targets = {campaign.code: campaign.target_sample for campaign in campaigns}
    waiting = count_waiting(settings.INTAKE, list(targets))
    sealed = dict.fromkeys(targets, 0)
    for block in list_blocks(settings.INTAKE, list(targets)) if blocks is None else blocks:
        sealed[block.campaign] += block.responses
    return {code: AnswerCount(sealed[code], waiting.get(code, 0), target) for code, target in targets.items()}
