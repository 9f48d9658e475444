"""The gate before the portal: whoever decides about others sets up a second factor first."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from tera.portal.accounts.models import User

FREE = ("/akun/", "/keluar/", "/bahasa/")
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_due(user: object) -> bool:
    """Say whether somebody must have a second factor and has none. Nobody must in a demo."""
    return (
        not settings.IS_DEMO
        and isinstance(user, User)
        and user.must_have_second_factor()
        and not is_mfa_enabled(user, FACTORS)
    )


class SecondFactorGate:
    """Leads whoever lacks a second factor to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take the next layer."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, or the way to the second factor."""
        # Who has no cookie has no session: to ask for it would mark a public page as one for each visitor.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(FREE)
        if has_session and is_due(request.user):
            return redirect("mfa_index")
        return self._get_response(request)
