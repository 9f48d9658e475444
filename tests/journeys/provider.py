"""A ministry's SSO, for the tests: django-oauth-toolkit on this machine.

python -m tests.journeys.provider PORT DATABASE CALLBACK
"""

import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command

CLIENT, SECRET, PASSWORD = "tera", "rahasia-sso-untuk-uji", "sandi-kementerian"
# Who is known there, with the address, and whether the ministry has verified it.
PEOPLE = {
    "198501": ("budi@kantor.id", True),
    "199002": ("asing@kantor.id", True),
    "199503": ("dewi@kantor.id", False),
    "200004": ("wayan.pribadi@contoh.id", True),
}
LOGIN = "<form method='post'>{% csrf_token %}{{ form.as_p }}<button>Masuk SSO</button></form>"


def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def configure(database: str) -> None:
    loader = ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN})
    settings.configure(
        SECRET_KEY="uji",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.journeys.provider_urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [loader]}}
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        LOGIN_URL="/masuk/",
        # Cookies do not tell one port of a machine from another.
        SESSION_COOKIE_NAME="sso_session",
        CSRF_COOKIE_NAME="sso_csrf",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem(),
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "", "profile": "", "email": ""},
            "OAUTH2_VALIDATOR_CLASS": "tests.journeys.provider_urls.Claims",
        },
    )
    django.setup()


def fill(callback: str) -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from oauth2_provider.models import Application  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    for name, (email, _) in PEOPLE.items():
        User.objects.create_user(name, email, PASSWORD)
    Application.objects.create(
        name="Tera",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=callback,
        algorithm="RS256",
        skip_authorization=True,
    )


class Silent(WSGIRequestHandler):
    """Prints nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def main() -> None:
    port, database, callback = sys.argv[1:]
    configure(database)
    fill(callback)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=Silent).serve_forever()


if __name__ == "__main__":
    main()
