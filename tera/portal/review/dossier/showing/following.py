"""What became of the weakest elements of the unit's last certified period."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.explain import said
from tera.engine.index import MeasureIndex
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.queries import Result
from tera.portal.review.checks.queries import latest_of
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.earlier import periods_before
from tera.portal.review.models.checks import Layer

WEAKEST = 3
ITEM = "FOLLOW_UP"  # of the checklist


@dataclass(frozen=True, slots=True)
class Element:
    """An element then and now, on the scale of the same rulebook; `now` is None where it is not known."""

    name: str
    then: Fraction
    now: Fraction | None
    highest: Fraction

    @property
    def change(self) -> Fraction | None:
        """How much it rose, or fell."""
        return None if self.now is None else self.now - self.then

    @property
    def distance(self) -> Fraction:
        """The same without its sign."""
        return abs(self.change or Fraction(0))


def following(case: Case) -> dict[str, object]:
    """Return what the sixth part of a dossier shows."""
    earlier = periods_before(case.campaign)
    own = latest_of(case.campaign, Layer.UNIT)
    now = _by_instrument(case.result)
    return {
        "period": earlier[-1].name if earlier else "",
        "earlier": earlier[-1].latest if earlier else None,
        "elements": _weakest(list(_elements(earlier[-1].by_instrument, now))) if earlier else [],
        "remark": str(own.remarks.get(ITEM, "")) if own else "",
    }


def _by_instrument(result: Result) -> dict[str, MeasureIndex]:
    return {found.instrument.id: found for found in (*result.zone.values(), *result.indices)}


def _elements(then: dict[str, MeasureIndex], now: dict[str, MeasureIndex]) -> Iterator[Element]:
    language = language_in_force()
    for name, found in then.items():
        other = now.get(name)
        is_alike = other is not None and other.rulebook.id == found.rulebook.id
        means = {entry.code: entry.mean for entry in other.elements} if other and is_alike else {}
        titles = {entry.code: said(entry.name, language) for entry in found.instrument.elements}
        for entry in found.elements:
            if entry.mean is not None:
                highest = found.rulebook.highest.value
                yield Element(titles[entry.code], entry.mean, means.get(entry.code), highest)


def _weakest(elements: list[Element]) -> list[Element]:
    """Return the elements that were weakest, each as a share of the highest score there is."""
    return sorted(elements, key=lambda element: element.then / element.highest)[:WEAKEST]
