"""How a campaign ends, how its methods sheet is filled, and how two offices exclude responses."""

from datetime import UTC, datetime

from tera.engine.workflow import Condition, Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.results import actions as results
from tera.portal.results.methods.actions import fill
from tera.portal.results.methods.fields import fields
from tera.portal.results.models import Reason
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import move, stage_of
from tera.portal.units.models import Unit

OVER = datetime(2100, 1, 1, tzinfo=UTC)


def close_all() -> None:
    """Let the window and the grace of every campaign pass, and the units fill their methods sheets."""
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    for campaign in Campaign.objects.filter(source="", certification=None):
        fill_methods(campaign)
        verify(campaign)


def verify(campaign: Campaign) -> None:
    """Let the office above verify a closed campaign, if there is one; the tests of meetings tell how."""
    now, held = datetime.now(UTC), set(Condition)
    way = {Stage.CLOSED: "screen", Stage.SCREENED: "take-up", Stage.IN_VERIFICATION: "verify"}
    if campaign.stood is not None and campaign.stood.parent is not None:
        while deed := way.get(stage_of(campaign)):
            move(campaign, deed, held, at=now)


def fill_methods(campaign: Campaign, **texts: str) -> None:
    """Let whoever runs the unit's surveys write every field of the methods sheet, or those that are named."""
    clerk, _ = User.objects.get_or_create(username=f"juru-{campaign.unit.slug}")
    Assignment.objects.get_or_create(user=clerk, role="OPERATOR", unit=campaign.unit)
    usual = {field.id: f"Tidak ada, kata unit tentang {field.id}." for field in fields().written}
    fill(campaign, texts or usual, by=clerk, at=datetime.now(UTC))


def exclude(
    campaign: Campaign, commitments: list[bytes], ratna: User, irma: User, reason: Reason = Reason.STAFF
) -> None:
    """Let the regional office propose, and the inspectorate confirm."""
    kanwil, itjen = Unit.objects.get(slug="kanwil"), Unit.objects.get(slug="itjen")
    reasons = dict.fromkeys(commitments, reason)
    proposed = results.propose_exclusion(campaign, reasons, by=ratna, office=kanwil)
    results.confirm_exclusion(proposed, by=irma, office=itjen)
