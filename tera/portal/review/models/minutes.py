"""Minutes of a meeting: made when it ends, never changed, and signed by those who attended."""

from django.conf import settings
from django.db import models

from tera.portal.review.models.meeting import Meeting
from tera.portal.units.models import Unit


class Minutes(models.Model):
    """The minutes (berita acara): `document` is canonical JSON, and `sha256` is what everybody signs.

    `code` is the secret part of the address of the page that checks them, which the printed QR code holds and
    people can type in: 16 letters and digits (`minutes.codes`).
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    code = models.CharField(max_length=32, unique=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return of which meeting."""
        return str(self.meeting)


class Method(models.TextChoices):
    """How somebody signed; the stored code stands in the ledger and never changes."""

    LOGIN = "LOGIN", "Masuk dengan kata sandi"
    SECOND_FACTOR = "SECOND_FACTOR", "Masuk dan langkah kedua"
    CERTIFIED = "CERTIFIED", "Tanda tangan elektronik tersertifikasi"


class Signature(models.Model):
    """That somebody signed the minutes, for which office and by which role.

    `content` is what a certification authority's signer returned; it is empty for the other methods. `salt`,
    random and secret, is hashed with the rest into what the ledger says of the signature: so it names nobody,
    and nothing here can be changed unnoticed.
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=32)
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    method = models.CharField(max_length=16, choices=Method)
    content = models.BinaryField(blank=True, default=b"")
    salt = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("minutes", "number"), name="signature_number_once"),
            models.UniqueConstraint(fields=("minutes", "user"), name="signs_once"),
        )

    def __str__(self) -> str:
        """Return who signed what."""
        return f"{self.minutes}: {self.name}"
