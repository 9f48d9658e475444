"""A proposal: one unit for one title, upon the results of one period; and the steps that it took."""

from functools import cached_property

from django.db import models

from tera.engine.catalogue import get_rulebook
from tera.engine.proposal import Stage
from tera.engine.rulebook import Rulebook, Target
from tera.portal.review.models.deeds import Deed
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


class Case(Deed):
    """That a unit may be put forward for a title; `number` counts those of the unit.

    `campaign` is the first survey of the period when it was begun: its first day says who was above the unit
    and decides, whatever is opened later. `rulebook_id` is that of the integrity zone with which they were
    opened. `office` is for whom it was begun: the unit itself, or the office that invited it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    period = models.CharField(max_length=60)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    rulebook_id = models.CharField(max_length=60)
    target_id = models.CharField(max_length=8)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("unit", "number"), name="case_number_once"),)

    def __str__(self) -> str:
        """Return of which unit, and which."""
        return f"{self.unit.slug}/{self.number}"

    @property
    def rulebook(self) -> Rulebook:
        """The rules by which it is judged."""
        return get_rulebook(self.rulebook_id)

    @property
    def target(self) -> Target:
        """The title that it is about."""
        return self.rulebook.target(self.target_id)

    @cached_property
    def stage(self) -> Stage:
        """How far it is, by the step that it took last; each case has at least one."""
        return Stage(self.steps.latest("number").stage)

    @property
    def is_public(self) -> bool:
        """Whether a decision was published: from then on everybody sees how far it is."""
        return hasattr(self, "announcement")


class Step(Deed):
    """That a proposal went from one stage to the next (tera.engine.proposal). Added, never changed.

    `basis` holds the results upon which it rests from this step on, and the scores on which a decision
    relied; it is empty where the step changes nothing of that. `statement` is the id of what the ledger says.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=32)
    stage = models.CharField(max_length=16, choices=[(stage.value, stage.value) for stage in Stage])
    role = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    basis = models.JSONField(default=dict)
    statement = models.CharField(max_length=200, blank=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("case", "number"), name="case_step_once"),)

    def __str__(self) -> str:
        """Return of what, and where it led."""
        return f"{self.case}/{self.number}: {self.stage}"


class Announcement(Deed):
    """That the decision of a proposal was published; from then on everybody sees how far it is."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="announcement")

    def __str__(self) -> str:
        """Return of what."""
        return str(self.case)
