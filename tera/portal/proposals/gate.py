"""Who may see a proposal and act in it: as of its first survey, the tree of units of that day says so."""

from django.http import HttpRequest

from tera.portal.accounts import gate
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.queries import signed_in
from tera.portal.proposals.models import Case
from tera.portal.surveys import gate as surveys

SEE = "see-proposals"
OWN_ONLY = frozenset({"score-inspectorate", "score-ministry", "decide-proposal"})


def may(user: User, permission: str, case: Case) -> bool:
    """Say whether somebody may do something in a proposal."""
    return _acting(user, permission, case) is not None


def require(user: User, permission: str, case: Case) -> Assignment:
    """Return the role by which somebody does something in a proposal; PermissionDenied for others."""
    return gate.granted(_acting(user, permission, case), permission)


def _acting(user: User, permission: str, case: Case) -> Assignment | None:
    """Return that role; one that was lent makes nobody somebody of the inspectorate or the ministry."""
    role = surveys.acting(user, permission, case.campaign)
    return None if role is not None and role.delegated_from_id and permission in OWN_ONLY else role


def look(request: HttpRequest, case: Case, about: str = "") -> User:
    """Let somebody look at a proposal, or at something of it, and write that into the audit trail.

    Raises:
        PermissionDenied: none of their roles allows it.
    """
    user = signed_in(request)
    gate.note(gate.LOOK, user, require(user, SEE, case), SEE, about or str(case), case.unit)
    return user
