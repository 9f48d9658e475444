"""Drawings of lists as SVG: how a unit stood before, how points spread, how many were eligible each time.

Colour never says anything alone: states differ in height, thresholds carry their names, bars their numbers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tera.engine.nearness import Nearness
from tera.engine.rulebook import Measure, Rulebook
from tera.portal.proposals.listing.lines import Line, columns_of
from tera.portal.proposals.listing.wording import LOOKS, STATES
from tera.portal.results.charts import place
from tera.portal.results.present import named_thresholds
from tera.portal.results.templatetags.numbers import whole

WIDTH, TALL, BINS, FEWEST_BARS = 7, 18, 60, 6
DIGIT, GAP, NARROWEST = 7, 3, 260  # of a number above a bar, and the narrowest drawing, in pixels
_TALL = {Nearness.ELIGIBLE: 18, Nearness.NEARLY: 12, Nearness.NOT: 6, Nearness.NOT_ASSESSABLE: 3}
_RANK = (Nearness.NOT, Nearness.NEARLY, Nearness.ELIGIBLE)


@lru_cache(maxsize=20_000)
def strip(states: tuple[str, ...], language: str) -> SafeString:
    """Return how a unit stood in periods, the earliest first: a path for each state, words in a language."""
    paths = []
    for state in Nearness:
        tall = _TALL[state]
        at = [place for place, one in enumerate(states) if one == state]
        drawn = "".join(f"M{place * WIDTH} {TALL - tall}h{WIDTH - 2}v{tall}h-{WIDTH - 2}z" for place in at)
        paths += [(LOOKS[state], drawn)] if drawn else []
    return format_html(
        '<svg class="strip" width="{}" height="{}" role="img" aria-label="{}">'
        '<path class="track" d="M0 {}h{}v1h-{}z"/>{}</svg>',
        len(states) * WIDTH,
        TALL + 1,
        strip_text(states),
        TALL,
        len(states) * WIDTH,
        len(states) * WIDTH,
        format_html_join("", '<path class="is-{}" d="{}"/>', paths),
    )


def strip_text(states: Sequence[str]) -> str:
    """Return in words how a unit stood: how often in which state, and where it went last."""
    counted = Counter(states)
    often = [f"{STATES[state]} {counted[state]}" for state in Nearness if counted[state]]
    if counted[""]:
        often.append(_("tanpa hasil %(n)s") % {"n": counted[""]})
    places = [_RANK.index(Nearness(one)) for one in states if one in _RANK]
    if len(places) > 1 and states[-1] in _RANK:
        before, now = places[-2:]
        often.append(_("terakhir naik") if now > before else _("terakhir turun") if now < before else "")
    said = ", ".join(filter(None, often))
    return _("%(n)s periode: %(said)s") % {"n": len(states), "said": said}


@dataclass(frozen=True, slots=True)
class Spread:
    """How the points of one measure spread, held against its thresholds.

    `bars` hold the units between two values; `limits` are place, name, value, how many units
    reach it, and whether its name stands left of its line.
    """

    measure: Measure
    rulebook: Rulebook
    units: int
    low: Fraction
    width: str
    bars: tuple["Pile", ...]
    limits: tuple[tuple[str, str, Fraction, int, bool], ...]


def spreads_of(lines: Sequence[Line], rulebooks: Sequence[Rulebook]) -> list[Spread]:
    """Return how the points of each measure of each rulebook spread."""
    found = []
    for rulebook in rulebooks:
        mine = [line.points for line in lines if line.rulebook_id == rulebook.id]
        for measure in columns_of(rulebook.id):
            values = [points[measure.id] for points in mine if measure.id in points]
            if values:
                found.append(_spread(rulebook, measure, values))
    return found


@dataclass(frozen=True, slots=True)
class Pile:
    """How many units lie between two values; `is_named` where its number has room above it."""

    left: str
    middle: str
    top: str
    tall: str
    first: Fraction
    last: Fraction
    n: int
    is_named: bool


def _piles(ends: Sequence[tuple[Fraction, Fraction, int]], low: Fraction, most: Fraction) -> Iterator[Pile]:
    """Yield the bars of a drawing; the highest are numbered first, as long as no number covers another."""
    highest, named = max(n for *_, n in ends), list[tuple[Fraction, Fraction]]()
    for first, _last, n in sorted(ends, key=lambda one: -one[2]):
        half = (most - low) * Fraction(DIGIT * len(str(n)) + GAP, 2 * NARROWEST)
        if all(abs(first - at) > half + other for at, other in named):
            named.append((first, half))
    numbered = {first for first, _ in named}
    for first, last, n in ends:
        yield Pile(
            left=place(first, low, most),
            middle=place((first + last) / 2, low, most),
            top=f"{100 - 100 * n / highest:.1f}%",
            tall=f"{100 * n / highest:.1f}%",
            first=first,
            last=last,
            n=n,
            is_named=first in numbered,
        )


def _spread(rulebook: Rulebook, measure: Measure, values: Sequence[Fraction]) -> Spread:
    """Return bars that begin at the lowest threshold, so that none holds units of both of its sides."""
    named, most = named_thresholds(rulebook, measure.id), measure.maximum.value
    step, start = most / BINS, min(named, default=most)
    counted = Counter((value - start) // step for value in values)
    counted[(most - start) // step - 1] += counted.pop((most - start) // step, 0)
    first = min(*counted, -4)
    low = max(start + first * step, Fraction(0))
    ends = [(start + at * step, start + (at + 1) * step, n) for at, n in sorted(counted.items()) if n]
    bars = tuple(_piles(ends, low, most))
    limits = tuple(
        (
            place(value, low, most),
            names,
            value,
            sum(one >= value for one in values),
            value > low + (most - low) / 2,
        )
        for value, names in named.items()
    )
    return Spread(measure, rulebook, len(values), low, place(low + step, low, most), bars, limits)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many units were eligible in a period, of how many with a result; places are shares of the width."""

    period: str
    short: str
    few: int
    every: int
    left: str
    width: str
    middle: str
    top: str
    tall: str
    is_now: bool

    @property
    def says(self) -> str:
        """The number above it; a period without any certified result is not one with nobody."""
        return whole(self.few) if self.every else "–"


def bars_of(trend: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """Return a bar for each period from the first that has anything; the tallest would be all units."""
    begun = next((at for at, (_, _, every) in enumerate(trend) if every), len(trend))
    kept = trend[min(begun, max(len(trend) - FEWEST_BARS, 0)) :]
    most = max((every for _, _, every in kept), default=0)
    if not most:
        return []
    return [
        Bar(
            period=period,
            short=_short(period),
            few=few,
            every=every,
            left=f"{100 * (at + 0.2) / len(kept):.2f}%",
            width=f"{60 / len(kept):.2f}%",
            middle=f"{100 * (at + 0.5) / len(kept):.2f}%",
            top=f"{100 - 100 * few / most:.1f}%",
            tall=f"{100 * few / most:.1f}%",
            is_now=at == len(kept) - 1,
        )
        for at, (period, few, every) in enumerate(kept)
    ]


def _short(period: str) -> str:
    """Return a name that fits under a bar: the year, with the number or the month before it."""
    *words, year = period.split()
    return f"{words[-1][:3]} {year[-2:]}" if words and words[-1] != "Tahun" else year
