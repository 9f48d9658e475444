"""Who may see a campaign and decide of it: the tree of units of its first day says so.

Whoever oversees the unit today sees its old campaigns too. What is decided of them is decided by the office
that oversaw them, and by its heir only where that office is no more.
"""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from tera.portal.accounts import gate
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import HELD, rules
from tera.portal.accounts.queries import signed_in
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tera.portal.units.queries import version_of


def acting(user: User, permission: str, campaign: Campaign) -> Assignment | None:
    """Return the role by which somebody may do something with a campaign, or None."""
    return user.acting(permission, campaign.unit, _day(user, permission, campaign))


def may(user: User, permission: str, campaign: Campaign) -> bool:
    """Say whether somebody may do something with a campaign."""
    return acting(user, permission, campaign) is not None


def require(user: User, permission: str, campaign: Campaign, office: Unit | None = None) -> Assignment:
    """Return that role, held in the name of an office if one is named; PermissionDenied without it."""
    return gate.require(user, permission, campaign.unit, _day(user, permission, campaign), office)


def look(request: HttpRequest, permission: str, campaign: Campaign) -> User:
    """Let somebody look at a campaign and write that into the audit trail; PermissionDenied if not."""
    day = _day(signed_in(request), permission, campaign)
    return gate.look(request, permission, campaign.unit, campaign.code, day)


def _day(user: User, permission: str, campaign: Campaign) -> date:
    first, today = campaign.starts_on, timezone.localdate()
    if user.may(permission, campaign.unit, first):
        return first
    office = campaign.stood.parent if campaign.stood else None
    is_gone = office is not None and version_of(office, today) is None
    return today if is_gone or rules().permissions[permission].reach == HELD else first
