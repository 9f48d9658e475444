"""Campaigns: one run of a survey. Its rules are fixed when it opens."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tera import instruments, law
from tera.engine.catalogue import get_instrument, get_rulebook, list_languages
from tera.engine.instrument import Instrument
from tera.engine.rulebook import RESPONDENTS, Rulebook
from tera.engine.ticket import OPEN_LINK
from tera.engine.workflow import Stage
from tera.intake.form import CampaignForm
from tera.portal.surveys.periods import LENGTHS
from tera.portal.units.models import Unit, Version, Zone
from tera.portal.units.queries import version_of


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided before a campaign opens; `source` says where imported answers come from."""

    period: str
    starts_on: date
    ends_on: date
    population: int
    instrument_ids: Sequence[str]
    survey_rulebook_id: str
    zone_rulebook_id: str
    source: str = ""
    levels: Sequence[int] = (OPEN_LINK,)
    served: Mapping[str, int] = field(default_factory=dict)  # people of the population, by service


def open_link() -> list[int]:
    """Return the levels of a campaign that anybody may answer."""
    return [OPEN_LINK]


HOW_OFTEN = {
    1: _("setiap bulan"),
    3: _("setiap triwulan"),
    6: _("setiap semester"),
    12: _("setiap tahun"),
}


class Schedule(models.Model):
    """That a survey is opened for every period from now on: for a unit, or for all units below an office.

    `months` is how long a period is. `population` stands in for units that were never surveyed before; the
    others serve as many people as in their last survey.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="schedules")
    is_for_all_below = models.BooleanField(default=False)
    months = models.PositiveSmallIntegerField(choices=[(length, str(length)) for length in LENGTHS])
    instrument_ids = models.JSONField()
    survey_rulebook_id = models.CharField(max_length=60)
    zone_rulebook_id = models.CharField(max_length=60)
    levels = models.JSONField(default=open_link)
    population = models.PositiveIntegerField()
    begins_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        """Return for whom and how often."""
        return f"{self.unit.short_name}, {self.months}"

    @property
    def how_often(self) -> str:
        """How long a period is, in a word."""
        return str(HOW_OFTEN[self.months])


class Campaign(models.Model):
    """One run of a survey for one unit and one period.

    `served` is how many of the population each service served, and `quotas` how many of the target sample it
    should have, where that was asked for. `rules`
    holds the sha256 of every instrument and rulebook as they were at the opening, `levels` says who may
    answer (tera.engine.ticket), and `notice` what respondents are told before; `zone` is the time zone of
    the unit on the first day. `source` says where imported answers come from; it is empty for a campaign
    that was answered here.
    """

    code = models.SlugField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns")
    period = models.CharField(max_length=60)
    zone = models.CharField(max_length=32, choices=Zone)
    starts_on = models.DateField()
    ends_on = models.DateField()
    population = models.PositiveIntegerField()
    target_sample = models.PositiveIntegerField()
    instrument_ids = models.JSONField(default=list)
    survey_rulebook_id = models.CharField(max_length=60)
    zone_rulebook_id = models.CharField(max_length=60)
    services = models.JSONField(default=dict, blank=True)
    served = models.JSONField(default=dict, blank=True)
    quotas = models.JSONField(default=dict, blank=True)
    schedule = models.ForeignKey(
        Schedule, models.PROTECT, related_name="campaigns", null=True, blank=True, editable=False
    )
    rules = models.JSONField(default=dict)
    levels = models.JSONField(default=open_link)
    notice = models.CharField(max_length=20, blank=True)
    source = models.TextField(blank=True)
    is_invented = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        """Return unit and period."""
        return f"{self.unit.short_name}, {self.period}"

    @cached_property
    def instruments(self) -> tuple[Instrument, ...]:
        """The questionnaires, in the order in which they are asked."""
        return tuple(map(get_instrument, self.instrument_ids))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a wording of any question, Indonesian first; the rest is asked in it."""
        spoken = {code for instrument in self.instruments for item in instrument.items for code in item.stem}
        return tuple(language.id for language in list_languages() if language.id in spoken)

    @property
    def survey_rulebook(self) -> Rulebook:
        """The rulebook of the survey itself, which gives the grade."""
        return get_rulebook(self.survey_rulebook_id)

    @property
    def zone_rulebook(self) -> Rulebook:
        """The rulebook of the integrity zone, which judges WBK and WBBM."""
        return get_rulebook(self.zone_rulebook_id)

    @property
    def respondents_asked(self) -> int:
        """The fewest respondents that any title of the integrity zone asks for; 0 where none does."""
        asked = (
            criterion.threshold
            for target in self.zone_rulebook.targets
            for criterion in target.criteria
            if criterion.measure == RESPONDENTS and isinstance(criterion.threshold, Fraction)
        )
        return math.ceil(min(asked, default=Fraction(0)))

    @cached_property
    def form(self) -> CampaignForm:
        """The campaign as the intake knows it."""
        return CampaignForm(
            code=self.code,
            unit=self.unit.slug,
            instruments=self.instruments,
            services=self.services,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            zone=self.zone,
            grace=timedelta(hours=settings.GRACE_HOURS),
            levels=tuple(self.levels),
        )

    @cached_property
    def stood(self) -> Version | None:
        """What was true of the unit on the first day; the result belongs to the office above it then."""
        return version_of(self.unit, self.starts_on)

    @property
    def office_above(self) -> Unit | None:
        """The office right above the unit on the first day, which verifies the survey, if there was one."""
        return self.stood.parent if self.stood else None

    @property
    def takes_tickets(self) -> bool:
        """Whether somebody may answer with a ticket."""
        return self.form.takes_tickets

    @property
    def needs_ticket(self) -> bool:
        """Whether nobody may answer without a ticket."""
        return self.form.needs_ticket

    def is_open(self, at: datetime) -> bool:
        """Say whether respondents can begin to answer now."""
        return not self.source and self.starts_on <= self.form.local_day(at) <= self.ends_on

    def days_left(self, at: datetime) -> int:
        """Return the days until the window ends, today included; 0 once it has."""
        return max((self.ends_on - self.form.local_day(at)).days + 1, 0)

    def is_like(self, plan: Plan) -> bool:
        """Say whether another campaign of the same unit and period asks the same on the same days."""
        mine = (self.starts_on, self.ends_on, list(self.instrument_ids), self.source)
        return mine == (plan.starts_on, plan.ends_on, list(plan.instrument_ids), plan.source)

    def can_be_pooled(self, plan: Plan) -> bool:
        """Say whether another campaign of the same unit and period asks and judges in the same way."""
        rules = (self.survey_rulebook_id, self.zone_rulebook_id)
        return rules == (plan.survey_rulebook_id, plan.zone_rulebook_id) and self.asks_alike(plan)

    def asks_alike(self, plan: Plan) -> bool:
        """Say whether what both measure is measured with the same questionnaire."""
        mine = {entry.construct: entry.id for entry in self.instruments}
        theirs = {entry.construct: entry.id for entry in map(get_instrument, plan.instrument_ids)}
        return all(mine[name] == theirs[name] for name in mine.keys() & theirs.keys())

    def rules_now(self) -> dict[str, str]:
        """Return the sha256 of each instrument and rulebook as the program holds them now."""
        texts = {name: instruments.read(name) for name in self.instrument_ids}
        texts |= {name: law.read(name) for name in (self.survey_rulebook_id, self.zone_rulebook_id)}
        return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


class Extension(models.Model):
    """That a campaign was extended before it closed; it is marked on the result for ever."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="extensions")
    number = models.PositiveSmallIntegerField()
    ends_on = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    by_office = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="extension_once"),)

    def __str__(self) -> str:
        """Return until when."""
        return f"{self.campaign.code}: {self.until}"


class Step(models.Model):
    """That a survey went from one stage to the next (tera.engine.workflow). Steps are added, never changed.

    `by`, `role` and `office` are empty where the program did it; `due_on` is the day by which a unit that got
    its survey back must have mended what the note says. `statement` is the id of what the ledger says of the
    step, where it says something.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=32)
    stage = models.CharField(max_length=16, choices=[(stage.value, stage.value) for stage in Stage])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=32, blank=True)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    statement = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="step_number_once"),)

    def __str__(self) -> str:
        """Return of what, and where it led."""
        return f"{self.campaign.code}/{self.number}: {self.stage}"


class Reminder(models.Model):
    """That the people of a unit were reminded of a target that is not reached; once a day at most."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminders")
    day = models.DateField()
    days_left = models.PositiveSmallIntegerField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "days_left"), name="reminder_once"),)

    def __str__(self) -> str:
        """Return of what."""
        return f"{self.campaign.code}: {self.days_left}"
