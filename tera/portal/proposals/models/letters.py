"""Letters about proposals: the texts that an office writes once, the letters, and their register."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tera.portal.proposals.models.case import Case
from tera.portal.review.models.deeds import Deed


class LetterKind(models.TextChoices):
    """What a letter is for; the stored code never changes."""

    RECOMMENDATION = "RECOMMENDATION", _("Rekomendasi kantor wilayah")
    PROPOSAL = "PROPOSAL", _("Usulan kepada tim nasional")
    CORRECTION = "CORRECTION", _("Ralat usulan kepada tim nasional")


TO_NATIONAL = (LetterKind.PROPOSAL, LetterKind.CORRECTION)
"""The letters that put units forward; of a decision one of them is enough."""


class Template(Deed):
    """The texts of an office for one kind of letter; the one with the highest number holds.

    `texts` has the letterhead, the pattern of the number, the paragraphs, the signatory and who gets a copy,
    by the names of the fields in `letters.texts`.
    """

    kind = models.CharField(max_length=16, choices=LetterKind)
    number = models.PositiveIntegerField()
    texts = models.JSONField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("office", "kind", "number"), name="template_number_once"),
        )

    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.office.slug}/{self.kind}/{self.number}"


class Letter(Deed):
    """A letter as it went out: `document` is canonical JSON, from which PDF and DOCX are made; never changed.

    `number` counts the letters of the office in the year, `named` is what stands on the paper. A letter that
    was written by mistake is voided, with a reason, and keeps its number.
    """

    kind = models.CharField(max_length=16, choices=LetterKind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    named = models.CharField(max_length=120)
    dated_on = models.DateField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    void_note = models.TextField(blank=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("office", "year", "number"), name="letter_number_once"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.named


class Listed(models.Model):
    """That a letter names a proposal, and with which step of it."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="listed")
    case = models.ForeignKey(Case, models.PROTECT, related_name="listed")
    step = models.PositiveIntegerField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("letter", "case"), name="listed_once"),)

    def __str__(self) -> str:
        """Return which in which."""
        return f"{self.letter}: {self.case}"
