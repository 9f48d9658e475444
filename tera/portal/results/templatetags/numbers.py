"""Numbers in templates: exact fractions become text only here, with the decimal sign of the language."""

from collections.abc import Mapping
from fractions import Fraction

from django import template
from django.utils.translation import gettext

from tera.engine import explain
from tera.engine.article import article_text
from tera.engine.eligibility import Finding
from tera.engine.rulebook import RESPONDENTS, Criterion
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.present import decimals_beside

register = template.Library()


@register.filter
def decimal(value: Fraction, decimals: int = 2) -> str:
    """Return a fraction rounded half up."""
    return explain.decimal_text(value, decimals, language_in_force())


@register.filter
def plain(value: Fraction | str) -> str:
    """Return a fraction with as many decimals as it needs, at least two."""
    return value if isinstance(value, str) else explain.plain_text(value, language_in_force())


@register.filter
def missing(finding: Finding) -> str:
    """Return by how much a criterion is missed."""
    if finding.short_by is None:
        return ""
    return whole(int(finding.short_by)) if finding.criterion.measure == RESPONDENTS else gap(finding.short_by)


@register.filter
def gap(value: Fraction) -> str:
    """Return a difference with two decimals, or as many as it takes not to say 0,00."""
    decimals = next((n for n in range(2, 8) if explain.decimal_text(value, n, "en").strip("0.")), 8)
    return explain.decimal_text(value, decimals, language_in_force())


@register.filter
def found_value(finding: Finding) -> str:
    """Return what a criterion found, never so rounded that a missed threshold looks reached."""
    value, limit = finding.value, finding.criterion.threshold
    if isinstance(value, Fraction) and isinstance(limit, Fraction):
        if finding.criterion.measure == RESPONDENTS:
            return whole(int(value))
        return explain.decimal_text(value, decimals_beside(value, [limit]), language_in_force())
    return "" if value is None else str(value)


@register.filter
def sign(criterion: Criterion) -> str:
    """Return the operator as people write it."""
    return explain.SIGNS[criterion.op]


@register.filter
def threshold(criterion: Criterion) -> str:
    """Return what a criterion asks for."""
    return explain.value_text(criterion.threshold, criterion.measure, language_in_force())


@register.filter
def article(text: str) -> str:
    """Return where a rule stands, or that it is our reading, in the language of the page."""
    said_here = article_text(text, language_in_force())
    return gettext("tidak diatur; pembacaan kami") if said_here.startswith("none") else said_here


@register.filter
def short(value: Fraction) -> str:
    """Return a whole number without decimals, any other as `plain`."""
    return str(value) if value.denominator == 1 else explain.plain_text(value, language_in_force())


@register.filter
def said(words: Mapping[str, str]) -> str:
    """Return the text of the language in force, or the Indonesian one."""
    return explain.said(words, language_in_force())


@register.filter
def whole(value: int) -> str:
    """Return a whole number with separators between thousands."""
    text = f"{value:,}"
    return text if language_in_force() == "en" else text.replace(",", ".")
