"""Which units of a list somebody wants to see, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tera.engine.nearness import Nearness
from tera.portal.proposals.listing.lines import Line, columns_of, shortfall

STATES = tuple(Nearness)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a list; empty fields ask for everything."""

    period: str
    title: str = "wbk"
    state: Nearness | None = None
    kind: str = ""
    office: int | None = None
    words: str = ""
    order: str = "keadaan"


def narrowed(lines: Iterable[Line], asked: Asked) -> list[Line]:
    """Return the units that somebody asks for, whatever their state is."""
    words = asked.words.casefold().split()
    return [
        line
        for line in lines
        if (not asked.kind or line.kind == asked.kind)
        and (asked.office is None or line.office == asked.office)
        and all(word in f"{line.name} {line.slug}".casefold() for word in words)
    ]


def count_states(lines: Iterable[Line]) -> dict[Nearness, int]:
    """Return how many units are in each state."""
    counted = Counter(line.state for line in lines)
    return {state: counted[state] for state in STATES}


def ordered(lines: Iterable[Line], asked: Asked) -> list[Line]:
    """Return units of the state that is asked for, in order; those without a number come last either way."""
    wanted = [line for line in lines if asked.state in (None, line.state)]
    wanted.sort(key=lambda line: (line.name.casefold(), line.slug))
    key, is_down = ORDERS[asked.order.removeprefix("-")], asked.order.startswith("-")
    places = [(key(line, asked.title), line) for line in wanted]
    known = [one for one in places if one[0] is not None]
    known.sort(key=lambda one: one[0], reverse=is_down)
    return [line for _, line in known] + [line for place, line in places if place is None]


def _name(line: Line, title: str) -> str:
    return line.name.casefold()


def _n(line: Line, title: str) -> int | None:
    return None if line.why else line.n


def _state(line: Line, title: str) -> tuple[int, int, Fraction]:
    """Return the place of a unit, the best first; of those in the same state, who misses least."""
    return STATES.index(line.state), 1 if line.why else 0, _shortfall(line, title) or Fraction(0)


def _shortfall(line: Line, title: str) -> Fraction | None:
    return None if line.why or line.state == Nearness.NOT_ASSESSABLE else shortfall(line, title)


def _measure(at: int) -> Callable[[Line, str], Fraction | None]:
    """Return the order by a column: as a share of the most points, which differ between rulebooks."""

    def share(line: Line, title: str) -> Fraction | None:
        measures: Sequence[Any] = columns_of(line.rulebook_id) if line.rulebook_id else ()
        if at >= len(measures) or measures[at].id not in line.points:
            return None
        return Fraction(line.points[measures[at].id] / measures[at].maximum.value)

    return share


ORDERS: dict[str, Callable[[Line, str], Any]] = {
    "keadaan": _state,
    "nama": _name,
    "responden": _n,
    "layanan": _measure(0),
    "korupsi": _measure(1),
    "kurang": _shortfall,
}
