"""Batches of tickets. Of a ticket only its hash is kept, by the intake; its code is on paper."""

from django.conf import settings
from django.db import models

from tera.portal.units.models import Unit


class Batch(models.Model):
    """Tickets of one unit that were issued at once; `service` is empty where they are for any."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ticket_batches")
    service = models.CharField(max_length=32, blank=True)
    count = models.PositiveIntegerField()
    issued_on = models.DateField()
    expires_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        """Return the id that ledger and intake have for it."""
        return f"tickets/{self.pk}"
