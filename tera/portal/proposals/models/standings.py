"""How a unit stands by the certified results of a period: derived, so it may be made again at any time."""

from django.db import models

from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


class Standing(models.Model):
    """What the criteria that a survey answers say of a unit in a period, for each title.

    `office` is the one above the unit on the first day of the period's first survey; `first` is that day.
    `measures` are exact points by measure id, `results` the ids of the certified statements, `missing` by
    title what is not met: `[criterion, short by]` each, with an empty text where it cannot be judged.
    `wbk` and `wbbm` are codes of `tera.engine.nearness.Nearness`; `rules` is the sha256 of the rulebook.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="standings")
    office = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=60)
    first = models.DateField()
    rulebook_id = models.CharField(max_length=60)
    rules = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    measures = models.JSONField()
    results = models.JSONField()
    wbk = models.CharField(max_length=16)
    wbbm = models.CharField(max_length=16)
    missing = models.JSONField()

    class Meta:
        """Constraints that hold whatever writes the table; lists ask by office and by period."""

        constraints = (models.UniqueConstraint(fields=("unit", "period"), name="standing_once"),)
        indexes = (models.Index(fields=("office", "first")), models.Index(fields=("period", "office")))

    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.unit.slug}, {self.period}"


class Judged(models.Model):
    """That a certified result, by the number of its certification, is in the standings."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, primary_key=True, related_name="judged")
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Return which."""
        return f"{self.campaign.code}/{self.number}"
