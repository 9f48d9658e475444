"""The slot for a certified electronic signature. No adapter is shipped: docs/operations.md says why."""

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class CertifierFailed(ValueError):
    """An adapter did not sign; the message is shown to who wanted to sign."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the name of the account, and what stands under the signature."""

    username: str
    name: str
    role: str
    office: str


class Certifier(Protocol):
    """Has a certification authority sign a document.

    An adapter is a class that is made without arguments for each signature; it reads its own environment.
    """

    def certify(self, pdf: bytes, signer: Signer, passphrase: str = "") -> bytes:
        """Return what the authority's signer returned: the signed PDF, or a signature that stands alone.

        Args:
            pdf: the minutes as they are printed at this moment, with the signatures that are under them.
            signer: who signs; the adapter finds their certificate.
            passphrase: what they typed for it. It is never kept, logged or put into a message.

        Raises:
            CertifierFailed: it was not signed; the message says why, in words for who wanted to sign.
            OSError: the authority could not be reached.
        """


def has_certifier() -> bool:
    """Say whether this installation has an adapter."""
    return bool(settings.CERTIFIER)


def certified(pdf: bytes, signer: Signer, passphrase: str) -> bytes:
    """Return what the adapter of this installation returns; CertifierFailed where it does not sign."""
    if not has_certifier():
        raise CertifierFailed("this installation has no certifier")
    adapter = cast(Certifier, import_string(settings.CERTIFIER)())
    try:
        content = adapter.certify(pdf, signer, passphrase)
    except OSError as error:
        raise CertifierFailed(
            f"the certification authority cannot be reached ({type(error).__name__})"
        ) from error
    if not content:
        raise CertifierFailed("the certification authority returned nothing")
    return content
