"""Numbers of a list as text: what is shown and what is missing always add up to the threshold."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext as _

from tera.engine.catalogue import get_rulebook
from tera.engine.rulebook import RESPONDENTS
from tera.portal.proposals.listing.lines import Line, asked_by
from tera.portal.proposals.listing.wording import REASONS
from tera.portal.results.present import MOST_DECIMALS, thresholds
from tera.portal.results.templatetags.numbers import whole

Ratio = tuple[int, int]


@cache
def limits(rulebook_id: str, measure: str) -> tuple[Ratio, ...]:
    """Return what any title asks of a measure, as numerators and denominators."""
    found = thresholds(get_rulebook(rulebook_id), measure)
    return tuple(value.as_integer_ratio() for _, value in found)


def near(value: Fraction, every: Iterable[Ratio], least: int = 2) -> Ratio:
    """Return digits and decimals of a number, as many as it takes not to look like a threshold it misses.

    It is what `decimals_beside` and rounding give, in whole numbers: a page has thousands. Of points only:
    it takes no negative number.
    """
    top, bottom = value.as_integer_ratio()
    missed = [(most, share) for most, share in every if top * share < most * bottom]
    digits, decimals = 0, least
    for decimals in range(least, MOST_DECIMALS + 1):
        scale = 10**decimals
        digits = (2 * top * scale + bottom) // (2 * bottom)
        if all(digits * share < most * scale for most, share in missed):
            break
    return digits, decimals


def decimal_of(digits: int, decimals: int, language: str) -> str:
    """Return digits with the decimal sign of the language."""
    whole_part, rest = divmod(digits, 10**decimals)
    return f"{whole_part}{',' if language == 'id' else '.'}{rest:0{decimals}d}"


def points_text(value: Fraction, rulebook_id: str, measure: str, language: str) -> str:
    """Return points with two decimals, or as many as it takes not to look like a threshold they miss."""
    return decimal_of(*near(value, limits(rulebook_id, measure)), language)


def missing_of(line: Line, title: str, language: str) -> Iterator[str]:
    """Yield what a unit lacks for a title, one sentence for each criterion that does not hold."""
    if line.why:
        yield str(REASONS[line.why])
        return
    asked = asked_by(line.rulebook_id, title)
    for name, short_by in line.missing:
        criterion = asked[name]
        if criterion.measure == RESPONDENTS:
            yield _respondents(short_by)
        elif short_by is None or not isinstance(criterion.threshold, Fraction):
            yield _("%(name)s tidak diketahui") % {"name": criterion.measure.upper()}
        else:
            amount = _gap(short_by, criterion.threshold, limits(line.rulebook_id, criterion.measure))
            said = {"name": criterion.measure.upper(), "amount": decimal_of(*amount, language)}
            yield _("%(name)s kurang %(amount)s") % said


def _respondents(short_by: Fraction | None) -> str:
    if short_by is None:
        return _("jumlah responden tidak diketahui")
    more = -(-short_by.numerator // short_by.denominator)
    return _("%(more)s responden lagi") % {"more": whole(more)}


def _gap(short_by: Fraction, threshold: Fraction, every: tuple[Ratio, ...]) -> Ratio:
    """Return digits and decimals of the distance from the points as they are shown; it is never nothing."""
    digits, decimals = near(threshold - short_by, every)
    return max(int(threshold * 10**decimals) - digits, 1), decimals
