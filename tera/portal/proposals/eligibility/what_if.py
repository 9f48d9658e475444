"""The same certified answers under another rulebook: a supposition, and never a result."""

from dataclasses import dataclass

from tera.engine.catalogue import list_rulebooks
from tera.engine.rulebook import Rulebook
from tera.portal.proposals.basis import basis_of
from tera.portal.proposals.eligibility.criteria import ShownTitle, show_titles
from tera.portal.units.models import Unit


@dataclass(frozen=True, slots=True)
class Supposed:
    """What another rulebook would say of each of its titles."""

    rulebook: Rulebook
    titles: tuple[ShownTitle, ...]


def rulebooks_beside(own: Rulebook) -> dict[str, Rulebook]:
    """Return the other rulebooks that know a title, by id."""
    return {one.id: one for one in list_rulebooks() if one.targets and one.id != own.id}


def suppose(unit: Unit, period: str, rulebook: Rulebook) -> Supposed:
    """Return what a rulebook would say of the certified answers of a unit and period."""
    return Supposed(rulebook, show_titles(basis_of(unit, period, rulebook), rulebook))
