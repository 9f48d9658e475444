"""`make bench`: measure what we claim, print it, and keep it in benchmarks/results/."""

import json
import platform
import sys
from pathlib import Path

from benchmarks import (
    dossier,
    export,
    form,
    fsck,
    index,
    intake,
    ledger,
    memory,
    portal,
    proposals,
    screening,
    start,
    units,
)

RESULTS = Path(__file__).parent / "results"
BENCHMARKS = {
    "index": index,
    "start": start,
    "intake": intake,
    "portal": portal,
    "memory": memory,
    "ledger": ledger,
    "fsck": fsck,
    "form": form,
    "units": units,
    "export": export,
    "screening": screening,
    "dossier": dossier,
    "proposals": proposals,
}


def main() -> None:
    """Run the benchmarks that are named, or all, and write their figures."""
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    chosen = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(chosen) - BENCHMARKS.keys():
        raise SystemExit(f"benchmarks: no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in chosen:
        benchmark = BENCHMARKS[name]
        figures = benchmark.measure()
        for figure, value in figures.items():
            print(f"{name}: {figure} = {value}")
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps({**machine, **figures}, indent=2)
        (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
