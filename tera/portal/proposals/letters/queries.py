"""Reads of letters: the register of an office, by year, and the number that comes next."""

from django.db.models import Max, QuerySet

from tera.portal.proposals.models import Letter, Listed
from tera.portal.units.models import Unit


def next_number(office: Unit, year: int) -> int:
    """Return the number of an office's next letter in a year."""
    last: int | None = Letter.objects.filter(office=office, year=year).aggregate(Max("number"))["number__max"]
    return (last or 0) + 1


def years_of(office: Unit) -> list[int]:
    """Return the years in which an office wrote letters, the latest first."""
    found = Letter.objects.filter(office=office).order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def register(office: Unit, year: int) -> QuerySet[Letter]:
    """Return the letters of an office in a year, the highest number first, with what they name."""
    found = Letter.objects.filter(office=office, year=year).select_related("voided_by")
    return found.prefetch_related("listed__case__unit").order_by("-number")


def listed_in(letter: Letter) -> QuerySet[Listed]:
    """Return the proposals that a letter names, by unit."""
    return letter.listed.select_related("case__unit").order_by("case__unit__name", "case__number")
