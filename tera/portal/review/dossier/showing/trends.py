"""How the measures of the integrity zone moved from period to period, as a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.rulebook import Measure
from tera.portal.results.charts import low_end, place
from tera.portal.results.present import in_order
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.earlier import periods_before

HEIGHT, ROOM = 96, 14  # of a drawing, and above and below its line
SIDE = Fraction(1, 12)  # of the width, on both sides


@dataclass(frozen=True, slots=True)
class Dot:
    """One period: where its value lies, across as a share of the width and down in pixels."""

    period: str
    value: Fraction
    x: str
    y: str
    is_now: bool
    is_certified: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over the periods of a unit, oldest first; `lines` join each dot with the next."""

    measure: Measure
    dots: tuple[Dot, ...]

    @property
    def lines(self) -> list[tuple[Dot, Dot]]:
        """Each dot with the one behind it."""
        return list(zip(self.dots, self.dots[1:], strict=False))

    @property
    def change(self) -> Fraction:
        """How much the last period differs from the one before."""
        return self.dots[-1].value - self.dots[-2].value

    @property
    def distance(self) -> Fraction:
        """The same without its sign."""
        return abs(self.change)


def trends(case: Case) -> list[Trend]:
    """Return the measures that were certified in an earlier period too, under rules with the same scale."""
    earlier = periods_before(case.campaign)
    zones = [(period.name, period.zone) for period in earlier]
    found = []
    for measure in in_order(case.campaign.zone_rulebook):
        values = [
            (name, zone[measure.id].converted)
            for name, zone in zones
            if measure.id in zone and zone[measure.id].measure.maximum.value == measure.maximum.value
        ]
        if values and measure.id in case.result.zone:
            values.append((case.campaign.period, case.result.zone[measure.id].converted))
            found.append(Trend(measure, tuple(_dots(values, measure, is_certified=case.result.is_certified))))
    return found


def _dots(values: Sequence[tuple[str, Fraction]], measure: Measure, *, is_certified: bool) -> Iterator[Dot]:
    low, high = low_end([value for _, value in values], Fraction(0)), measure.maximum.value
    last = len(values) - 1
    for number, (period, value) in enumerate(values):
        across = SIDE + (1 - 2 * SIDE) * Fraction(number, last)
        down = ROOM + (HEIGHT - 2 * ROOM) * (1 - (value - low) / (high - low))
        is_now = number == last
        x = place(across, Fraction(0), Fraction(1))
        yield Dot(period, value, x, f"{float(down):.1f}", is_now, is_certified or not is_now)
