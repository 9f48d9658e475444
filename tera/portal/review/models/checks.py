"""Checks: what each layer answered to the checklist, and what was seen at the office itself."""

from django.db import models

from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign


class Layer(models.TextChoices):
    """Who checks; each has a score and a note of its own, and none writes over another's."""

    UNIT = "unit", "Unit"
    REGION = "region", "Kantor wilayah"
    INSPECTORATE = "inspectorate", "Inspektorat"
    MINISTRY = "ministry", "Kementerian"


class Assessment(Deed):
    """A layer's answers to a checklist, by item code, and its note; the one with the highest number holds.

    `sha256` is that of the checklist as it was.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assessments")
    layer = models.CharField(max_length=16, choices=Layer)
    number = models.PositiveIntegerField()
    checklist = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField()
    remarks = models.JSONField(default=dict)  # by item code
    note = models.TextField(blank=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("campaign", "layer", "number"), name="assessment_number_once"),
        )

    def __str__(self) -> str:
        """Return whose it is and which."""
        return f"{self.campaign.code}/{self.layer}/{self.number}"


class Visit(Deed):
    """What was seen at an office: filled in without a network perhaps, and sent once under its own key."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits")
    layer = models.CharField(max_length=16, choices=Layer)
    key = models.CharField(max_length=43, unique=True)  # made on the phone, so that a repeat counts once
    visited_on = models.DateField()
    checklist = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField()
    remarks = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        """Return where and when."""
        return f"{self.campaign.code}, {self.visited_on}"


class Photo(models.Model):
    """A photo of a visit, without what the camera wrote into it; `sha256` is that of the picture kept."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    number = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=40)
    caption = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=32)
    picture = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("visit", "number"), name="photo_number_once"),)

    def __str__(self) -> str:
        """Return of which item."""
        return f"{self.visit}: {self.item}"
