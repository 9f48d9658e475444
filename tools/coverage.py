"""How often does a lower bound that says 95 % lie below the true mean? Twelve worlds, many samples of each.

    python -m tools.coverage [--runs 10000] [--bounds 1000] [--seed 1] [--save FILE]

The worlds: 30, 60, 100 and 200 respondents with nine items, whose answers follow the model of
`tera.statistics.simulation` at a mean of 3.2 (smooth) or 3.8 (ceiling), or at 3.8 with 5 % who give the
lowest score throughout (angry). How likely each sum of nine answers is, is computed, so the true mean is
exact; only the samples are drawn.

Gaffke's bound lies at or below the true mean m exactly where P(sum D_i y_i <= m) is 5 % or more, which is
faster to compute. The first samples are judged by the bound itself too, which also gives the slack. It ends
with 1 if the two judgements ever differ, or if the bound covers less than 94.5 % in any world.
"""

import argparse
import json
import multiprocessing
import pathlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from tera.statistics.simulation.reference import COMMON, OWN, SPREAD
from tera.statistics.uncertainty.gaffke import cdf, lower_bound
from tera.statistics.uncertainty.textbook import bootstrap_lower_bound, t_lower_bound

ITEMS = 9
SCORES = range(1, 5)
LOWEST = Fraction(SCORES[0])
ALPHA = 0.05
SIZES = (30, 60, 100, 200)
MUST_COVER = 0.945
DRAWS = 999
PROCESSES = 2
SUMS = np.arange(ITEMS * SCORES[0], ITEMS * SCORES[-1] + 1)
MEANS = [Fraction(int(total), ITEMS) for total in SUMS]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Covered:
    """In which share of samples each bound lay at or below the true mean, and how far below it on average.

    Gaffke's slack is that of the first `bounds` samples; in `odd` of these its two judgements differ.
    """

    world: str
    n: int
    true_mean: float
    runs: int
    bounds: int
    odd: int
    gaffke: float
    gaffke_slack: float
    t: float
    t_slack: float
    bootstrap: float
    bootstrap_slack: float


def honest(level: float) -> Shares:
    """Return how likely each sum of nine items is, where answers centre on this level.

    Given a mood the items are independent, so their sum is a convolution; moods are averaged over a grid that
    is fine enough for ten digits.
    """
    moods = np.linspace(-8, 8, 4001)
    weights = stats.norm.pdf(moods)
    cuts = np.array(SCORES[:-1]) + 0.5
    centres = level + SPREAD * COMMON * moods[:, np.newaxis]
    below = stats.norm.cdf((cuts - centres) / (SPREAD * OWN))
    items = np.diff(below, axis=1, prepend=0, append=1)
    sums = np.ones((len(moods), 1))
    for _ in range(ITEMS):
        added = np.zeros((len(moods), sums.shape[1] + len(SCORES) - 1))
        for step in range(len(SCORES)):
            added[:, step : step + sums.shape[1]] += sums * items[:, [step]]
        sums = added
    shares: Shares = weights @ sums
    shares /= shares.sum()
    return shares


def at_mean(mean: float) -> Shares:
    """Return how likely each sum is where the true mean is this."""
    level = optimize.brentq(lambda level: true_mean(honest(level)) - mean, 1, 7, xtol=1e-12)
    return honest(float(level))


def true_mean(shares: Shares) -> float:
    """Return the true mean of a world, on the scale of the answers."""
    return float(shares @ SUMS) / ITEMS


def with_angry(shares: Shares, share: float) -> Shares:
    """Return a world in which so many give the lowest score throughout."""
    mixed: Shares = (1 - share) * shares + share * (np.arange(len(SUMS)) == 0)
    return mixed


@cache
def worlds() -> Mapping[str, Shares]:
    """Return the three kinds of world by their name."""
    ceiling = at_mean(3.8)
    return {"smooth": at_mean(3.2), "ceiling": ceiling, "angry": with_angry(ceiling, 0.05)}


def measure(world: str, n: int, runs: int, bounds: int, seed: int) -> Covered:
    """Return how often the bounds cover in so many samples of n respondents."""
    generator = np.random.default_rng([seed, n, *world.encode()])
    shares = worlds()[world]
    truth, samples = (
        true_mean(shares),
        [_means(counts) for counts in generator.multinomial(n, shares, size=runs)],
    )
    judged = np.array([cdf(means, LOWEST, truth) >= ALPHA for means in samples])
    gaffke = np.array([lower_bound(means, LOWEST, ALPHA) for means in samples[:bounds]])
    t = np.array([t_lower_bound(means, ALPHA) for means in samples])
    bootstrap = np.array([bootstrap_lower_bound(means, generator, ALPHA, DRAWS) for means in samples])
    return Covered(
        *(world, n, truth, runs, len(gaffke), int(((gaffke <= truth) != judged[:bounds]).sum())),
        *(float(judged.mean()), float((truth - gaffke).mean())),
        *(float((t <= truth).mean()), float((truth - t).mean())),
        *(float((bootstrap <= truth).mean()), float((truth - bootstrap).mean())),
    )


def _means(counts: npt.NDArray[np.int64]) -> dict[Fraction, int]:
    return {mean: int(times) for mean, times in zip(MEANS, counts, strict=True) if times}


def shown(found: Covered) -> str:
    """Return a line of the table: coverage, and in brackets the mean slack."""
    return (
        f"{found.world:8}{found.n:5}{found.true_mean:8.3f}   {found.gaffke:6.4f} ({found.gaffke_slack:5.3f})"
        f"   {found.t:6.4f} ({found.t_slack:5.3f})   {found.bootstrap:6.4f} ({found.bootstrap_slack:5.3f})"
    )


def is_sound(found: Covered) -> bool:
    """Say whether the bound that decides covers enough and both its judgements agree."""
    return found.gaffke >= MUST_COVER and found.odd == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--runs", type=int, default=10_000, help="samples of each world; default: %(default)s"
    )
    parser.add_argument("--bounds", type=int, default=1000, help="of these judged by the bound itself")
    parser.add_argument("--seed", type=int, default=1, help="repeats a run; default: %(default)s")
    parser.add_argument("--save", type=pathlib.Path, metavar="FILE", help="keep the figures as JSON")
    options = parser.parse_args()
    tasks = [(world, n, options.runs, options.bounds, options.seed) for world in worlds() for n in SIZES]
    print(f"coverage: {options.runs} samples of each world, --seed {options.seed}")
    print("world      n    mean   Gaffke           t                bootstrap", flush=True)
    # A fresh process each, so that no thread of numpy is copied.
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = []
        for waiting in [pool.apply_async(measure, task) for task in tasks]:
            found.append(waiting.get())
            print(shown(found[-1]), flush=True)
    if options.save:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "seed": options.seed}
        text = json.dumps({**machine, "worlds": [asdict(each) for each in found]}, indent=2)
        options.save.write_text(f"{text}\n", encoding="utf-8")
    unsound = [each for each in found if not is_sound(each)]
    for each in unsound:
        print(
            f"coverage: {each.world}, n = {each.n}: {each.gaffke:.4f} is less than {MUST_COVER}, or "
            f"{each.odd} judgements differ",
            file=sys.stderr,
        )
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main())
