"""Who is asking."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tera.portal.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person who is logged in.

    Raises:
        PermissionDenied: nobody is.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
