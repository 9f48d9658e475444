"""Units: public offices in a tree, and the services that they give."""

from django.db import models


class UnitKind(models.TextChoices):
    """What sort of office a unit is; the stored code never changes."""

    REGION = "KANWIL", "Kantor Wilayah"
    IMMIGRATION = "KANIM", "Kantor Imigrasi"
    PRISON = "LAPAS", "Lembaga Pemasyarakatan"
    DETENTION = "RUTAN", "Rumah Tahanan Negara"
    PROBATION = "BAPAS", "Balai Pemasyarakatan"
    DISTRICT = "PEMDA", "Pemerintah daerah"


class Zone(models.TextChoices):
    """The three time zones; they decide on which day a response arrives."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class Unit(models.Model):
    """An office that serves the public, or one that oversees such offices."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=UnitKind)
    zone = models.CharField(max_length=32, choices=Zone, default=Zone.WIB)
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


class Service(models.Model):
    """A kind of service that a unit gives, such as passports."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="services")
    code = models.SlugField(max_length=32)
    name = models.CharField(max_length=120)

    class Meta:
        """Constraints that hold whatever writes the table."""

        constraints = (models.UniqueConstraint(fields=("unit", "code"), name="service_code_once_per_unit"),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
