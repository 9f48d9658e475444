"""Accounts, and the roles that they hold for units."""

from collections.abc import Collection, Sequence
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from tera.portal.accounts.permissions import ABOVE, rules
from tera.portal.units.models import Dated, Unit
from tera.portal.units.queries import holds, ids_below, line_above


def role_choices() -> list[tuple[str, str]]:
    """Return the roles with their Indonesian titles."""
    return [(role.id, role.title["id"]) for role in rules().roles.values()]


class User(AbstractUser):
    """Somebody who logs in. Respondents never do."""

    class Meta(AbstractUser.Meta):
        """Names that differ in capitals only would be one at the login."""

        constraints = (models.UniqueConstraint(Lower("username"), name="username_once_however_written"),)

    def assignments_on(self, day: date | None = None) -> "models.QuerySet[Assignment]":
        """Return the roles that this person holds on a day; today where none is named."""
        held = Assignment.held_on(day or timezone.localdate()).filter(user=self)
        return held.select_related("unit", "office").order_by("pk")

    def acting(
        self,
        permission: str,
        unit: Unit,
        on: date | None = None,
        office: Unit | None = None,
        since: date | None = None,
    ) -> "Assignment | None":
        """Return the role by which this person may do something for a unit now, or None.

        Args:
            permission: its id in `permissions.toml`; KeyError where there is none.
            unit: the unit that it is about.
            on: the day whose tree of units decides; today where none is named.
            office: in whose name; any of theirs where none is named.
            since: what is decided from above is not decided by who ran the unit's surveys at any time from
                this day on; from `on` where none is named.
        """
        rule = rules().permissions[permission]
        held = list(self.assignments_on()) if self.is_active else []
        if not any(entry.role in (*rule.roles, *rule.alone) for entry in held):
            return None
        on = on or timezone.localdate()
        line = [unit.pk, *line_above(unit, on)]
        mine = [entry for entry in held if entry.unit_id in line]
        named = [entry for entry in mine if office is None or entry.acts_for == office]
        if len(line) == 1 and (found := _first(named, rule.alone, line)):
            return found
        if rule.reach == ABOVE:
            return None if self.has_run(unit, since or on) else _first(named, rule.roles, line[1:])
        return _first(named, rule.roles, line)

    def has_run(self, unit: Unit, since: date) -> bool:
        """Say whether this person ran the surveys of a unit at any time from a day until now.

        A role that was given up counts for the whole of that day, and a role at any office above the unit
        since then: after a move, who runs surveys for the new office decides nothing of them for the old one.
        """
        today = timezone.localdate()
        first = min(since, today)
        lasted = models.Q(valid_until__gt=first) | models.Q(valid_until=first, is_ended=True)
        ran = self.assignments.filter(lasted, role__in=rules().running, valid_from__lte=today)
        if not (held := set(ran.values_list("unit", flat=True))):
            return False
        moved = unit.versions.filter(valid_from__gt=first, valid_from__lt=today)
        days = {since, today, *moved.values_list("valid_from", flat=True)}
        return unit.pk in held or any(not held.isdisjoint(line_above(unit, day)) for day in days)

    def may(self, permission: str, unit: Unit, on: date | None = None) -> bool:
        """Say whether this person may do something for a unit; see `acting`."""
        return self.acting(permission, unit, on) is not None

    def holding(self, permission: str) -> "Assignment | None":
        """Return a role that allows something, for whatever unit; None where no role does."""
        held = self.assignments_on().filter(role__in=rules().permissions[permission].roles)
        return held.first() if self.is_active else None

    def units_held(self, permission: str) -> models.QuerySet[Unit]:
        """Return the units for which this person holds a role that allows something, without those below."""
        roles = rules().permissions[permission].roles
        held = self.assignments_on().filter(role__in=roles).values("unit")
        return Unit.objects.filter(pk__in=held)

    def units_with(self, permission: str) -> models.QuerySet[Unit]:
        """Return the units for which this person may do something that reaches as far as the role is held."""
        held = set(self.units_held(permission).values_list("pk", flat=True))
        return Unit.objects.filter(pk__in=held | ids_below(held, timezone.localdate()))

    def own_offices(self) -> set[Unit]:
        """Return the offices in whose name this person acts today by roles of their own, not lent ones."""
        return {entry.acts_for for entry in self.assignments_on().filter(delegated_from=None)}

    def must_have_second_factor(self) -> bool:
        """Say whether this person decides about others."""
        return self.is_active and self.assignments_on().filter(role__in=rules().deciding).exists()


def _first(mine: Sequence["Assignment"], roles: Collection[str], line: Sequence[int]) -> "Assignment | None":
    """Return the role that is held nearest to the unit at which the line begins."""
    fitting = [entry for entry in mine if entry.role in roles and entry.unit_id in line]
    return min(fitting, key=lambda entry: line.index(entry.unit_id), default=None)


class Assignment(Dated):
    """A role that somebody holds for a unit and everything below it, from one day up to another.

    `office` is where the person works if that is another unit: an inspector of the inspectorate holds the
    role for the ministry.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=32, choices=role_choices)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="assignments")
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, blank=True)
    is_ended = models.BooleanField(default=False)  # before its day: it holds no more at once
    delegated_from = models.ForeignKey(
        "self", models.CASCADE, related_name="delegations", null=True, blank=True
    )

    class Meta(Dated.Meta):
        """Constraints that hold whatever writes the table."""

        constraints = (
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("user", "role", "unit", "valid_from"),
                condition=models.Q(delegated_from=None),
                name="assignment_once",
            ),
            models.UniqueConstraint(
                fields=("user", "delegated_from", "valid_from"),
                condition=models.Q(delegated_from__isnull=False),
                name="delegation_once",
            ),
        )

    def __str__(self) -> str:
        """Return who does what for whom."""
        return f"{self.user.get_username()}: {self.role}, {self.unit}"

    @classmethod
    def held_on(cls, day: date) -> "models.QuerySet[Assignment]":
        """Return the roles that anybody holds on a day.

        What was lent holds no longer than what it was lent from, and while its owner has an account.
        """
        owned = {"delegated_from__is_ended": False, "delegated_from__user__is_active": True}
        lent = models.Q(delegated_from=None) | (holds(day, "delegated_from__") & models.Q(**owned))
        return cls.objects.filter(holds(day), lent, is_ended=False)

    @property
    def acts_for(self) -> Unit:
        """The office in whose name this person acts."""
        return self.office or self.unit

    @property
    def owners(self) -> set[User]:
        """Who may give it up: who holds it, and who lent it."""
        return {self.user, self.delegated_from.user} if self.delegated_from else {self.user}
