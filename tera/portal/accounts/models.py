"""Accounts, and the roles that they hold for units."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from tera.portal.units.models import Unit


class Role(models.TextChoices):
    """What somebody does; the stored code never changes."""

    OPERATOR = "OPERATOR", "Operator unit"
    REGIONAL_VERIFIER = "REGIONAL_VERIFIER", "Verifikator kantor wilayah"


class User(AbstractUser):
    """Somebody who logs in. Respondents never do."""

    def units_as(self, role: Role) -> models.QuerySet[Unit]:
        """Return the units for which this person holds a role directly."""
        return Unit.objects.filter(assignments__user=self, assignments__role=role)

    def may_operate(self, unit: Unit) -> bool:
        """Say whether this person runs the surveys of this unit."""
        return self.units_as(Role.OPERATOR).filter(pk=unit.pk).exists()

    def may_see(self, unit: Unit) -> bool:
        """Say whether this person may see the unit's results: its own people, and the office above it."""
        return self.may_operate(unit) or (unit.parent is not None and self.may_verify(unit.parent))

    def may_certify(self, unit: Unit) -> bool:
        """Say whether this person certifies the unit's results: the office above it, or who runs it alone."""
        return self.may_operate(unit) if unit.parent is None else self.may_verify(unit.parent)

    def may_verify(self, region: Unit) -> bool:
        """Say whether this person oversees the units below this regional office."""
        return self.units_as(Role.REGIONAL_VERIFIER).filter(pk=region.pk).exists()


class Assignment(models.Model):
    """A role that somebody holds for a unit."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=32, choices=Role)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="assignments")

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("user", "role", "unit"), name="assignment_once"),)

    def __str__(self) -> str:
        """Return who does what for whom."""
        return f"{self.user.get_username()}: {self.role}, {self.unit}"
