"""What honest forms of a unit could have looked like: many honest units with the unit's own profile.

A respondent has a mood f, a second leaning g, and for every item an own noise e, all standard normal:

    z_ij = l_j f_i + t_j g_i + sqrt(1 - l_j^2 - t_j^2) e_ij

Some give the usual answer nearly throughout: for them f = g = 0 and the noise is small. A few are content
with everything: their z are the highest. Some are disappointed by everything: their z are the lowest, in one
order for all items. The z of an item are ranked, and the answers that the unit's item really got are dealt
out in that order. So every invented unit has exactly the tally of the real one, whatever its profile: a
Gaussian copula with the unit's own margins.

How strongly answers hang together (l), how far a second leaning splits the items (t), how many give the usual
answer, are content or disappointed differs from one honest unit to the next, and is drawn for each from the
ranges below. They are assumptions, wide on purpose, to be refitted on trusted units; docs/method.md says what
they cost.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Forms = npt.NDArray[np.int8]
"""Invented units x items x respondents."""


@dataclass(frozen=True, slots=True)
class Population:
    """How honest units differ.

    Attributes:
        loading: lowest and highest mean loading of a unit's items on the mood; uniform in between.
        loading_spread: standard deviation of the items' loadings around it; kept within `loading_limits`.
        loading_limits: lowest and highest loading of an item.
        second: the highest loading on the second leaning, of either sign; each unit has its own limit.
        usual: the highest share of respondents who give the usual answer.
        usual_noise: their noise, as a share of the others'.
        content: the highest share of respondents who are content with everything.
        disappointed: the highest share of respondents who are disappointed by everything; never more than
            got the lowest score in the median item, so that none are assumed where nobody gave it.
        least_noise: the share of an answer's variance that is always its own.
    """

    loading: tuple[float, float] = (0.2, 0.95)
    loading_spread: float = 0.1
    loading_limits: tuple[float, float] = (0.1, 0.97)
    second: float = 0.6
    usual: float = 0.3
    usual_noise: float = 0.3
    content: float = 0.03
    disappointed: float = 0.1
    least_noise: float = 0.05


REFERENCE = Population()
FAR = 20.0  # beyond all others
MIDDLE = 0.5  # the disappointed have a style just above it: they are neither usual nor content
APART = 1e5  # keeps them in one order, so that where the lowest answers are few the same ones get them all


def draw(
    counts: npt.NDArray[np.int64],
    units: int,
    generator: np.random.Generator,
    population: Population = REFERENCE,
) -> Forms:
    """Return the forms of so many honest units, each with this tally.

    Args:
        counts: items x options, how often the item got the option; every row has the same sum.
        units: how many to invent.
        generator: the source of chance.
        population: how honest units differ.
    """
    items, n = len(counts), int(counts[0].sum())
    mood, second = _loadings(units, items, generator, population)
    own = np.sqrt(1 - mood**2 - second**2)
    style = generator.random((units, 1, n), dtype=np.float32)
    usual = style < generator.uniform(0, population.usual, (units, 1, 1))
    content = style > 1 - generator.uniform(0, population.content, (units, 1, 1))
    low = _disappointment(style, counts, generator, population)
    leanings = np.where(usual[None], 0, _normals((2, units, 1, n), generator))
    latent = _normals((units, items, n), generator)
    latent *= _narrow(own)
    latent *= np.where(usual, np.float32(population.usual_noise), np.float32(1))
    latent += _narrow(mood) * leanings[0]
    latent += _narrow(second) * leanings[1]
    latent += np.where(content, np.float32(FAR), np.float32(0))
    latent -= low
    return _dealt(latent, counts)


def _disappointment(
    style: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int64],
    generator: np.random.Generator,
    population: Population,
) -> npt.NDArray[np.float32]:
    """Return how far below all others the answers of each respondent are drawn; 0 for most."""
    shares = generator.uniform(0, population.disappointed, (len(style), 1, 1))
    shares = np.minimum(shares, np.median(counts[:, 0]) / counts[0].sum())
    place = style - np.float32(MIDDLE)
    depth = np.float32(FAR) + np.float32(APART) * place
    return np.where((place > 0) & (place < shares), depth, np.float32(0))


def _loadings(
    units: int, items: int, generator: np.random.Generator, population: Population
) -> tuple[Floats, Floats]:
    mood = generator.uniform(*population.loading, (units, 1))
    mood = mood + generator.normal(0, population.loading_spread, (units, items))
    mood = np.clip(mood, *population.loading_limits)
    second = generator.uniform(0, population.second, (units, 1)) * generator.uniform(-1, 1, (units, items))
    common = mood**2 + second**2
    shrink = np.sqrt(np.minimum(1, (1 - population.least_noise) / common))
    return mood * shrink, second * shrink


def _normals(shape: tuple[int, ...], generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return standard normal values by Box and Muller: here nearly three times as fast as numpy's own."""
    size = math.prod(shape)
    uniform = generator.random((2, (size + 1) // 2), dtype=np.float32)
    radius = np.sqrt(-2 * np.log(1 - uniform[0]))
    angle = np.float32(2 * math.pi) * uniform[1]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:size].reshape(shape)


def _narrow(loadings: Floats) -> npt.NDArray[np.float32]:
    return loadings.astype(np.float32)[:, :, None]


def _dealt(latent: npt.NDArray[np.float32], counts: npt.NDArray[np.int64]) -> Forms:
    """Deal out the answers of each item in the order of the latent values: 1, and 1 more per cut."""
    n = latent.shape[2]
    ranked = np.sort(latent, axis=2)
    forms = np.ones(latent.shape, np.int8)
    for below in np.cumsum(counts, axis=1)[:, :-1].T:  # how many answers of each item lie below the option
        cut = ranked[:, np.arange(len(counts)), np.minimum(below, n - 1)]
        forms += latent >= np.where(below < n, cut, np.inf)[:, :, None]
    return forms
