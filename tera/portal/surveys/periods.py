"""The periods for which a survey is run: a month, a quarter, a half year or a year, each with its days.

A period is chosen, never typed: two spellings of the same half year would not be compared.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
LENGTHS = (6, 3, 1, 12)  # in months, the usual one first
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months with the name that reports use."""

    name: str
    first: date
    last: date


def semester_of(day: date) -> Period:
    """Return the half year that a day lies in, the usual period of a survey."""
    return _stretch(day, 6)


def named(name: str) -> Period | None:
    """Return the period of this name, or None where none has it."""
    words, _, year = name.rpartition(" ")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and year >= "1900"):
        return None
    every = (_stretch(date(int(year), month, 1), months) for months in LENGTHS for month in range(1, 13))
    return next((found for found in every if found.name == f"{words} {year}"), None)


def of_length(day: date, months: int) -> Period:
    """Return the period of so many months, one of `LENGTHS`, that a day lies in."""
    return _stretch(day, months)


def around(day: date) -> list[Period]:
    """Return the periods that a day lies in and the one after each, the half year first."""
    found = []
    for months in LENGTHS:
        now = _stretch(day, months)
        found += [now, _stretch(now.last + timedelta(days=1), months)]
    return found


def _stretch(day: date, months: int) -> Period:
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    end = first.month + months - 1
    words = {
        1: MONTHS[first.month - 1],
        3: f"Triwulan {ROMAN[number % 4]}",
        6: f"Semester {ROMAN[number % 4]}",
    }
    name = f"{words.get(months, 'Tahun')} {day.year}"
    return Period(name, first, date(day.year, end, monthrange(day.year, end)[1]))
