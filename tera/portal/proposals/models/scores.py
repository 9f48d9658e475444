"""What no survey measures: scores and statuses of each layer, the evidence for them, and opinions."""

from django.db import models

from tera.portal.proposals.models.case import Case
from tera.portal.review.models.checks import Layer
from tera.portal.review.models.deeds import Deed


class Evidence(Deed):
    """A file that shows where a value comes from; it is kept as it was handed in."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    layer = models.CharField(max_length=16, choices=Layer)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)  # its media type
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class Score(Deed):
    """What a layer gives for a value of the rulebook, or of what is only recorded, and why.

    A change is a row of its own, and the one with the highest number holds; an empty `value` takes it back.
    `value` is an exact number, such as `27/2`, or one of the statuses.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="scores")
    layer = models.CharField(max_length=16, choices=Layer)
    measure = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="scores")

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("case", "layer", "measure", "number"), name="score_number_once"),
        )

    def __str__(self) -> str:
        """Return whose it is, and of what."""
        return f"{self.case}/{self.layer}: {self.measure}"


class Opinion(Deed):
    """Whether a layer that does not decide is for the proposal, and why; the last one holds.

    `results` are the certified results that it looked at: after a correction it counts no longer.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    layer = models.CharField(max_length=16, choices=Layer)
    number = models.PositiveIntegerField()
    is_for = models.BooleanField()
    reason = models.TextField()
    results = models.JSONField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("case", "layer", "number"), name="opinion_number_once"),
        )

    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.case}/{self.layer}"
