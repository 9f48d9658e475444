"""What screening found, kept once it is computed: pages only show it."""

from django.db import models

from tera.portal.surveys.models import Campaign


class Status(models.TextChoices):
    """What became of a campaign among all that are judged together; as `tera.statistics` calls it."""

    REVIEW = "needs review", "Perlu ditelaah"
    QUIET = "nothing seen", "Tidak ada yang menonjol"
    UNSCREENED = "not screened", "Tidak dapat disaring"


class Screening(models.Model):
    """What screening saw in the sealed blocks of a campaign, and what that means beside others of its period.

    `values` holds what was seen by questionnaire, `counts` how people answered, by kind and code. `p` and `e`
    are of all questionnaires together, None where none could be screened. `q`, `status` and `arrivals`, how
    answers came beside other campaigns, are judged anew whenever a campaign of the same period is added;
    until the first time `judged_at` is None. `program` is the sha256 of the code that screened.
    """

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="screening")
    values = models.JSONField()
    counts = models.JSONField(default=dict)
    p = models.FloatField(null=True)
    e = models.FloatField(null=True)
    program = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    q = models.FloatField(null=True)
    status = models.CharField(max_length=16, choices=Status, blank=True)
    together = models.PositiveIntegerField(default=0)
    arrivals = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        """Return of which campaign."""
        return f"{self.campaign.code}: {self.status}"


class Heaping(models.Model):
    """How certified scores of a year lie about the thresholds, over all units; `newest` is the last seen."""

    year = models.PositiveSmallIntegerField(unique=True)
    certified = models.PositiveIntegerField()
    values = models.JSONField()
    newest = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the year."""
        return str(self.year)
