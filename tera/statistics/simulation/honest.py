"""Honest answers by the thousand: one factor, four or more options, a mean that is asked for.

    x_ij = round(a + b_j + s (l f_i + sqrt(1 - l^2) e_ij)), kept on the scale;  f, e standard normal

with l the loading, s the spread, b the profile of the items, and a such that the expected mean is the one
asked for.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

from tera.engine.instrument import Instrument
from tera.statistics.simulation.reference import COMMON, SPREAD

Forms = npt.NDArray[np.int8]
"""Respondents x items, scores from 1."""
FAR = 10.0  # points beyond the scale, where every answer is its end


@dataclass(frozen=True, slots=True)
class Honest:
    """A unit whose respondents answer honestly.

    Attributes:
        instrument: what they are asked.
        mean: the expected mean of all answers, in points of the instrument's scale, inside it.
        loading: how much the mood colours every answer, 0 to 1.
        profile: how much better each item comes out than the others, in points; empty for none.
    """

    instrument: Instrument
    mean: float
    loading: float = COMMON
    profile: tuple[float, ...] = ()

    def draw(self, count: int, generator: np.random.Generator) -> Forms:
        """Return the forms of so many respondents."""
        spread = _spread(self.instrument)
        items = len(self.instrument.codes)
        mood = generator.standard_normal((count, 1))
        noise = generator.standard_normal((count, items))
        latent = self.loading * mood + np.sqrt(1 - self.loading**2) * noise
        centres = self._level() + self._profile()
        forms: Forms = np.clip(np.rint(centres + spread * latent), 1, self.instrument.highest).astype(np.int8)
        return forms

    def _profile(self) -> npt.NDArray[np.float64]:
        return np.array(self.profile or (0.0,) * len(self.instrument.codes))

    def _level(self) -> float:
        highest, profile, spread = self.instrument.highest, self._profile(), _spread(self.instrument)
        cuts = np.arange(1, highest) + 0.5

        def missing(level: float) -> float:
            return float(1 + ndtr((level + profile[:, None] - cuts) / spread).sum(axis=1).mean() - self.mean)

        return cast("float", brentq(missing, 1 - FAR, highest + FAR))


def _spread(instrument: Instrument) -> float:
    return SPREAD * (instrument.highest - 1) / 3
