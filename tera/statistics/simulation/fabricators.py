"""Six ways to invent forms, from the clumsiest to one that nobody sees.

perfect      the highest score throughout
uniform      the score below it throughout
copy         one genuine form of the unit, of which at most one item is moved by one step
independent  the two highest scores, each as likely, item by item
resampled    every item drawn from what the unit's respondents answered to it
careful      the honest model, half the way up to the highest mean
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tera.statistics.simulation.honest import Forms, Honest


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fabricator has at hand: how the unit answers, its genuine forms, and chance."""

    unit: Honest
    genuine: Forms
    generator: np.random.Generator

    @property
    def highest(self) -> int:
        """The highest score."""
        return self.unit.instrument.highest

    @property
    def items(self) -> int:
        """How many items a form has."""
        return len(self.unit.instrument.codes)


Fabricator = Callable[[Scene, int], Forms]


def fabricate_perfect(scene: Scene, count: int) -> Forms:
    return np.full((count, scene.items), scene.highest, np.int8)


def fabricate_uniform(scene: Scene, count: int) -> Forms:
    return np.full((count, scene.items), scene.highest - 1, np.int8)


def fabricate_copies(scene: Scene, count: int) -> Forms:
    """Copy one form; in every second copy, by chance, an item goes a step up or down where there is one."""
    forms = np.tile(scene.genuine[scene.generator.integers(len(scene.genuine))], (count, 1))
    places = np.arange(count), scene.generator.integers(scene.items, size=count)
    steps = scene.generator.choice([-1, 1], size=count) * scene.generator.integers(2, size=count)
    forms[places] = np.clip(forms[places] + steps, 1, scene.highest)
    return forms


def fabricate_independent(scene: Scene, count: int) -> Forms:
    size = (count, scene.items)
    return scene.generator.integers(scene.highest - 1, scene.highest, size, np.int8, endpoint=True)


def fabricate_resampled(scene: Scene, count: int) -> Forms:
    chosen = scene.generator.integers(len(scene.genuine), size=(count, scene.items))
    return np.take_along_axis(scene.genuine, chosen, axis=0)


def fabricate_carefully(scene: Scene, count: int) -> Forms:
    better = replace(scene.unit, mean=(scene.unit.mean + scene.highest) / 2)
    return better.draw(count, scene.generator)


FABRICATORS: Mapping[str, Fabricator] = {
    "perfect": fabricate_perfect,
    "uniform": fabricate_uniform,
    "copy": fabricate_copies,
    "independent": fabricate_independent,
    "resampled": fabricate_resampled,
    "careful": fabricate_carefully,
}
HONEST = "honest"


def invent(
    unit: Honest, respondents: int, share: float, fabricator: str, generator: np.random.Generator
) -> tuple[Forms, list[str]]:
    """Return the forms of one unit in a random order, and where each comes from: honest, or the fabricator.

    Args:
        unit: how its genuine respondents answer.
        respondents: how many forms in all, 1 or more.
        share: how many of them are fabricated, 0 to 1; rounded to whole forms, one stays genuine.
        fabricator: a key of FABRICATORS.
        generator: the source of chance.
    """
    fakes = min(round(respondents * share), respondents - 1)
    genuine = unit.draw(respondents - fakes, generator)
    fabricated = FABRICATORS[fabricator](Scene(unit, genuine, generator), fakes)
    order = generator.permutation(respondents)
    origins = [HONEST] * len(genuine) + [fabricator] * fakes
    return np.concatenate([genuine, fabricated])[order], [origins[place] for place in order]
