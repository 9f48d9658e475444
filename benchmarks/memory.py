"""What the intake holds in memory over a million responses, once its caches are warm."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.load import grow, post, require_wrk, start

RESPONSES, WARM = 1_000_000, 300_000
SECONDS = 10


def measure() -> dict[str, object]:
    """Return the megabytes of all processes after the warm-up and at the end, and the growth between."""
    require_wrk()
    held: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        side = start("full", grow(Path(folder) / "home"), stack)
        stored = 0
        while stored < RESPONSES:
            post(side, stored, SECONDS)
            stored += int(side.rates[-1] * SECONDS)
            held[stored] = sum(side.memory().values())
            print(f"memory: {stored} responses, {held[stored]:.1f} MB, {side.rates[-1]:.0f}/s", flush=True)
    warm, end = next(mb for count, mb in held.items() if count >= WARM), held[stored]
    return {
        "responses": stored,
        "failed": side.failed,
        "warm_mb": round(warm, 1),
        "end_mb": round(end, 1),
        "growth_percent": round((end / warm - 1) * 100, 1),
        "first_rate": round(side.rates[0]),
        "last_rate": round(side.rates[-1]),
    }
