"""Who may see a campaign and decide of it: the tree of units of its first day says so.

Whoever oversees the unit today sees its old campaigns too. What is decided of them is decided by the office
that oversaw them, and by its heir only where that office is no more; never by the unit itself then. Nobody
decides who ran the unit's surveys since the first day, or since the opening where they opened it.
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


def acting(user: User, permission: str, campaign: Campaign, office: Unit | None = None) -> Assignment | None:
    """Return the role by which somebody may do something with a campaign, or None.

    `office` is in whose name; any of theirs where none is named.
    """
    rule, since = rules().permissions[permission], _judged_since(user, campaign)
    role = user.acting(permission, campaign.unit, campaign.starts_on, office, since)
    if role is None and (rule.reach == HELD or _is_gone(campaign)):
        heir = user.acting(permission, campaign.unit, timezone.localdate(), office, since)
        return heir if heir is not None and heir.role in rule.roles else None
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


def has_run(user: User, campaign: Campaign) -> bool:
    """Say whether somebody ran the survey, so that they decide nothing of it from above."""
    return user.has_run(campaign.unit, _judged_since(user, campaign))


def _judged_since(user: User, campaign: Campaign) -> date:
    """Return from which day on nobody may have run the unit's surveys who decides of a campaign from above.

    For who opened it that is the day of the opening, however long before the first day they did: a regional
    head may open surveys for all below, but who opened one as the unit's operator does not judge it.
    """
    opened = timezone.localdate(campaign.opened_at)
    return min(campaign.starts_on, opened) if campaign.opened_by_id == user.pk else campaign.starts_on


def _is_gone(campaign: Campaign) -> bool:
    """Say whether the office that oversaw a campaign is no more."""
    office = campaign.office_above
    return office is not None and version_of(office, timezone.localdate()) is None
