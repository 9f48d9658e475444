"""Units: public offices in a tree that is reorganised again and again, and the services that they give.

What may change is kept with the days on which it holds: from `valid_from` up to and without `valid_until`.
"""

from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

EVER, FOREVER = date.min, date.max  # of what always held, and of what has no end yet


class UnitKind(models.TextChoices):
    """What sort of office a unit is; the stored code never changes."""

    MINISTRY = "KEMENTERIAN", "Kementerian/Lembaga"
    DIRECTORATE = "ESELON1", "Unit eselon I"
    INSPECTORATE = "ITJEN", "Inspektorat"
    REGION = "KANWIL", "Kantor Wilayah"
    IMMIGRATION = "KANIM", "Kantor Imigrasi"
    IMMIGRATION_DETENTION = "RUDENIM", "Rumah Detensi Imigrasi"
    PRISON = "LAPAS", "Lembaga Pemasyarakatan"
    DETENTION = "RUTAN", "Rumah Tahanan Negara"
    JUVENILE = "LPKA", "Lembaga Pembinaan Khusus Anak"
    PROBATION = "BAPAS", "Balai Pemasyarakatan"
    SEIZED_GOODS = "RUPBASAN", "Rumah Penyimpanan Benda Sitaan Negara"
    ESTATES = "BHP", "Balai Harta Peninggalan"
    DISTRICT = "PEMDA", "Pemerintah daerah"
    OTHER = "LAIN", "Unit lain"


class Zone(models.TextChoices):
    """The three time zones; they decide on which day a response arrives."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class State(models.Model):
    """What is true of a unit and may change."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=UnitKind)
    grade = models.CharField(max_length=60, blank=True)  # its class, such as "II TPI" or "IIA"
    zone = models.CharField(max_length=32, choices=Zone, default=Zone.WIB)

    class Meta:
        """A unit has one of these, and so has each of its versions."""

        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse, beside what Django refuses, names with letters that cannot be seen, such as a line feed."""
        super().clean_fields(exclude)
        unseen = [key for key in ("name", "short_name", "grade") if not str(getattr(self, key)).isprintable()]
        if unseen:
            says = _("Nama unit ditulis pada satu baris, tanpa huruf yang tidak terlihat.")
            raise ValidationError(dict.fromkeys(unseen, says))


class Unit(State):
    """An office that serves the public, or one that oversees such offices.

    The row says what holds today; `versions` says what held and will hold, and is what the past is read from.
    `units.actions` writes both.
    """

    slug = models.SlugField(unique=True)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, blank=True)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="unit_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Dated(models.Model):
    """Something that holds from one day up to and without another."""

    valid_from = models.DateField(default=EVER)
    valid_until = models.DateField(default=FOREVER)

    class Meta:
        """The two days are in order, whatever writes the table."""

        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="%(class)s_begins_before_end"
            ),
        )


class Version(State, Dated):
    """What was, is or will be true of a unit between two days; the versions of a unit never overlap."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="versions")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Dated.Meta):
        """A unit becomes something new once a day."""

        constraints = (
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("unit", "valid_from"), name="version_begins_once"),
        )
        indexes = (models.Index(fields=("parent", "valid_from")),)

    def __str__(self) -> str:
        """Return the name that it had."""
        return self.name


class Code(Dated):
    """What a unit is called in a scheme, such as the six digits of the treasury (satker)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="codes")
    scheme = models.SlugField(max_length=32)
    value = models.CharField(max_length=40)

    class Meta(Dated.Meta):
        """A code names one unit at a time; `units.actions` sees to it that it does not name two."""

        constraints = (
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("scheme", "value", "valid_from"), name="code_begins_once"),
        )

    def __str__(self) -> str:
        """Return scheme and value."""
        return f"{self.scheme}:{self.value}"


class Place(Dated):
    """Where a unit serves people: its house, a counter in a mall of public services."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="places")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Service(Dated):
    """A kind of service that a unit gives, such as passports."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="services")
    code = models.SlugField(max_length=32)
    name = models.CharField(max_length=120)

    class Meta(Dated.Meta):
        """Constraints that hold whatever writes the table."""

        constraints = (
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("unit", "code", "valid_from"), name="service_begins_once"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Succession(models.Model):
    """That a unit took the place of another on a day: after a merger, or a split."""

    before = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    after = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    day = models.DateField()

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("before", "after"), name="succession_once"),)

    def __str__(self) -> str:
        """Return who took whose place."""
        return f"{self.before} → {self.after}"
