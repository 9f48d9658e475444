"""What a round of call-backs shows of all from whom it was drawn."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.portal.review.models.calls import Outcome
from tera.statistics.uncertainty.gaffke import FEWEST, upper_bound

BAD = frozenset({Outcome.NOT_SELF, Outcome.STEERED, Outcome.NOT_SERVED})
REACHED = BAD | {Outcome.GENUINE}  # the others say nothing of forms: many who are served never answer
ANSWERED = frozenset({Outcome.GENUINE, Outcome.NOT_SELF, Outcome.STEERED})
DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Bound:
    """What the calls say of forms, and of how many forms there can be.

    Of `reached` who tell of a form, `bad` were bad, and at most `share` of all such in the list are.
    Of `asked` who were served, `answered` have a form; at most `answered_share` of the list have one, so that
    more forms than that many people came from somebody else. Both are upper bounds at 95 %, one-sided, of
    Clopper and Pearson; None where fewer than five tell. They hold for all from whom the sample was drawn as
    far as those who were not reached, or declined, are like the others.
    """

    reached: int
    bad: int
    share: float | None
    asked: int
    answered: int
    answered_share: float | None

    @property
    def percent(self) -> Fraction:
        """The bound in percent, rounded up: it never says less than it is."""
        scale = 10**DECIMALS
        return Fraction(math.ceil((self.share or 0) * 100 * scale), scale)

    def most_forms(self, population: int) -> int | None:
        """Return how many forms so many served people can have sent at most; None where nothing is known."""
        return None if self.answered_share is None else math.ceil(self.answered_share * population)


def bound_of(outcomes: Mapping[str, int]) -> Bound:
    """Return what follows from how many calls ended how."""
    asked = _count(outcomes, ANSWERED | {Outcome.DID_NOT_ANSWER})
    reached, bad, answered = (_count(outcomes, kinds) for kinds in (REACHED, BAD, ANSWERED))
    return Bound(reached, bad, _most(bad, reached), asked, answered, _most(answered, asked))


def _most(found: int, of: int) -> float | None:
    """Return the upper bound of a share: that of Gaffke is that of Clopper and Pearson on two scores."""
    if of < FEWEST:
        return None
    means = {Fraction(1): found, Fraction(0): of - found}
    return upper_bound({mean: n for mean, n in means.items() if n}, Fraction(1))


def _count(outcomes: Mapping[str, int], kinds: Collection[Outcome]) -> int:
    return sum(outcomes.get(kind, 0) for kind in kinds)
