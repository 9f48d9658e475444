"""What a dossier shows that is too much to compute while somebody waits, and words taken out of comments."""

from django.db import models

from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign


class Summary(models.Model):
    """What the worker found in the sealed blocks of a closed campaign, ready to be shown.

    It is made anew when more responses are excluded: `excluded` says how many were, and `version` which
    program made it.
    """

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="summary")
    values = models.JSONField()
    excluded = models.PositiveIntegerField()
    version = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return of which campaign."""
        return self.campaign.code


class Masked(Deed):
    """A word of a comment that somebody covered by hand, by its place in the comment, counted from 0."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="masked")
    comment = models.CharField(max_length=64)  # its id in the intake's store, hexadecimal
    word = models.PositiveSmallIntegerField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("campaign", "comment", "word"), name="word_masked_once"),
        )

    def __str__(self) -> str:
        """Return which word of which comment."""
        return f"{self.campaign.code}/{self.comment[:8]}/{self.word}"
