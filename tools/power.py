"""Measure what screening accuses wrongly and what it sees, on thousands of invented units.

    python -m tools.power [--honest 10000] [--units 200] [--worlds 10] [--seed 7] [--workers 2]

Prints three tables: honest units flagged at nominal 1 %, the false discovery rate in mixed worlds, and the
power at 60 and 200 forms. Ends with 1 if a promise of docs/method.md does not hold. All units are invented.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.stats import binomtest

from tera.engine.catalogue import get_instrument
from tera.statistics.screening.calibration import MOST
from tera.statistics.screening.evidence import LEVEL
from tera.statistics.screening.sample import Sample
from tera.statistics.screening.screen import Screening, Status, screen_all
from tera.statistics.simulation.fabricators import FABRICATORS, HONEST, invent
from tera.statistics.simulation.honest import Honest

SKM = get_instrument("skm-9")
MOST_FLAGGED, MOST_FALSE = 0.013, 0.05
PROMISED = {"copy": 0.65, "perfect": 0.70}
"""Power at 60 forms, a fifth of them fabricated, an honest mean of 3.2 and nominal 1 %."""
MEANS = (2.8, 3.9)
FEWEST, LARGEST = 30, 300
MIXED_UNITS, MIXED_FAKE = 300, 0.1
FEW_DRAWS = 2_999  # enough to see 1 % of a unit clearly, where nothing is adjusted for others


@dataclass(frozen=True, slots=True)
class Run:
    """How a run is made."""

    seed: int
    workers: int

    def screen(self, samples: Sequence[Sample], most: int = MOST) -> list[Screening]:
        return screen_all(samples, self.seed, most, self.workers)


def honest(generator: np.random.Generator, *, is_varied: bool) -> Honest:
    """Return an honest unit; a varied one has a profile and a loading of its own."""
    mean = generator.uniform(*MEANS)
    if not is_varied:
        return Honest(SKM, mean)
    profile = tuple(generator.normal(0, 0.3, len(SKM.codes)))
    return Honest(SKM, mean, generator.uniform(0.45, 0.75), profile)


def sample(unit: Honest, n: int, share: float, name: str, generator: np.random.Generator) -> Sample:
    """Return a unit of n forms, of which the fabricator of this name made a share."""
    forms, _ = invent(unit, n, share, name, generator)
    return Sample.of_rows(name if share else HONEST, SKM, [form.tobytes() for form in forms])


def size(units: int, run: Run) -> bool:
    """Print how many honest units are flagged at nominal 1 %, and say whether that is few enough."""
    is_well, found = True, []
    for story, is_varied in (("as the model", False), ("other profiles and loadings", True)):
        generator = np.random.default_rng([run.seed, is_varied])
        samples = [
            sample(honest(generator, is_varied=is_varied), some(generator), 0, "perfect", generator)
            for _ in range(units // 2)
        ]
        flags = [is_flagged(screening) for screening in run.screen(samples)]
        found += flags
        is_well &= tell_size(story, flags, limit=1.0)
    return is_well & tell_size("all honest", found, limit=MOST_FLAGGED)


def some(generator: np.random.Generator) -> int:
    """Return how many forms a unit has."""
    return int(generator.integers(FEWEST, LARGEST + 1))


def tell_size(story: str, flags: Sequence[bool], limit: float) -> bool:
    interval = binomtest(sum(flags), len(flags)).proportion_ci(method="exact")
    print(
        f"honest, {story}: {sum(flags)} of {len(flags)} flagged, {sum(flags) / len(flags):.2%}; "
        f"95 % interval {interval.low:.2%} to {interval.high:.2%}",
        flush=True,
    )
    return bool(interval.high < limit)


def is_flagged(screening: Screening) -> bool:
    return screening.p is not None and screening.p <= LEVEL


def discoveries(worlds: int, run: Run) -> bool:
    """Print the false discovery rate and the share found in worlds where a tenth of the units fabricates."""
    shares, found, fakes = [], 0, 0
    for world in range(worlds):
        generator = np.random.default_rng([run.seed, 2, world])
        screenings = run.screen(list(mixed(generator)))
        named = [screening for screening in screenings if screening.status == Status.REVIEW]
        false = [screening for screening in named if screening.name == HONEST]
        shares.append(len(false) / max(1, len(named)))
        found += len(named) - len(false)
        fakes += sum(screening.name != HONEST for screening in screenings)
    rate = float(np.mean(shares))
    print(
        f"mixed, {worlds} worlds of {MIXED_UNITS} units, a tenth of which fabricates 20 to 50 %: "
        f"false discovery rate {rate:.2%} (worst world {max(shares):.0%}), found {found} of {fakes}",
        flush=True,
    )
    return rate <= MOST_FALSE


def mixed(generator: np.random.Generator) -> Iterator[Sample]:
    for number in range(MIXED_UNITS):
        is_fake = number < MIXED_UNITS * MIXED_FAKE
        name = ("copy", "perfect")[number % 2]
        share = generator.uniform(0.2, 0.5) if is_fake else 0
        yield sample(honest(generator, is_varied=True), some(generator), share, name, generator)


def power(units: int, run: Run) -> bool:
    """Print the share of units seen at nominal 1 %, and say whether the promised shares are reached."""
    is_well = True
    print("seen at nominal 1 %           " + "".join(f"{name:>12}" for name in FABRICATORS))
    for number, (mean, n, share) in enumerate(product((3.2, 3.5, 3.8), (60, 200), (0.2, 0.5))):
        generator = np.random.default_rng([run.seed, 3, number])
        names = [name for name in FABRICATORS for _ in range(units)]
        samples = [sample(Honest(SKM, mean), n, share, name, generator) for name in names]
        flags = np.array([is_flagged(found) for found in run.screen(samples, FEW_DRAWS)])
        seen = dict(zip(FABRICATORS, flags.reshape(len(FABRICATORS), units).mean(axis=1), strict=True))
        figures = "".join(f"{value:12.2f}" for value in seen.values())
        print(f"mean {mean}, n = {n:3}, {share:.0%} fake   {figures}", flush=True)
        if number == 0:
            is_well = all(seen[name] >= least for name, least in PROMISED.items())
    return is_well


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--honest", type=int, default=10_000, help="honest units")
    parser.add_argument("--units", type=int, default=200, help="units for each figure of power; 0 for none")
    parser.add_argument("--worlds", type=int, default=10, help="mixed worlds; 0 for none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    run = Run(options.seed, options.workers)
    started = time.monotonic()
    results = [
        work(amount, run)
        for work, amount in ((size, options.honest), (discoveries, options.worlds), (power, options.units))
        if amount
    ]
    print(f"{time.monotonic() - started:.0f} s, --seed {options.seed}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
