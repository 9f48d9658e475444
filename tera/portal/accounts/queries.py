"""Who is asking, and in which language."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import get_language

from tera.portal.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person who is logged in.

    Raises:
        PermissionDenied: nobody is.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def language_in_force() -> str:
    """Return the language of the page, as the data of the law name it."""
    return "en" if get_language() == "en" else "id"
