"""What dashboards, uncertainty and screening need of a group of respondents beyond its tallies, added up.

Everything here follows from the responses, adds up over disjoint groups, and lies beside a block's tally. It
is not shown: whoever shows a part of it decides first whether each group in it, and each difference, is large
enough.

Of an instrument only those count who answered all its required items ("whole" below):

    mean of a respondent  = mean over the elements with an answer, of the mean of the answers in each
    product of two items  = sum over those who answered every item of score x score
    straight              = how many of these gave one score throughout
    alike                 = how many pairs of these gave the same answers, not counting straight ones

A stratum is who came for one service in one month by one channel. Its means are those of the same "whole"
respondents, so those of all strata together are the means of the group.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import combinations_with_replacement
from operator import and_
from typing import Any, TypeVar

from tera.engine.instrument import Instrument
from tera.engine.tally import EMPTY, GIVEN, Tally, as_values, bits, of_values

BITS = (1, 2, 4)  # scores are 1 to 6
_CHOSEN = {bit: bytes(b"01"[bool(score & bit)] for score in range(256)) for bit in BITS}
Part = TypeVar("Part", Counter[str], Counter[Fraction], Tally, "Spread")
Rows = Sequence[bytes]
"""What respondents answered to one instrument, a byte for each of its items, 0 for a blank."""
Stratum = tuple[str, str, str]
"""Service code ("" where none was given), month of arrival such as "2026-11", channel code."""
Strata = Mapping[Stratum, Mapping[str, Counter[Fraction]]]
"""How many respondents of a stratum have which mean, by instrument id; nobody who is not whole is in it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the respondents of one instrument spread; `products` by the codes of two items in their order."""

    means: Counter[Fraction] = field(default_factory=Counter)
    products: Counter[tuple[str, str]] = field(default_factory=Counter)
    straight: int = 0
    alike: int = 0

    @classmethod
    def of(cls, instrument: Instrument, rows: Rows, means: Counter[Fraction] | None = None) -> "Spread":
        """Return the spread of these answers; who knows their means already need not have them sought."""
        patterns = Counter(rows)
        complete = {pattern: times for pattern, times in patterns.items() if 0 not in pattern}
        straight = {pattern for pattern in complete if pattern.count(pattern[0]) == len(pattern)}
        return cls(
            means=means_of(instrument, patterns) if means is None else means,
            products=_products(instrument.codes, rows),
            straight=sum(complete[pattern] for pattern in straight),
            alike=sum(
                times * (times - 1) // 2
                for pattern, times in complete.items()
                if times > 1 and pattern not in straight
            ),
        )

    def __add__(self, other: "Spread") -> "Spread":
        """Return the spread of both groups together; `alike` are the pairs within each."""
        return Spread(
            self.means + other.means,
            self.products + other.products,
            self.straight + other.straight,
            self.alike + other.alike,
        )

    def as_values(self) -> dict[str, object]:
        """Return it as JSON keeps it; `of_values` reads it."""
        return {
            "means": write_means(self.means),
            "products": [[*pair, product] for pair, product in self.products.items()],
            "straight": self.straight,
            "alike": self.alike,
        }

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> "Spread":
        """Return the spread that `as_values` wrote."""
        return cls(
            means=read_means(values["means"]),
            products=Counter({(one, other): product for one, other, product in values["products"]}),
            straight=values["straight"],
            alike=values["alike"],
        )


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A group of respondents: how many by channel, by profile code of each list, and by service with tallies.

    `by_service` holds tallies by service code ("" where none was given) and instrument id. `strata` may lack
    people: what was written before November 2026 has none (`is_stratified`).
    """

    channels: Counter[str] = field(default_factory=Counter)
    profile: Mapping[str, Counter[str]] = field(default_factory=dict)
    services: Counter[str] = field(default_factory=Counter)
    not_free: int = 0
    by_service: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    strata: Strata = field(default_factory=dict)

    @property
    def is_stratified(self) -> bool:
        """Whether everybody in `spreads` is in a stratum too."""
        spread = {name: spread.means for name, spread in self.spreads.items() if spread.means}
        return pooled(self.strata) == spread

    def __add__(self, other: "Breakdown") -> "Breakdown":
        """Return the breakdown of both groups together."""
        return Breakdown(
            channels=self.channels + other.channels,
            profile=_added(self.profile, other.profile, Counter()),
            services=self.services + other.services,
            not_free=self.not_free + other.not_free,
            by_service={
                service: _added(self.by_service.get(service, {}), other.by_service.get(service, {}), EMPTY)
                for service in {**self.by_service, **other.by_service}
            },
            spreads=_added(self.spreads, other.spreads, Spread()),
            strata={
                stratum: _added(self.strata.get(stratum, {}), other.strata.get(stratum, {}), Counter())
                for stratum in {**self.strata, **other.strata}
            },
        )

    def as_values(self) -> dict[str, object]:
        """Return it as JSON keeps it; `of_values` reads it."""
        return {
            "channels": self.channels,
            "profile": self.profile,
            "services": self.services,
            "not_free": self.not_free,
            "by_service": {service: as_values(tallies) for service, tallies in self.by_service.items()},
            "spreads": {name: spread.as_values() for name, spread in self.spreads.items()},
            "strata": write_strata(self.strata),
        }

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> "Breakdown":
        """Return the breakdown that `as_values` wrote."""
        return cls(
            channels=Counter(values["channels"]),
            profile={name: Counter(counts) for name, counts in values["profile"].items()},
            services=Counter(values["services"]),
            not_free=values["not_free"],
            by_service={service: of_values(tallies) for service, tallies in values["by_service"].items()},
            spreads={name: Spread.of_values(spread) for name, spread in values["spreads"].items()},
            strata=read_strata(values.get("strata", ())),
        )


