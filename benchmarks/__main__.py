"""`make bench`: measure what we claim, print it, and keep it in benchmarks/results/."""

import json
import platform
from pathlib import Path

from benchmarks import index, intake, start

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run every benchmark and write its figures."""
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    for benchmark in (index, start, intake):
        name = benchmark.__name__.rpartition(".")[2]
        figures = benchmark.measure()
        for figure, value in figures.items():
            print(f"{name}: {figure} = {value}")
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps({**machine, **figures}, indent=2)
        (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
