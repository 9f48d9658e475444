"""Settings of the portal. The environment decides; there is one file and no branches by kind of machine.

TERA_HOME            folder of an embedded installation: databases and secret key; default `.tera`
TERA_DATABASE_URL    PostgreSQL instead of the embedded database
TERA_DATABASE_ROLES  1 if each process acts as one of its roles there (docs/operations.md)
TERA_ALLOWED_HOSTS   host names that are served, separated by commas; default this machine only
TERA_LOG_NAME        the ledger's name for outsiders, such as survei.kemenkumham.go.id/ledger
TERA_WITNESSES       who cosigns the ledger: KEY@URL of each (`tera witness`), separated by commas or spaces
TERA_WITNESS_QUORUM  how many of them must, or a checkpoint is not published; default 0
TERA_PUBLISH_SECONDS how often what was said in the ledger is published, from 1 to 999; default 60
TERA_SMTP_URL        mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465
TERA_MAIL_FROM       the address from which it sends
TERA_WHATSAPP_WEBHOOK, TERA_SMS_WEBHOOK  gateways for invitations, which take {"to": …, "text": …} as JSON
TERA_WHATSAPP_TOKEN, TERA_SMS_TOKEN      what such a gateway asks for as "Authorization: Bearer …"
TERA_OIDC_URL        the ministry's own SSO (OpenID Connect), such as https://sso.kemenkumham.go.id
TERA_OIDC_CLIENT, TERA_OIDC_SECRET  by which it knows us
TERA_OIDC_NAME       what it is called on the page; default its host name
TERA_CERTIFIER       adapter for certified electronic signatures under minutes: a dotted path; default none
TERA_SITE_WORKERS    processes of the portal behind the intake; default 2, 0 for threads instead
TERA_DEMO            1 in a demo: invented data, blocks sealed within seconds, every page says so
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from tera.intake.keyfile import read_or_make
from tera.intake.tables import Database
from tera.portal.accounts import login
from tera.portal.invitations import senders
from tera.portal.ledger.witnesses import Witnesses


def _whole(name: str, default: str, least: int = 0) -> int:
    text = os.environ.get(name, default)
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) >= least):
        raise ImproperlyConfigured(f"{name} is {text!r}; a whole number from {least} to 999 is expected")
    return int(text)


HOME = Path(os.environ.get("TERA_HOME", ".tera")).absolute()
DATABASE_URL = os.environ.get("TERA_DATABASE_URL", "")
if DATABASE_URL and not DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured("TERA_DATABASE_URL does not name a PostgreSQL: postgresql://user@host/name")
SITE_WORKERS = _whole("TERA_SITE_WORKERS", "2")
IS_DEMO = os.environ.get("TERA_DEMO") == "1"
HAS_ROLES = os.environ.get("TERA_DATABASE_ROLES") == "1" and not IS_DEMO  # which forgets what it invented
if HAS_ROLES and not DATABASE_URL:
    raise ImproperlyConfigured("TERA_DATABASE_ROLES needs TERA_DATABASE_URL: the embedded database has none")
PUBLISH_SECONDS = _whole("TERA_PUBLISH_SECONDS", "60", 1)
SEAL_SECONDS = 2 if IS_DEMO else 24 * 60 * 60
GRACE_HOURS = 24


# The keys of this installation: of the portal's sessions, and of receipts.
SECRET_KEY = read_or_make(HOME / "secret.key", lambda: secrets.token_urlsafe(50).encode()).decode("ascii")
RECEIPT_KEY = HOME / "receipt.key"
# The ledger: its files, the key under its checkpoints, and the name by which outsiders know it.
LOG, LOG_KEY = HOME / "log", HOME / "log.key"
LOG_NAME = os.environ.get("TERA_LOG_NAME", "ledger.tera.invalid")
WITNESSES = Witnesses.read(os.environ.get("TERA_WITNESSES", ""), os.environ.get("TERA_WITNESS_QUORUM", "0"))
SENDERS = senders.read(os.environ)
CERTIFIER = os.environ.get("TERA_CERTIFIER", "")
# What takes longer than a page may, by kind; the files of it lie there for so many hours.
JOB_PERMISSIONS = {"export": "export-answers", "bundle": "audit-bundle"}  # which the file of a job needs
JOBS = {
    "export": "tera.portal.results.exporting.run",
    "bundle": "tera.portal.results.bundle.run",
    "import": "tera.portal.imports.waiting.run",
}
JOBS_FOLDER, JOB_FILE_HOURS = HOME / "jobs", 24
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TERA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tera.portal.ledger",
    "tera.portal.units",
    "tera.portal.accounts",
    "tera.portal.accounts.sessions",
    "tera.portal.offices",
    "tera.portal.jobs",
    "tera.portal.people",
    "tera.portal.surveys",
    "tera.portal.questionnaires",
    "tera.portal.invitations",
    "tera.portal.tickets",
    "tera.portal.results",
    "tera.portal.imports",
    "tera.portal.review",
    "tera.portal.proposals",
    "tera.portal.public",
    "tera.portal.demo",
    "allauth",  # after ours, whose templates come first
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tera.portal.security.ContentSecurityPolicy",
    "tera.portal.security.NoNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tera.portal.accounts.second_factor.SecondFactorGate",
    "tera.portal.accounts.refusals.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tera.portal.urls"
WSGI_APPLICATION = "tera.portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tera.portal.context.installation",
            ],
        },
    },
]

INTAKE = Database(path=HOME / "responses.db")
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "app.db",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
        },
    }
}
if DATABASE_URL:
    INTAKE = Database(url=DATABASE_URL, role="portal" if HAS_ROLES else "")
    DATABASES = {"default": {**dj_database_url.parse(DATABASE_URL)}}
    if INTAKE.options:
        DATABASES["default"].setdefault("OPTIONS", {})["options"] = INTAKE.options
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"
SESSION_ENGINE = "tera.portal.accounts.sessions.models"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "tera.portal.accounts.adapters.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators enter the addresses; nobody can change their own
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"login": "tera.portal.accounts.forms.NameAndPassword"}
ACCOUNT_RATE_LIMITS = login.RATES
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "tera.portal.accounts.adapters.SecondFactors"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"authenticate": "tera.portal.accounts.forms.Code"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": None}  # nothing that can be guessed
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_DEMO  # which has no TLS
SOCIALACCOUNT_ADAPTER = "tera.portal.accounts.adapters.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = login.read_sso(os.environ)

HAS_MAIL = False
if isinstance(MAIL := SENDERS.get("EMAIL"), senders.Smtp):
    HAS_MAIL = True
    EMAIL_HOST, EMAIL_PORT, DEFAULT_FROM_EMAIL = MAIL.host, MAIL.port, MAIL.sender
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.tls == "start", MAIL.tls == "whole"
    EMAIL_TIMEOUT = int(senders.SILENT_SECONDS)

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# The port is open to this machine only: whoever asks from outside comes through a proxy that speaks TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STATIC_URL = "static/"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
# Whoever names a host of the outside has TLS in front (docs/operations.md): then cookies go over it alone.
IS_OUTSIDE = not IS_DEMO and bool(set(ALLOWED_HOSTS) - {"localhost", "127.0.0.1", "[::1]"})
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_OUTSIDE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_OUTSIDE else 0
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Errors only: a refused or missing page is no news, and nobody's visit belongs in a log.
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # Django calls it an error when a visitor sends a wrong host or too many fields. It answers 400, and
        # a line for each would let anybody fill the log.
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
