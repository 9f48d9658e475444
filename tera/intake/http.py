"""A request and its reply, apart from the server that carries them."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from tera.intake.submission import BODY_BYTES, Refused

MOST_DIGITS = 18  # of a length, zeros in front of it too
FIELDS = 100  # far more than a page has
HTML, JSON, PROBLEM = "text/html; charset=utf-8", "application/json", "application/problem+json"
FORM_TYPE = "application/x-www-form-urlencoded"
COMMON = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
)
Headers = list[tuple[str, str]]


class Fields(Protocol):
    """The headers of a request, however a server holds them; names in lower case."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  as Granian has it
        """Return one header."""


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived; header names are in lower case. The body is not read yet."""

    method: str
    path: str
    headers: Fields
    host: str = ""
    query: str = ""

    def cookie(self, name: str) -> str:
        """Return the value of a cookie, empty where it did not come."""
        pairs = (pair.strip().partition("=") for pair in str(self.headers.get("cookie", "")).split(";"))
        return next((value for found, _, value in pairs if found == name), "")

    @property
    def content_type(self) -> str:
        """The kind of body, without its parameters."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""


def html_headers(policy: str) -> Headers:
    """Return the headers of a page that loads nothing from elsewhere."""
    return [("content-type", HTML), ("content-security-policy", policy), *COMMON]


def require_plain_body(request: Request) -> None:
    """Refuse a body of unknown or too great length, in a wrapping, or from another site's page."""
    headers = request.headers
    length = headers.get("content-length")
    if headers.get("transfer-encoding") is not None and length is not None:
        raise Refused(400, "Panjang isi disebut dua kali.")
    if length is None or not length.isascii() or not length.isdigit():
        raise Refused(411, "Panjang isi tidak disebut.")
    if headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "Isi tidak boleh dimampatkan.")
    if len(length) > MOST_DIGITS or int(length) > BODY_BYTES:
        raise Refused(413, "Jawaban terlalu besar.")
    origin = headers.get("origin", "null")
    is_own = origin == "null" or origin.partition("://")[2] == request.host
    if not is_own or headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403, "Kiriman dari situs lain.")


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form in the usual encoding; of a name that comes twice the last one counts.

    Raises:
        Refused: this is no form of ours.
    """
    pairs = body.split(b"&") if body else []
    if len(pairs) > FIELDS:
        raise Refused(400, "Isian terlalu banyak.")
    try:
        return {_text(name): _text(text) for name, _, text in (pair.partition(b"=") for pair in pairs)}
    except UnicodeDecodeError as error:
        raise Refused(400, "Isi bukan UTF-8.") from error


def _text(encoded: bytes) -> str:
    if b"+" in encoded or b"%" in encoded:
        encoded = unquote_to_bytes(encoded.replace(b"+", b" "))
    return encoded.decode("utf-8")
