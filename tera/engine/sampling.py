"""How many respondents a population calls for, and who of those served is called back.

Source of the size: Krejcie & Morgan 1970, as annexed to PermenPANRB 14/2017.
"""

import hashlib
import heapq
from collections.abc import Mapping
from fractions import Fraction

from tera.engine.number import rounded
from tera.engine.rulebook import Sample

SEED_BYTES = 32


def size(sample: Sample, population: int) -> int:
    """Return Krejcie and Morgan's sample size, rounded half up; 0 of a population of 0.

        S = X2 N P (1 - P) / (d2 (N - 1) + X2 P (1 - P))

    Args:
        sample: the constants of the rulebook: X2 chi squared, P proportion, d margin.
        population: people served in the period, 0 or more.

    Raises:
        ValueError: the population is negative.
    """
    if population < 0:
        raise ValueError(f"a population is 0 or more people, not {population}")
    spread = sample.chi_squared.value * sample.proportion.value * (1 - sample.proportion.value)
    exact = spread * population / (sample.margin.value**2 * (population - 1) + spread)
    return int(rounded(exact, 0))


def quotas(size: int, populations: Mapping[str, int]) -> dict[str, int]:
    """Return how many of a sample each stratum should have, in proportion to its population.

    What is left over by rounding down goes to the largest remainders, the first named of equal ones: the
    quotas add up to the sample, and none is a whole respondent away from its share. Proportional allocation
    is our reading: PermenPANRB 14/2017 is not known to name a rule.

    Args:
        size: respondents of the whole sample, 0 or more.
        populations: people served, by stratum, such as the service; 0 or more each.

    Raises:
        ValueError: the size or a population is negative, or nobody is served while a sample is asked for.
    """
    total = sum(populations.values())
    if size < 0 or any(people < 0 for people in populations.values()):
        raise ValueError("a sample and its populations are 0 or more")
    if not total and size:
        raise ValueError("no sample can be drawn where nobody is served")
    whole = {name: size * people // total if total else 0 for name, people in populations.items()}
    left = size - sum(whole.values())
    by_remainder = sorted(populations, key=lambda name: -(size * populations[name] % total if total else 0))
    return {name: count + (name in by_remainder[:left]) for name, count in whole.items()}


def draw(seed: bytes, population: int, size: int) -> tuple[int, ...]:
    """Return so many places of a population, from 1, drawn at random; whoever knows the seed can repeat it.

        drawn = the places i with the smallest SHA-256(seed ‖ i),   i as 8 bytes, the first byte highest

    They stand in the order of these digests, so that the first m of them are a random sample of m too:
    whoever asks them in this order may stop anywhere.

    Args:
        seed: chosen at random, before anybody could know which places it draws.
        population: how many places there are.
        size: how many are drawn; all of them where there are fewer.

    Raises:
        ValueError: the seed has fewer than 32 bytes, or a number is negative.
    """
    if len(seed) < SEED_BYTES:
        raise ValueError(f"a seed has at least {SEED_BYTES} bytes, not {len(seed)}")
    if population < 0 or size < 0:
        raise ValueError("a population and a sample are 0 or more")

    def digest(place: int) -> bytes:
        return hashlib.sha256(seed + place.to_bytes(8)).digest()

    return tuple(heapq.nsmallest(size, range(1, population + 1), key=digest))


def calls_to_rule_out(share: Fraction, doubt: Fraction = Fraction(1, 20)) -> int:
    """Return how many of a random sample, all of them sound, rule out that such a share or more is not.

        m = the smallest whole number with (1 - share)^m <= doubt

    Args:
        share: more than 0, at most 1.
        doubt: how often it may be wrong; 1/20 where one speaks of 95 %.

    Raises:
        ValueError: the share is no share, or no number would do.
    """
    if not 0 < share <= 1 or doubt <= 0:
        raise ValueError(f"a share lies above 0 and at most at 1, not at {share}")
    calls, left = 0, Fraction(1)
    while left > doubt:
        calls, left = calls + 1, left * (1 - share)
    return calls
