"""The verification meeting: when, which surveys, who attends, what is found and decided."""

from django.conf import settings
from django.db import models

from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign, Step
from tera.portal.units.models import Unit


class Decision(models.TextChoices):
    """What a meeting decides of a survey; the stored code stands in the ledger and never changes."""

    VERIFIED = "VERIFIED", "Terverifikasi"
    VERIFIED_WITH_NOTES = "VERIFIED_WITH_NOTES", "Terverifikasi dengan catatan"
    RETURNED = "RETURNED", "Dikembalikan"
    REJECTED = "REJECTED", "Ditolak"


class Meeting(Deed):
    """A meeting of an office about surveys of units below it; `office` holds it, `by` planned it at `at`.

    It is planned until it is opened, and under way until it is ended; with the end its decisions take effect.
    """

    number = models.PositiveIntegerField()  # of the office
    held_on = models.DateField()
    begins_at = models.TimeField()
    place = models.CharField(max_length=200)  # a room or a link
    title = models.CharField(max_length=200)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    shown = models.ForeignKey("Item", models.SET_NULL, null=True, related_name="+")  # what all look at now

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("office", "number"), name="meeting_number_once"),)

    def __str__(self) -> str:
        """Return of which office, and which."""
        return f"{self.office.slug}/{self.number}"


class Item(models.Model):
    """A survey on the agenda of a meeting, and what is to be decided of it; `step` once that took effect."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="agenda_items")
    place = models.PositiveSmallIntegerField()
    presented_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    step = models.OneToOneField(Step, models.PROTECT, null=True, related_name="agenda_item")

    class Meta:
        """Constraints that hold whatever writes the table."""

        ordering = ("place", "pk")
        constraints = (models.UniqueConstraint(fields=("meeting", "campaign"), name="on_agenda_once"),)

    def __str__(self) -> str:
        """Return what it is about."""
        return f"{self.meeting}: {self.campaign.code}"


class Part(models.TextChoices):
    """What somebody does in a meeting."""

    CHAIR = "CHAIR", "Pimpinan rapat"
    VERIFIER = "VERIFIER", "Verifikator"
    PRESENTER = "PRESENTER", "Penyaji unit"
    OBSERVER = "OBSERVER", "Pengamat"
    MINUTES = "MINUTES", "Notulis"


class Attendance(models.Model):
    """That somebody attends a meeting; guests have a name and an office, and no account."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    office_name = models.CharField(max_length=200)
    part = models.CharField(max_length=16, choices=Part)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "user"), condition=models.Q(user__isnull=False), name="attends_once"
            ),
        )

    def __str__(self) -> str:
        """Return who and as what."""
        return f"{self.name}: {self.part}"


class Finding(Deed):
    """What the meeting noted about a survey while it looked at it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("item", "number"), name="finding_number_once"),)

    def __str__(self) -> str:
        """Return which of what."""
        return f"{self.item}/{self.number}"
