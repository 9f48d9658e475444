"""What people who did not answer could change: bounds that assume nothing about them."""

from fractions import Fraction


def manski_bounds(
    mean: Fraction, response_rate: Fraction, lowest: Fraction, highest: Fraction
) -> tuple[Fraction, Fraction]:
    """Return between what the mean of all people lies, whatever those who did not answer think.

        r mean + (1 - r) lowest  to  r mean + (1 - r) highest

    Chance in who was asked comes on top. The bounds are wide on purpose: only a higher response rate
    narrows them.

    Args:
        mean: of those who answered, between lowest and highest.
        response_rate: r, the share who answered of those who could, more than 0 and at most 1.
        lowest: the lowest mean that a respondent can have.
        highest: the highest.

    Raises:
        ValueError: the rate is no such share, or the mean lies off the scale.

    Source: Manski 1989, 2003.

    >>> [float(bound) for bound in manski_bounds(Fraction("3.7"), Fraction("0.3"), Fraction(1), Fraction(4))]
    [1.81, 3.91]
    """
    if not 0 < response_rate <= 1:
        raise ValueError(f"a response rate is more than 0 and at most 1, not {response_rate}")
    if not lowest <= mean <= highest:
        raise ValueError(f"a mean of {mean} lies off the scale of {lowest} to {highest}")
    answered, silent = response_rate * mean, 1 - response_rate
    return answered + silent * lowest, answered + silent * highest
