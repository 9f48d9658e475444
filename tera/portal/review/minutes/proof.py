"""How somebody showed a moment ago that it is them: what a signature by login rests on."""

import time
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from tera.portal.accounts.models import User
from tera.portal.accounts.second_factor import FACTORS
from tera.portal.review.models.minutes import Method

ONLY = "langkah-dua"  # in the address: accounts/again.html offers no password, which would not do
SHOWN_BY = {Method.SECOND_FACTOR: "mfa", Method.LOGIN: "password"}


def method_for(user: User) -> Method:
    """Return how somebody signs: with their second factor, or their password alone where they have none.

    Whoever decides about others has one, outside a demo.
    """
    return Method.SECOND_FACTOR if is_mfa_enabled(user, FACTORS) else Method.LOGIN


def is_fresh(request: HttpRequest, user: User) -> bool:
    """Say whether somebody showed within the last minutes what they sign with.

    Who came by SSO and has neither password nor second factor here has nothing to show.
    """
    if not _ways(request, user):
        return True
    wanted = SHOWN_BY[method_for(user)]
    shown = [one["at"] for one in get_authentication_records(request, user) if one["method"] == wanted]
    return bool(shown) and time.time() - max(shown) < app_settings.REAUTHENTICATION_TIMEOUT


def way_to_show(request: HttpRequest, user: User, page: str) -> str:
    """Return the address at which somebody shows it, and which leads back to a page."""
    asks = {"next": page} | ({ONLY: ""} if method_for(user) == Method.SECOND_FACTOR else {})
    return f"{_ways(request, user)[0]}?{urlencode(asks)}"


def _ways(request: HttpRequest, user: User) -> list[str]:
    """Return the addresses at which somebody can show it: an app with codes before a key."""
    begins = "mfa" if method_for(user) == Method.SECOND_FACTOR else "reauthenticate"
    ways = get_adapter(request).get_reauthentication_methods(user)
    return [way["url"] for way in ways if way["id"].startswith(begins)]
