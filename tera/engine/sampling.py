"""How many respondents a population calls for.

Source: Krejcie & Morgan 1970, as annexed to PermenPANRB 14/2017.
"""

from collections.abc import Mapping

from tera.engine.number import rounded
from tera.engine.rulebook import Sample


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
