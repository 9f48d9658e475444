"""What stands above the rows of a list: how many units are in each state, the regions, and the columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tera.engine.nearness import Nearness
from tera.engine.rulebook import Rulebook
from tera.portal.proposals.listing.choosing import count_states
from tera.portal.proposals.listing.lines import Line, columns_of
from tera.portal.proposals.listing.wording import LOOKS, SIGNS, STATES, WORDS
from tera.portal.results.present import named_thresholds

PLACES = ("layanan", "korupsi")  # by which an address orders by the columns of points


@dataclass(frozen=True, slots=True)
class Count:
    """How many units are in a state; `width` is their share, `word` stands for it in an address."""

    word: str
    name: Promise
    sign: str
    look: str
    n: int
    width: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One region, or office, and how its units stand."""

    slug: str
    name: str
    units: int
    counts: Sequence[Count]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name, by what an address orders by it, and of what points are."""

    name: str
    order: str = ""
    sorted: str = ""
    is_number: bool = False
    most: Fraction | None = None
    limits: Mapping[Fraction, str] | None = None


def counts_of(lines: Iterable[Line], chosen: Nearness | None = None) -> list[Count]:
    """Return how many units are in each state, the best first."""
    counted = count_states(lines)
    every = sum(counted.values()) or 1
    return [
        Count(
            word=word,
            name=STATES[state],
            sign=SIGNS[state],
            look=LOOKS[state],
            n=counted[state],
            width=f"{100 * counted[state] / every:.1f}%",
            is_chosen=state == chosen,
        )
        for word, state in WORDS.items()
    ]


def tiles_of(lines: Iterable[Line], offices: Mapping[int, tuple[str, str]], chosen: int | None) -> list[Tile]:
    """Return a tile for each office right above units, by name."""
    mine: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        mine[line.office].append(line)
    tiles = [
        Tile(*offices[office], len(units), counts_of(units), office == chosen)
        for office, units in mine.items()
    ]
    return sorted(tiles, key=lambda tile: tile.name)


def headings_of(rulebooks: Sequence[Rulebook], columns: Sequence[str], order: str) -> list[Heading]:
    """Return the columns of a list as it is ordered now."""
    only = columns_of(rulebooks[0].id) if len(rulebooks) == 1 else ()
    points = [
        Heading(
            name,
            *_way(PLACES[at], order),
            is_number=True,
            most=only[at].maximum.value if only else None,
            limits=named_thresholds(rulebooks[0], only[at].id) if only else None,
        )
        for at, name in enumerate(columns)
    ]
    return [
        Heading(_("Unit"), *_way("nama", order)),
        Heading(_("Keadaan"), *_way("keadaan", order)),
        Heading(_("Yang masih kurang"), *_way("kurang", order)),
        Heading(_("Responden"), *_way("responden", order), is_number=True),
        *points,
        Heading(_("12 periode")),
        Heading(_("Usulan")),
    ]


def _way(name: str, order: str) -> tuple[str, str]:
    """Return how to order by a column next: the other way round if it is so now; and how it is."""
    if order.removeprefix("-") != name:
        return name, ""
    return (name, "descending") if order.startswith("-") else (f"-{name}", "ascending")
