"""What is taken off a result, its certification, and the former ones: what was decided is never changed."""

from collections import Counter
from fractions import Fraction

from django.conf import settings
from django.db import models

from tera.engine import disclosure
from tera.engine.breakdown import read_means
from tera.engine.disclosure import K
from tera.engine.tally import Tally, of_values
from tera.portal.accounts.models import User
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


class Reason(models.TextChoices):
    """Why a response does not count; the stored code never changes and stands in the ledger."""

    DUPLICATE_TICKET = "DUPLICATE_TICKET", "Tiket dipakai dua kali"
    STAFF = "STAFF", "Pegawai unit sendiri"
    NOT_A_USER = "NOT_A_USER", "Bukan pengguna layanan"
    TEST = "TEST", "Uji coba"
    COERCED = "COERCED", "Dijawab di bawah paksaan"
    OTHER = "OTHER", "Alasan lain"


CONTROL = "CONTROL"


class Exclusion(models.Model):
    """A set of responses that should not count: proposed for one office, confirmed for another.

    Without a confirmation it has no effect. Where the second office declined it, the responses are named no
    longer, and `count` says how many they were. `since` is the number of the certification with which it
    takes effect: of one that is confirmed after a certification, that of the correction to come.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="exclusions")
    number = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)  # of the second office, either way
    count = models.PositiveIntegerField(default=0)
    since = models.PositiveIntegerField(default=1)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("campaign", "number"), name="exclusion_number_once"),
            models.CheckConstraint(
                condition=models.Q(confirmed_for=None) | ~models.Q(confirmed_for=models.F("proposed_for")),
                name="exclusion_by_two_offices",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | models.Q(declined_by=None),
                name="exclusion_answered_once",
            ),
        )

    def __str__(self) -> str:
        """Return the campaign and the number."""
        return f"{self.campaign.code}/{self.number}"

    def is_answered_by_others(self, by: User, office: Unit) -> bool:
        """Say whether somebody may answer for an office: another person and office, and nobody is of both."""
        is_other = by != self.proposed_by and office != self.proposed_for
        return is_other and (
            self.proposed_for not in by.own_offices() and office not in self.proposed_by.own_offices()
        )


class Removed(models.Model):
    """A response that does not count, by its commitment: excluded, or an auditor's control response."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="removed")
    commitment = models.CharField(max_length=64)
    reason = models.CharField(max_length=32, choices=[*Reason.choices, (CONTROL, "Jawaban kendali")])
    exclusion = models.ForeignKey(Exclusion, models.PROTECT, null=True, related_name="responses")

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "commitment"), name="removed_once"),)

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class Content(models.Model):
    """What was certified: what counts, and the tallies of it by instrument id.

    `number` counts the certifications of a campaign: the first is 1, and each correction is the next.
    `tallies_with` has the excluded responses in it. Both are kept; who may see the second is for
    `disclosure` to say. `document` is the certificate, byte for byte; one that is older than certificates has
    none.
    """

    number = models.PositiveIntegerField(default=1)
    count = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    controls = models.PositiveIntegerField()
    tallies = models.JSONField()
    tallies_with = models.JSONField()
    document = models.TextField(blank=True, default="")
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certified_for = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    certified_at = models.DateTimeField()

    class Meta:
        """A part of two tables, none of its own."""

        abstract = True

    @property
    def counted(self) -> dict[str, Tally]:
        """The tallies of what counts; nothing where it is fewer than k responses."""
        return of_values(self.tallies) if self.count >= K else {}

    @property
    def shown_with(self) -> dict[str, Tally]:
        """The tallies with the excluded responses, where they may be shown beside the others."""
        if not disclosure.may_show_with(self.excluded, self.number):
            return {}
        without = of_values(self.tallies)
        return {
            name: disclosure.shown_with(tally, tally - without[name])
            for name, tally in of_values(self.tallies_with).items()
        }


class Certification(Content):
    """The certified result of a campaign as it holds now; a correction replaces it by the next one.

    `means` says how many respondents who count have which mean, by instrument id, and `strata` the same by
    service, month and channel; a certification of before has neither, and a corrected one no strata.
    """

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="certification")
    means = models.JSONField(default=dict)
    strata = models.JSONField(default=list)

    def __str__(self) -> str:
        """Return what was certified."""
        return f"{self.campaign.code}: {self.count}"

    @property
    def spread(self) -> dict[str, Counter[Fraction]]:
        """How many respondents who count have which mean, by instrument id; nothing below k responses."""
        if self.count < K:
            return {}
        return {name: read_means(means) for name, means in self.means.items()}


class Superseded(Content):
    """A result that was certified and then corrected, as it was, and why; rows are never changed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="superseded")
    reason = models.TextField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_for = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("campaign", "number"), name="superseded_number_once"),)

    def __str__(self) -> str:
        """Return the campaign and the number."""
        return f"{self.campaign.code}/{self.number}"


class Analysis(models.Model):
    """What statistics say of a certified result beyond its index: how far it can be trusted, and compared."""

    certification = models.OneToOneField(Certification, models.PROTECT, related_name="analysis")
    values = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return of which campaign."""
        return self.certification.campaign.code


class Written(models.Model):
    """What somebody of the unit wrote in a field of the methods sheet.

    A change is a row of its own, and the one with the highest number holds; an empty text empties the field.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="written")
    field = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_for = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.UniqueConstraint(fields=("campaign", "field", "number"), name="written_number_once"),
        )

    def __str__(self) -> str:
        """Return the campaign, the field and the number."""
        return f"{self.campaign.code}/{self.field}/{self.number}"
