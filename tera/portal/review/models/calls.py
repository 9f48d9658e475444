"""Call-backs: people who were served are asked whether they answered themselves, and freely."""

from django.db import models

from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign


class Source(models.TextChoices):
    """Where those who are called come from."""

    CONTACTS = "CONTACTS", "Daftar kontak yang diberikan khusus untuk ini"
    REGISTER = "REGISTER", "Nomor urut dalam register layanan"


class Outcome(models.TextChoices):
    """What a call found; the stored code never changes."""

    GENUINE = "GENUINE", "Menjawab sendiri dan bebas"
    NOT_SELF = "NOT_SELF", "Tidak menjawab sendiri"
    STEERED = "STEERED", "Menjawab, tetapi diarahkan"
    NOT_SERVED = "NOT_SERVED", "Tidak pernah dilayani"
    DID_NOT_ANSWER = "DID_NOT_ANSWER", "Tidak pernah mengisi survei"
    NOT_REACHED = "NOT_REACHED", "Tidak terhubung"
    REFUSED = "REFUSED", "Menolak bicara"


class CallRound(Deed):
    """A random sample of those who were served, drawn once; `at` is when.

    `population` is how many there were to draw from, `seed` what they were drawn with, `outcomes` how many
    calls ended how, once it is finished: then nothing of those who were called is left.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="call_rounds")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=16, choices=Source)
    population = models.PositiveIntegerField()
    sample = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    delete_on = models.DateField()  # what is left of contacts on this day goes, finished or not
    finished_at = models.DateTimeField(null=True)
    outcomes = models.JSONField(default=dict)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="call_round_once"),)

    def __str__(self) -> str:
        """Return of which campaign, and which."""
        return f"{self.campaign.code}/{self.number}"


class Call(models.Model):
    """One of a round who is to be called; the row goes when the round is finished."""

    round = models.ForeignKey(CallRound, models.CASCADE, related_name="calls")
    place = models.PositiveIntegerField()  # in the list or the register, from 1
    contact = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # the service system's number of the transaction
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("round", "place"), name="called_once"),)

    def __str__(self) -> str:
        """Return which of which round."""
        return f"{self.round}: {self.place}"
