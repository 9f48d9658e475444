"""Statements: written once with the deed that they tell of, given a place in the log once, never changed."""

from collections.abc import Mapping
from typing import Any

from django.db import models

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
