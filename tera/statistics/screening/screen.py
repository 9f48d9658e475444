"""Screens units, one or thousands: what was seen, how rare it is, and what to do next.

A unit needs review where its combined p-value is 1 % or less, and where, among all that are screened with it,
at most 5 % of those that are named are expected to be honest (Benjamini-Hochberg). Nothing else follows: no
form is excluded and no respondent is named.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import repeat

import numpy as np

from tera.statistics.screening import wording
from tera.statistics.screening.calibration import MOST, calibrate
from tera.statistics.screening.evidence import (
    DISCOVERY,
    LEVEL,
    adjusted,
    combined_e,
    combined_p,
    discovered,
    e_value,
)
from tera.statistics.screening.indicators import WEIGHTS
from tera.statistics.screening.sample import Sample
from tera.statistics.screening.wording import Words


class Status(StrEnum):
    """What became of a unit."""

    QUIET = "nothing seen"
    REVIEW = "needs review"
    UNSCREENED = "not screened"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was looked at.

    Attributes:
        id: its name.
        observed: what the unit has.
        expected: the mean among invented honest units of its profile.
        p: how often those have as much; before anything is said of several signals.
        e: the same evidence as an e-value.
        is_notable: whether p is within its share of the error.
        sentence: what was seen, in plain words.
        power: what it could have seen, and what not.
        next_step: what to do.
    """

    id: str
    observed: float
    expected: float
    p: float
    e: float
    is_notable: bool
    sentence: Words
    power: Words
    next_step: Words


@dataclass(frozen=True, slots=True)
class Screening:
    """What was seen in one unit's answers to one questionnaire.

    Attributes:
        name: the unit.
        instrument: the id of the questionnaire.
        n: complete forms.
        status: what became of it.
        summary: the same in a sentence, with the reason where nothing was screened.
        p: combined over the signals; None where nothing was screened.
        e: combined over the signals.
        q: p adjusted for all that were screened together (Benjamini-Hochberg).
        q_dependent: the same under any dependence (Benjamini-Yekutieli).
        is_discovery: whether e-BH names it too, which holds under any dependence.
        signals: what was looked at.
    """

    name: str
    instrument: str
    n: int
    status: Status
    summary: Words
    p: float | None = None
    e: float | None = None
    q: float | None = None
    q_dependent: float | None = None
    is_discovery: bool = False
    signals: tuple[Signal, ...] = ()

    @property
    def next_step(self) -> Words:
        """What to do."""
        return wording.LADDER if self.status == Status.REVIEW else wording.NOTHING_TO_DO

    @property
    def limits(self) -> Words:
        """What no screening can see; always said."""
        return wording.LIMITS


def screen(sample: Sample, generator: np.random.Generator, most: int = MOST) -> Screening:
    """Return what is seen in one unit by itself.

    Args:
        sample: the sums of its complete forms.
        generator: the source of chance; the same seed gives the same figures.
        most: invented honest units before the search for rarer ones stops.
    """
    return together([_alone(sample, generator, most)])[0]


def screen_all(
    samples: Sequence[Sample],
    seed: int,
    most: int = MOST,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> list[Screening]:
    """Return what is seen in units that are judged together, in their order.

    Args:
        samples: the units.
        seed: gives every unit a source of chance of its own, whatever the number of workers.
        most: invented honest units per unit.
        workers: processes; 1 for this one.
        progress: is told how many units are done.
    """
    found = []
    for done, screening in enumerate(_each(samples, seed, most, workers), 1):
        found.append(screening)
        if progress:
            progress(done)
    return together(found)


def together(screenings: Sequence[Screening]) -> list[Screening]:
    """Return screenings with what can be said of them only together: adjusted p-values and the status."""
    places = [place for place, screening in enumerate(screenings) if screening.p is not None]
    p = [screening.p for screening in screenings if screening.p is not None]
    e = [screening.e for screening in screenings if screening.e is not None]
    columns = zip(adjusted(p), adjusted(p, is_dependent=True), discovered(e), strict=True)
    found = list(screenings)
    for place, own, (q, q_dependent, is_discovery) in zip(places, p, columns, strict=True):
        status = Status.REVIEW if own <= LEVEL and q <= DISCOVERY else Status.QUIET
        found[place] = replace(
            found[place],
            status=status,
            summary=wording.REVIEW if status == Status.REVIEW else wording.QUIET,
            q=q,
            q_dependent=q_dependent,
            is_discovery=is_discovery,
        )
    return found


def _each(samples: Sequence[Sample], seed: int, most: int, workers: int) -> Iterator[Screening]:
    numbers = range(len(samples))
    if workers == 1:
        yield from map(_seeded, samples, repeat(seed), numbers, repeat(most))
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        size = max(1, min(20, len(samples) // (4 * workers)))
        yield from pool.map(_seeded, samples, repeat(seed), numbers, repeat(most), chunksize=size)


def _seeded(sample: Sample, seed: int, number: int, most: int) -> Screening:
    return _alone(sample, np.random.default_rng([seed, number]), most)


def _alone(sample: Sample, generator: np.random.Generator, most: int) -> Screening:
    if sample.refusal:
        reason = wording.REFUSALS[sample.refusal]
        return Screening(sample.name, sample.instrument.id, sample.n, Status.UNSCREENED, reason)
    found = calibrate(sample, generator, most)
    p = {name: number.p for name, number in found.items()}
    signals = []
    for name, number in found.items():
        is_notable = number.p <= LEVEL * WEIGHTS[name]
        signals.append(
            Signal(
                id=name,
                observed=number.observed,
                expected=number.expected,
                p=number.p,
                e=e_value(number.p),
                is_notable=is_notable,
                sentence=wording.sentence(name, number.observed, number.expected, is_notable=is_notable),
                power=wording.POWER[name],
                next_step=wording.LADDER if is_notable else wording.NOTHING_TO_DO,
            )
        )
    return Screening(
        sample.name,
        sample.instrument.id,
        sample.n,
        Status.QUIET,
        wording.QUIET,
        p=combined_p(p),
        e=combined_e(p),
        signals=tuple(signals),
    )
