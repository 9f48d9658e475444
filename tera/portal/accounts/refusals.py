"""Writes into the audit trail who was refused something, after whatever they tried was rolled back."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tera.portal.accounts.gate import REFUSED, note
from tera.portal.accounts.models import User


class Refusals:
    """Sees every page that ends with a refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take the next layer."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note a refusal of somebody who is logged in; strangers are led to the login and leave nothing."""
        if isinstance(exception, PermissionDenied) and isinstance(request.user, User):
            note(REFUSED, request.user, None, request.method or "", request.path, None)
