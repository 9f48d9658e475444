"""How people log in, as far as it is a setting: how often they may guess, and the SSO of a ministry."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SSO = "sso"  # the part of the address by which we call the one provider
_HERE = {"localhost", "127.0.0.1", "::1"}
_ALL = ("TERA_OIDC_URL", "TERA_OIDC_CLIENT", "TERA_OIDC_SECRET")

# Counted in the memory of each process of the portal, because an address must not reach a disk; so with two
# processes somebody may guess up to twice as often. None of them counts by address alone: a whole office is
# behind one. The key of a failed login is account and address (adapters.py), that of a mail is the address
# that it goes to.
RATES = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
}


def read_sso(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the provider of OpenID Connect that the environment names, as allauth wants it; {} for none.

    Raises:
        ImproperlyConfigured: it is named wrongly or in part; the message says what is expected.
    """
    url, client, secret = (environment.get(name, "") for name in _ALL)
    if not (url or client or secret):
        return {}
    if not (url and client and secret):
        raise ImproperlyConfigured(f"{', '.join(_ALL)}: all of them are needed, or none")
    host = _host(url)
    provider = {
        "provider_id": SSO,
        "name": environment.get("TERA_OIDC_NAME") or host,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [provider]}}


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)):
        raise ImproperlyConfigured(f"TERA_OIDC_URL is {url!r}; an address with https:// is expected")
    return host
