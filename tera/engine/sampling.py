"""How many respondents a population calls for.

Source: Krejcie & Morgan 1970, as annexed to PermenPANRB 14/2017.
"""

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
