"""Measure what screening accuses wrongly and what it sees, on thousands of invented units.

    python -m tools.power [--honest 10000] [--units 100] [--worlds 10] [--others 100] [--seed 7] [--workers 2]

Prints honest units flagged at nominal 1 %, the false discovery rate in mixed worlds, the power at 60 and 200
forms, and what becomes of honest and other units that the model does not foresee. Ends with 1 if a promise of
docs/method.md does not hold. All units are invented.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
from scipy.stats import binomtest

from tera.engine.catalogue import get_instrument
from tera.statistics.screening.calibration import MOST
from tera.statistics.screening.evidence import LEVEL
from tera.statistics.screening.sample import Sample
from tera.statistics.screening.screen import Screening, Status, screen_all
from tera.statistics.simulation.fabricators import FABRICATORS, HONEST, invent
from tera.statistics.simulation.honest import Forms, Honest

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


def elsewhere(units: int, run: Run) -> bool:
    """Print how many units are flagged that are honest, or fabricated, in another way; no promise."""
    for number, (story, draw) in enumerate(ELSEWHERE.items()):
        generator = np.random.default_rng([run.seed, 4, number])
        rows = [[form.tobytes() for form in draw(generator)] for _ in range(units)]
        found = run.screen([Sample.of_rows(story, SKM, each) for each in rows], FEW_DRAWS)
        print(f"{story:64} {np.mean([is_flagged(each) for each in found]):.2f}", flush=True)
    return True


def usual(generator: np.random.Generator, n: int) -> Forms:
    return Honest(SKM, 3.2).draw(n, generator)


def anywhere(generator: np.random.Generator, n: int, loading: float = 0.6, profile: float = 0.0) -> Forms:
    items = tuple(generator.normal(0, profile, len(SKM.codes)))
    return Honest(SKM, generator.uniform(*MEANS), loading, items).draw(n, generator)


def split(generator: np.random.Generator, n: int) -> Forms:
    """Return forms in which three items go against the other six, as strongly as all go together."""
    against = np.where(np.arange(len(SKM.codes)) < 3, 1, -1)
    moods, noise = generator.standard_normal((2, n, 1)), generator.standard_normal((n, len(SKM.codes)))
    latent = 0.5 * moods[0] + 0.5 * against * moods[1] + 0.7 * noise
    forms: Forms = np.clip(np.rint(3.3 + 0.65 * latent), 1, 4).astype(np.int8)
    return forms


def with_angry(generator: np.random.Generator, n: int, share: float) -> Forms:
    """Return forms of a high mean, but for a share of visitors who give the lowest score throughout."""
    forms = Honest(SKM, 3.8).draw(n, generator)
    forms[generator.random(n) < share] = 1
    return forms


def redrawn(generator: np.random.Generator) -> Forms:
    forms = usual(generator, 60)
    forms[48:] = forms[generator.integers(48)]
    forms[np.arange(48, 60), generator.integers(len(SKM.codes), size=12)] = generator.integers(1, 5, 12)
    return forms


def of_several(generator: np.random.Generator) -> Forms:
    forms = usual(generator, 60)
    forms[48:] = forms[generator.integers(48, size=12)]
    return forms


def by_rote(generator: np.random.Generator, n: int) -> Forms:
    forms = usual(generator, n)
    forms[: n // 2, 6:] = forms[: n // 2, 6:7]
    return forms


def with_fakes(generator: np.random.Generator, n: int, share: float, name: str) -> Forms:
    return invent(Honest(SKM, 3.2), n, share, name, generator)[0]


ELSEWHERE: dict[str, Callable[[np.random.Generator], Forms]] = {
    "honest, loading 0.3, n = 60": lambda chance: anywhere(chance, 60, 0.3),
    "honest, loading 0.3, n = 300": lambda chance: anywhere(chance, 300, 0.3),
    "honest, loading 0.85, n = 60": lambda chance: anywhere(chance, 60, 0.85),
    "honest, loading 0.85, n = 300": lambda chance: anywhere(chance, 300, 0.85),
    "honest, loading 0.93, n = 60": lambda chance: anywhere(chance, 60, 0.93),
    "honest, loading 0.93, n = 300": lambda chance: anywhere(chance, 300, 0.93),
    "honest, items that differ by 0.6, n = 300": lambda chance: anywhere(chance, 300, profile=0.6),
    "honest, two groups of items, n = 60": lambda chance: split(chance, 60),
    "honest, two groups of items, n = 300": lambda chance: split(chance, 300),
    "5 % more who tick 4 throughout, mean 3.2, n = 300": lambda c: with_fakes(c, 300, 0.05, "perfect"),
    "10 % more who tick 4 throughout, mean 3.2, n = 60": lambda c: with_fakes(c, 60, 0.1, "perfect"),
    "10 % more who tick 4 throughout, mean 3.2, n = 300": lambda c: with_fakes(c, 300, 0.1, "perfect"),
    "10 % more who tick 3 throughout, mean 3.2, n = 300": lambda c: with_fakes(c, 300, 0.1, "uniform"),
    **{
        f"{share:.0%} angry who give 1 throughout, mean 3.8 of the others, n = {n}": partial(
            with_angry, n=n, share=share
        )
        for share, n in product((0.03, 0.05, 0.08), (60, 300))
    },
    "12 of 60 copies of one form, an item of each redrawn": redrawn,
    "12 of 60 copies, each of another form": of_several,
    "last third by rote in half of the forms, n = 60": lambda chance: by_rote(chance, 60),
    "last third by rote in half of the forms, n = 200": lambda chance: by_rote(chance, 200),
    "all but one of 200 forms independent 3s and 4s": lambda c: with_fakes(c, 200, 0.999, "independent"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--honest", type=int, default=10_000, help="honest units")
    parser.add_argument("--units", type=int, default=100, help="units for each figure of power; 0 for none")
    parser.add_argument("--worlds", type=int, default=10, help="mixed worlds; 0 for none")
    parser.add_argument("--others", type=int, default=100, help="units of each kind that is not foreseen")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    run = Run(options.seed, options.workers)
    started = time.monotonic()
    results = [
        work(amount, run)
        for work, amount in (
            (size, options.honest),
            (discoveries, options.worlds),
            (power, options.units),
            (elsewhere, options.others),
        )
        if amount
    ]
    print(f"{time.monotonic() - started:.0f} s, --seed {options.seed}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
