"""Questions that an office asks a unit about its survey, and what the unit answers."""

from django.conf import settings
from django.db import models

from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign


class Question(Deed):
    """A question of an office; it is open until the unit answers, or the office takes it back."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="question_number_once"),)

    def __str__(self) -> str:
        """Return which of what."""
        return f"{self.campaign.code}/{self.number}"
