"""Invented answers from a seeded model, for demos and tests; whoever shows them says that they are invented.

One factor: every respondent has a mood that colours all answers, every answer has its own noise. A share of
`1 - 0.6**2` of the spread belongs to the single answer.
"""

import random
from collections.abc import Sequence

from tera.engine.instrument import Instrument
from tera.statistics.simulation.reference import COMMON, OWN, SPREAD


def rows(
    instrument: Instrument, level: float, count: int, generator: random.Random, lows: Sequence[str] = ()
) -> list[tuple[int, ...]]:
    """Return the answers of so many invented respondents.

    Args:
        instrument: the questionnaire that they answer.
        level: where answers centre on the instrument's own scale; ends of the scale pull means inwards.
        count: how many respondents.
        generator: the source of chance; the same seed gives the same answers.
        lows: codes of elements that come out half a point worse than the others.
    """
    levels = [level - (0.5 if item.element in lows else 0.0) for item in instrument.items]
    answers = []
    for _ in range(count):
        mood = generator.gauss(0, COMMON)
        scores = (round(centre + SPREAD * (mood + generator.gauss(0, OWN))) for centre in levels)
        answers.append(tuple(min(max(score, 1), instrument.highest) for score in scores))
    return answers
