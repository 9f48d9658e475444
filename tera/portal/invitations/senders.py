"""Ways of sending that this installation has: mail by SMTP, WhatsApp and SMS by the webhook of a gateway.

Whoever is written to is neither stored nor logged. What goes wrong is said in an exception that names nobody.
"""

import json
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

SILENT_SECONDS = 5.0  # after which a server that says nothing is taken for absent
_HERE = {"localhost", "127.0.0.1", "::1"}
_SMTP = "TERA_SMTP_URL: smtp://user:password@host:587 or smtps://user:password@host:465 is expected"


class Refused(ValueError):
    """This recipient cannot be reached; the next may be."""


class Unreachable(OSError):
    """Nobody can be reached in this way now."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; only mail has a subject."""

    subject: str
    text: str


class Connection(Protocol):
    """An open connection to whoever delivers."""

    def send(self, to: str, message: Message, seconds: float) -> None:
        """Hand one message over, within these seconds for each step; raises Refused or Unreachable."""


class Sender(Protocol):
    """A way of sending."""

    def connect(self) -> AbstractContextManager[Connection]:
        """Return a connection for many messages; raises Unreachable."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Mail through a server that speaks SMTP, each message to one person."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = ""  # "start" for STARTTLS, "whole" for TLS from the first byte

    @contextmanager
    def connect(self) -> Iterator["SmtpConnection"]:
        """Log in, and stay so for all messages."""
        backend = EmailBackend(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.tls == "start",
            use_ssl=self.tls == "whole",
            timeout=int(SILENT_SECONDS),
        )
        with closing(backend):
            _open(backend)
            yield SmtpConnection(backend, self.sender)


def _open(backend: EmailBackend) -> None:
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError:
        raise Unreachable(_("Server surat menolak nama pengguna atau kata sandinya.")) from None
    except (smtplib.SMTPException, ssl.SSLError):
        raise Unreachable(_("Server surat tidak menerima sambungan kami.")) from None
    except OSError:
        raise Unreachable(_("Server surat tidak dapat dihubungi.")) from None


@dataclass(frozen=True, slots=True)
class SmtpConnection:
    """A session with a mail server."""

    backend: EmailBackend
    sender: str

    def send(self, to: str, message: Message, seconds: float) -> None:
        """Send one mail."""
        if self.backend.connection is not None and self.backend.connection.sock is not None:
            self.backend.connection.sock.settimeout(min(seconds, SILENT_SECONDS))
        mail = EmailMessage(message.subject, message.text, self.sender, [to], connection=self.backend)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, _said = next(iter(error.recipients.values()), (0, b""))
            raise Refused(_("Server surat menolak alamat ini (%(code)s).") % {"code": code}) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            reason = _("Server surat menolak pesan ini (%(code)s).") % {"code": error.smtp_code}
            raise Unreachable(reason) from None
        except (smtplib.SMTPException, OSError):
            raise Unreachable(_("Sambungan ke server surat terputus.")) from None
        except ValueError:  # such as a host that no mail can name; its text would name the address
            raise Refused(_("Alamat ini tidak dapat dipakai.")) from None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A gateway for WhatsApp or SMS that takes {"to": …, "text": …} as JSON, one message at a time."""

    url: str
    token: str = field(default="", repr=False)

    @contextmanager
    def connect(self) -> Iterator["WebhookConnection"]:
        """Keep one connection for all messages, if the gateway does."""
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        with closing(kind(parts.hostname or "", parts.port, timeout=SILENT_SECONDS)) as connection:
            yield WebhookConnection(connection, parts, self.token)


@dataclass(frozen=True, slots=True)
class WebhookConnection:
    """A connection to a gateway."""

    connection: HTTPConnection
    parts: SplitResult
    token: str = field(repr=False)

    def send(self, to: str, message: Message, seconds: float) -> None:
        """Post one message; an answer that leads elsewhere is not followed."""
        self.connection.timeout = min(seconds, SILENT_SECONDS)
        if self.connection.sock is not None:
            self.connection.sock.settimeout(self.connection.timeout)
        path = self.parts._replace(scheme="", netloc="", path=self.parts.path or "/", fragment="").geturl()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            self.connection.request("POST", path, json.dumps({"to": to, "text": message.text}), headers)
            reply = self.connection.getresponse()
            reply.read()
        except (HTTPException, OSError):
            self.connection.close()
            raise Unreachable(_("Layanan pengirim tidak dapat dihubungi.")) from None
        _require_accepted(reply.status)


def _require_accepted(status: int) -> None:
    if 200 <= status < 300:
        return
    said = {"code": status}
    if status in {400, 410, 422}:
        raise Refused(_("Layanan pengirim menolak nomor ini (%(code)s).") % said)
    if status in {401, 403}:
        raise Unreachable(_("Layanan pengirim menolak kunci kami (%(code)s).") % said)
    if status == 429:
        raise Unreachable(_("Layanan pengirim meminta kami menunggu (%(code)s).") % said)
    raise Unreachable(_("Layanan pengirim sedang terganggu (%(code)s).") % said)


def read(environment: Mapping[str, str]) -> dict[str, Sender]:
    """Return the ways of sending that the environment names, by EMAIL, WHATSAPP and SMS.

    Raises:
        ImproperlyConfigured: one of them is named wrongly; the message says what is expected.
    """
    found: dict[str, Sender] = {}
    if url := environment.get("TERA_SMTP_URL"):
        found["EMAIL"] = _smtp(url, environment.get("TERA_MAIL_FROM", ""))
    for way in ("WHATSAPP", "SMS"):
        if url := environment.get(f"TERA_{way}_WEBHOOK"):
            found[way] = _webhook(f"TERA_{way}_WEBHOOK", url, environment.get(f"TERA_{way}_TOKEN", ""))
    return found


def _split(url: str, schemes: tuple[str, ...], expected: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    if parts.scheme not in schemes or not parts.hostname:
        raise ImproperlyConfigured(expected)  # without the URL: a password may stand in it
    return parts, port


def _smtp(url: str, sender: str) -> Smtp:
    parts, port = _split(url, ("smtp", "smtps"), _SMTP)
    try:
        validate_email(sender)
    except ValidationError as error:
        raise ImproperlyConfigured(f"TERA_MAIL_FROM is {sender!r}; a mail address is expected") from error
    if parts.scheme == "smtps":
        tls, usual = "whole", 465
    else:
        tls, usual = ("", 25) if parts.hostname in _HERE else ("start", 587)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Smtp(parts.hostname or "", port or usual, sender, user, password, tls)


def _webhook(name: str, url: str, token: str) -> Webhook:
    expected = f"{name}: an address with https:// or http:// is expected"
    parts, _port = _split(url, ("https", "http"), expected)
    if parts.username is not None or not url.isascii() or not token.isascii() or not token.isprintable():
        raise ImproperlyConfigured(
            f"{expected}, without a password; a key goes to {name[:-7]}TOKEN, in ASCII"
        )
    return Webhook(url, token)
