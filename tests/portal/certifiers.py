"""Adapters as an installation might have them: one signs with a key of its own, one is refused."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.portal.review.minutes.certifying import CertifierFailed, Signer

KEY = Ed25519PrivateKey.generate()
PASSPHRASE = "kata-sandi-sertifikat"


class Signs:
    """Signs the bytes of the PDF, if the passphrase is right."""

    def certify(self, pdf: bytes, signer: Signer, passphrase: str = "") -> bytes:
        """Return the signature before the bytes that were signed."""
        if passphrase != PASSPHRASE:
            raise CertifierFailed(f"wrong passphrase for {signer.username}")
        return KEY.sign(pdf) + pdf


class IsAway:
    """Cannot be reached."""

    def certify(self, pdf: bytes, signer: Signer, passphrase: str = "") -> bytes:  # noqa: ARG002
        """Fail as a connection does."""
        raise ConnectionRefusedError(111, "refused")
