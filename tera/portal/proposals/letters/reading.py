"""Who reads the letters of an office: who sees its proposals, and who oversees units below it."""

from django.http import HttpRequest
from django.utils import timezone

from tera.portal.accounts.gate import LOOK, granted, note
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import signed_in
from tera.portal.proposals.gate import SEE
from tera.portal.units.models import Unit
from tera.portal.units.queries import line_above


def look_at(request: HttpRequest, office: Unit, about: str) -> User:
    """Let somebody read letters of an office, and write that into the audit trail.

    Raises:
        PermissionDenied: none of their roles allows it.
    """
    user = signed_in(request)
    role = granted(user.acting(SEE, office) or _overseeing(user, office), SEE)
    note(LOOK, user, role, SEE, about, office)
    return user


def _overseeing(user: User, office: Unit) -> Assignment | None:
    """Return the role of an inspector or auditor for a unit below an office.

    Its letters tell of that unit, and whoever oversees it works for neither.
    """
    known, today = rules(), timezone.localdate()
    for entry in user.assignments_on() if user.is_active else ():
        is_overseer = bool(known.roles[entry.role].offices) and entry.role in known.permissions[SEE].roles
        if is_overseer and office.pk in line_above(entry.unit, today):
            return entry
    return None
