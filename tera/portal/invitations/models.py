"""The logo that a unit prints. Of invitations nothing is kept: not to whom, not when, not how many."""

from django.db import models

from tera.portal.units.models import Unit


class Logo(models.Model):
    """The picture that stands on what a unit prints."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="logo")
    media_type = models.CharField(max_length=16)
    picture = models.BinaryField()

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Logo {self.unit}"
