"""The gate before every page and deed that is not for everybody: who may pass, and that they did."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.queries import signed_in
from tera.portal.ledger.actions import record
from tera.portal.units.models import Unit

LOOK, DEED, REFUSED = "LOOK", "DEED", "REFUSED"


def require(
    user: User, permission: str, unit: Unit, on: date | None = None, office: Unit | None = None
) -> Assignment:
    """Return the role by which somebody may do something for a unit; see `User.acting`.

    Raises:
        PermissionDenied: none of their roles allows it.
    """
    return granted(user.acting(permission, unit, on, office), permission)


def granted(role: Assignment | None, permission: str) -> Assignment:
    """Return the role; PermissionDenied where there is none."""
    if role is None:
        raise PermissionDenied(permission)
    return role


def look(request: HttpRequest, permission: str, unit: Unit, about: str, on: date | None = None) -> User:
    """Let somebody look at what is not public, and write it into the audit trail.

    Raises:
        PermissionDenied: none of their roles allows it.
    """
    user = signed_in(request)
    role = require(user, permission, unit, on)
    note(LOOK, user, role, permission, about, unit)
    return user


def done(by: User, role: Assignment | None, deed: str, about: str, unit: Unit) -> None:
    """Write a deed into the audit trail, in the transaction of the deed."""
    note(DEED, by, role, deed, about, unit)


def note(kind: str, by: User, role: Assignment | None, deed: str, about: str, unit: Unit | None) -> None:
    """Write who did or saw what into the audit trail."""
    record(
        kind=kind,
        who=by.get_username(),
        role=role.role if role else "",
        office=role.acts_for.slug if role else "",
        deed=deed,
        unit=unit.slug if unit else "",
        about=about,
    )
