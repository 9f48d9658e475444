"""Statements, written once with their deed and given a place in the log once; and the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from tera.engine import statement


class Statement(models.Model):
    """One entry of the ledger in canonical form; `place` is its index in the log, once it has one."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=32)
    content = models.BinaryField()
    place = models.PositiveBigIntegerField(null=True, unique=True)

    def __str__(self) -> str:
        """Return the id."""
        return self.name

    def as_said(self) -> Mapping[str, Any]:
        """Return what it says."""
        return statement.decode(bytes(self.content))


class Event(models.Model):
    """One line of the audit trail: who did or saw what, when, from which role. Added, never changed.

    Names are kept as text: an account may go, what it did stays. It never holds an answer or a receipt.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=8)
    who = models.CharField(max_length=150)
    role = models.CharField(max_length=32, blank=True)
    office = models.CharField(max_length=50, blank=True)
    deed = models.CharField(max_length=60)
    unit = models.CharField(max_length=50, blank=True)
    about = models.CharField(max_length=300, blank=True)

    class Meta:
        """Trails are read by person and by unit, the latest first."""

        indexes = (models.Index(fields=("who", "at")), models.Index(fields=("unit", "at")))

    def __str__(self) -> str:
        """Return who did what."""
        return f"{self.who}: {self.deed} {self.about}"
