"""How values, their limits and their scales are written: `14,30 dari 15`, with the index beside it."""

from fractions import Fraction

from django.utils.translation import gettext as _

from tera.engine.eligibility import upper_bounds
from tera.engine.explain import DECIMALS, SIGNS, beside, decimal_text, plain_text
from tera.engine.explain import value_text as number_text
from tera.engine.number import fraction_of
from tera.engine.rulebook import Criterion, Given, Rulebook


def status_text(status: str) -> str:
    """Return a status as people write it; grades and opinions are codes that everybody knows."""
    return {"none": _("belum ada"), "wbk": "WBK", "wbbm": "WBBM"}.get(status, status)


def value_text(given: Given, value: str, language: str) -> str:
    """Return what was given as people write it: a status, or a number with the language's decimal sign."""
    return plain_text(fraction_of(value), language) if value and given.maximum else status_text(value)


def asked_text(criterion: Criterion, language: str) -> str:
    """Return what a criterion asks for, as people write it."""
    threshold = criterion.threshold
    if isinstance(threshold, str):
        return status_text(threshold)
    return number_text(threshold, criterion.measure, language)


def limit_text(criterion: Criterion, language: str) -> str:
    """Return what a criterion asks for with its sign."""
    return f"{SIGNS[criterion.op]} {asked_text(criterion, language)}"


def scale_text(rulebook: Rulebook, criterion: Criterion, value: Fraction | str | None, language: str) -> str:
    """Return of how many points a value is, and which index that is where a survey measures it."""
    most, limit = upper_bounds(rulebook).get(criterion.measure), criterion.threshold
    if most is None or not isinstance(value, Fraction) or not isinstance(limit, Fraction):
        return ""
    whole = str(most) if most.denominator == 1 else plain_text(most, language)
    of = _("dari %(most)s") % {"most": whole}
    if criterion.measure not in {one.id for one in rulebook.measures}:
        return of
    highest = rulebook.highest.value
    index = beside(value * highest / most, limit * highest / most, DECIMALS)
    told = {"index": decimal_text(index, DECIMALS, language), "highest": str(highest)}
    return f"{of}, " + _("indeks %(index)s dari %(highest)s") % told
