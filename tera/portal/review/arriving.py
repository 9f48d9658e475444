"""How the answers of a campaign came, beside all other screened campaigns of the installation.

It only informs: honest offices differ in the phones of their visitors, so it never makes a campaign one that
needs review. What is compared is what may be shown, so that nothing else can be computed from it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from tera.intake.paradata import DELAY, DEVICE
from tera.portal.review.showing.cells import cells_of
from tera.statistics.screening.arrivals import Arrival, judge_devices, judge_redemption
from tera.statistics.screening.evidence import LEVEL

Counts = Mapping[str, Mapping[str, int]]
FEWEST_OTHERS = 10
"""With fewer other campaigns there is no usual mix to compare with."""
FEW, FEW_OTHERS = "few", "few others"
AT_ONCE, HIDDEN = "0", "hidden"


class Elsewhere:
    """The sums over all screened campaigns, from which each is taken off before it is compared."""

    def __init__(self, every: Iterable[Counts]) -> None:
        """Add up the counts of all campaigns."""
        self._sums: dict[str, Counter[str]] = {DEVICE: Counter(), DELAY: Counter()}
        self._campaigns: Counter[str] = Counter()
        for counts in every:
            for kind, times in self._sums.items():
                times.update(counts.get(kind, {}))
                self._campaigns[kind] += bool(counts.get(kind))

    def judge(self, own: Counts, seed: int) -> dict[str, dict[str, Any]]:
        """Return what is said of each kind, as JSON keeps it; kinds that were not counted are not in it."""
        return {kind: self._judge(kind, own[kind], seed) for kind in self._sums if own.get(kind)}

    def _judge(self, kind: str, own: Mapping[str, int], seed: int) -> dict[str, Any]:
        cells = cells_of(kind, own)
        is_hidden = cells[AT_ONCE] is None if kind == DELAY else set(cells.values()) == {None}
        if is_hidden:
            return {"why_not": FEW}
        if self._campaigns[kind] - 1 < FEWEST_OTHERS:
            return {"why_not": FEW_OTHERS}
        mine = _merged(own, cells)
        others = _merged(self._sums[kind] - Counter(own), cells)
        found = (
            judge_redemption(mine, others, AT_ONCE)
            if kind == DELAY
            else judge_devices(mine, others, np.random.default_rng(seed))
        )
        return _kept(found)


def _merged(counts: Mapping[str, int], cells: Mapping[str, int | None]) -> Counter[str]:
    """Return counts in which all cells that are hidden are one."""
    merged: Counter[str] = Counter()
    for code, times in counts.items():
        merged[HIDDEN if cells.get(code) is None else code] += times
    return merged


def _kept(found: Arrival) -> dict[str, Any]:
    return {"why_not": FEW} if found.p is None else {**asdict(found), "is_notable": found.p <= LEVEL}
