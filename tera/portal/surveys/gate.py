"""Who may see a campaign and decide of it: the tree of units of its first day says so.

Whoever oversees the unit today sees its old campaigns too. What is decided of them is decided by the office
that oversaw them, and by its heir only where that office is no more.
"""

from django.http import HttpRequest
from django.utils import timezone

from tera.portal.accounts import gate
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import HELD, rules
from tera.portal.accounts.queries import signed_in
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tera.portal.units.queries import version_of


def acting(user: User, permission: str, campaign: Campaign, office: Unit | None = None) -> Assignment | None:
    """Return the role by which somebody may do something with a campaign, or None.

    `office` is in whose name; any of theirs where none is named.
    """
    role = user.acting(permission, campaign.unit, campaign.starts_on, office)
    if role is None and (rules().permissions[permission].reach == HELD or _is_gone(campaign)):
        return user.acting(permission, campaign.unit, timezone.localdate(), office)
    return role


def may(user: User, permission: str, campaign: Campaign) -> bool:
    """Say whether somebody may do something with a campaign."""
    return acting(user, permission, campaign) is not None


def require(user: User, permission: str, campaign: Campaign, office: Unit | None = None) -> Assignment:
    """Return that role; PermissionDenied where there is none."""
    return gate.granted(acting(user, permission, campaign, office), permission)


def look(request: HttpRequest, permission: str, campaign: Campaign) -> User:
    """Let somebody look at a campaign and write that into the audit trail; PermissionDenied if not."""
    user = signed_in(request)
    role = require(user, permission, campaign)
    gate.note(gate.LOOK, user, role, permission, campaign.code, campaign.unit)
    return user


def _is_gone(campaign: Campaign) -> bool:
    """Say whether the office that oversaw a campaign is no more."""
    office = campaign.stood.parent if campaign.stood else None
    return office is not None and version_of(office, timezone.localdate()) is None
