"""Exact numbers in and out of text: reading decimals, rounding half up, showing fractions.

Nothing here ever passes through a binary float: 88,305 is a tie, and a float may fall on either side of it.
"""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NewType

Points = NewType("Points", Fraction)
"""An index or a mean on the scale of the rulebook, such as 1 to 4."""

Converted = NewType("Converted", Fraction)
"""An index after the rulebook's conversion, such as 25 to 100 or 0 to 15 points."""


class NotANumber(ValueError):
    """The text is no decimal number and no fraction; the message says what is allowed."""


LONGEST = 40


def parse(text: str) -> Fraction:
    """Return the exact number written as `3.60`, `3,60` or `1387/441`.

    Raises:
        NotANumber: the text is anything else (also `1e3`, `nan`, or a number with thousands separators),
            or longer than anybody writes a number.
    """
    if len(text) > LONGEST:
        raise NotANumber(f"{text[:LONGEST]!r}… is too long for a number; {LONGEST} characters are allowed")
    numerator, slash, denominator = text.strip().partition("/")
    try:
        if slash:
            return Fraction(_whole(numerator), _whole(denominator))
        return Fraction(_decimal(numerator))
    except (ValueError, ZeroDivisionError, InvalidOperation) as error:
        message = f"{text!r} is not a number; write it like 3.60, 3,60 or 1387/441"
        raise NotANumber(message) from error


def fraction_of(text: str) -> Fraction:
    """Return the number of which `exact` made this text, however long it is; ValueError for any other text.

    For what is stored: `parse` reads what people type, is slower, and refuses what nobody types.
    """
    top, _, bottom = text.partition("/")
    return Fraction(int(top), int(bottom or 1))


def _whole(text: str) -> int:
    if not text.strip().isascii() or not text.strip().lstrip("-").isdigit():
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    if not set(text) <= set("0123456789.,-"):
        raise ValueError(text)
    return Decimal(text.replace(",", "."))


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Return value rounded to so many decimals, ties away from zero (half up for the indices of the law).

    >>> rounded(Fraction("88.305"), 2)
    Fraction(8831, 100)
    """
    scale = 10**decimals
    whole = (abs(value) * scale * 2 + 1) // 2
    return Fraction(whole if value >= 0 else -whole, scale)


def shown(value: Fraction, decimals: int) -> str:
    """Return value rounded half up, in plain decimal notation with exactly so many decimals.

    >>> shown(Fraction(1387, 441), 2)
    '3.15'
    """
    digits = rounded(value, decimals) * 10**decimals
    sign = "-" if digits < 0 else ""
    text = str(abs(int(digits))).rjust(decimals + 1, "0")
    return sign + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


def plain(value: Fraction, decimals: int = 2, limit: int = 8, *, is_shortfall: bool = False) -> str:
    """Return value in plain decimal notation, exactly where that takes at most `limit` decimals.

    A number that goes on is cut after `limit` decimals, never rounded up: 13,4999… must not read 13,50 beside
    a threshold of 13,50. A shortfall is rounded up instead: it is never nothing.

    >>> plain(Fraction("13.48125")), plain(Fraction(27, 2)), plain(Fraction(40, 3))
    ('13.48125', '13.50', '13.33333333')
    """
    for places in range(decimals, limit + 1):
        if (value * 10**places).denominator == 1:
            return shown(value, places)
    scale = 10**limit
    whole = abs(value) * scale // 1 + (1 if is_shortfall else 0)
    return shown(Fraction(whole if value >= 0 else -whole, scale), limit)


def exact(value: Fraction) -> str:
    """Return the fraction in lowest terms as text: `1387/441`, or `3` for a whole number."""
    return str(value)
