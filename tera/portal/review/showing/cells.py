"""How many answered in which way, as far as that may be shown."""

from collections.abc import Mapping

from tera.engine.disclosure import shown_cells
from tera.intake.paradata import DELAY, DELAYS, DEVICE, DEVICES, DURATION, DURATIONS, LATER

CODES: Mapping[str, tuple[str, ...]] = {
    DEVICE: DEVICES,
    DURATION: DURATIONS,
    DELAY: (*(band for _, band in DELAYS), LATER),
}


def cells_of(kind: str, counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return how many answered in each way of a kind, None where that is not shown."""
    return shown_cells({code: counts.get(code, 0) for code in CODES[kind]})
