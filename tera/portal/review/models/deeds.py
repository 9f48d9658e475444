"""Who did something, for which office and when: what rows of a review share."""

from django.conf import settings
from django.db import models

from tera.portal.units.models import Unit


class Deed(models.Model):
    """A row that somebody added for an office; it is never changed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Each kind of row has a table of its own."""

        abstract = True
