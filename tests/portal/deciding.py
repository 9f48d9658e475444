"""How a campaign ends, and how two offices exclude responses."""

from datetime import UTC, datetime

from tera.portal.accounts.models import User
from tera.portal.results import actions as results
from tera.portal.results.models import Reason
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

OVER = datetime(2100, 1, 1, tzinfo=UTC)


def close_all() -> None:
    """Let the window and the grace of every campaign pass."""
    actions.seal_due(OVER)
    actions.tell_of_blocks()


def exclude(
    campaign: Campaign, commitments: list[bytes], ratna: User, irma: User, reason: Reason = Reason.STAFF
) -> None:
    """Let the regional office propose, and the inspectorate confirm."""
    kanwil, itjen = Unit.objects.get(slug="kanwil"), Unit.objects.get(slug="itjen")
    reasons = dict.fromkeys(commitments, reason)
    proposed = results.propose_exclusion(campaign, reasons, by=ratna, office=kanwil)
    results.confirm_exclusion(proposed, by=irma, office=itjen)