def pooled(strata: Strata) -> dict[str, Counter[Fraction]]:
    """Return the means of all strata together, by instrument id."""
    found: dict[str, Counter[Fraction]] = {}
    for by_instrument in strata.values():
        for name, means in by_instrument.items():
            found.setdefault(name, Counter()).update(means)
    return found


def without(strata: Strata, others: Strata) -> dict[Stratum, dict[str, Counter[Fraction]]]:
    """Return strata without a group that is in them; ValueError where it cannot be.

    What has nobody left is not in it, as if the others had never come.
    """
    left = {
        stratum: {name: Counter(means) for name, means in strata.get(stratum, {}).items()}
        for stratum in {**strata, **others}
    }
    for stratum, by_instrument in others.items():
        for name, means in by_instrument.items():
            left[stratum].setdefault(name, Counter()).subtract(means)
    if any(times < 0 for some in left.values() for means in some.values() for times in means.values()):
        raise ValueError("a group that is taken off must be in the strata")
    kept = {
        stratum: {name: found for name, means in some.items() if (found := +means)}
        for stratum, some in left.items()
    }
    return {stratum: some for stratum, some in kept.items() if some}


def _added(one: Mapping[str, Part], other: Mapping[str, Part], nothing: Part) -> dict[str, Part]:
    return {name: one.get(name, nothing) + other.get(name, nothing) for name in {**one, **other}}


def write_strata(strata: Strata) -> list[object]:
    """Return strata as JSON keeps them; `read_strata` reads them."""
    return [
        [*stratum, {name: write_means(means) for name, means in by_instrument.items()}]
        for stratum, by_instrument in sorted(strata.items())
    ]


def read_strata(values: Sequence[Any]) -> dict[Stratum, dict[str, Counter[Fraction]]]:
    """Return the strata that `write_strata` wrote."""
    return {
        (service, month, channel): {name: read_means(means) for name, means in by_instrument.items()}
        for service, month, channel, by_instrument in values
    }


def write_means(means: Mapping[Fraction, int]) -> dict[str, int]:
    """Return how many have which mean as JSON keeps it; `read_means` reads it."""
    return {str(mean): times for mean, times in sorted(means.items())}


def read_means(means: Mapping[str, int]) -> Counter[Fraction]:
    """Return how many have which mean, as `write_means` wrote it."""
    return Counter({Fraction(mean): times for mean, times in means.items()})


def means_of(instrument: Instrument, patterns: Mapping[bytes, int]) -> Counter[Fraction]:
    """Return how many whole respondents have which mean; a pattern is a byte an item, with how many gave it.

    Means are in points of the instrument's own scale.
    """
    places = {code: place for place, code in enumerate(instrument.codes)}
    groups = [[places[item.code] for item in instrument.items_of(entry)] for entry in instrument.elements]
    is_plain = all(len(group) == 1 for group in groups)
    optional = [places[item.code] for item in instrument.items if not item.required]
    required = len(places) - len(optional)
    found: Counter[tuple[int, int] | Fraction] = Counter()
    for pattern, times in patterns.items():
        given = len(pattern) - pattern.count(0)
        is_whole = given == len(places) or given - sum(pattern[place] > 0 for place in optional) == required
        if given and is_whole:
            # Where every item is an element, a mean is a sum of scores by their number: many share few.
            found[(sum(pattern), given) if is_plain else _mean(pattern, groups)] += times
    means: Counter[Fraction] = Counter()
    for mean, times in found.items():
        means[mean if isinstance(mean, Fraction) else Fraction(*mean)] += times
    return means


def _mean(pattern: bytes, groups: Sequence[Sequence[int]]) -> Fraction:
    scores = [[pattern[place] for place in group if pattern[place]] for group in groups]
    means = [Fraction(sum(given), len(given)) for given in scores if given]
    return sum(means, Fraction(0)) / len(means)


def _products(codes: Sequence[str], rows: Rows) -> Counter[tuple[str, str]]:
    """Return the sums of products by counting the bits that two columns share: x = b0 + 2 b1 + 4 b2."""
    columns = columns_of(rows, len(codes))
    complete = reduce(and_, (bits(column, GIVEN) for column in columns))
    planes = [{bit: bits(column, _CHOSEN[bit]) & complete for bit in BITS} for column in columns]
    products: Counter[tuple[str, str]] = Counter()
    for (one, mine), (other, theirs) in combinations_with_replacement(zip(codes, planes, strict=True), 2):
        products[one, other] = sum(
            bit * with_ * (mine[bit] & theirs[with_]).bit_count() for bit in BITS for with_ in BITS
        )
    return products


def columns_of(rows: Rows, width: int) -> list[bytes]:
    """Return answers column by column."""
    joined = b"".join(rows)
    return [joined[place::width] for place in range(width)]
