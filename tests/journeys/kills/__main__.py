"""Kill a worker at each of its steps, on one installation that is restored each time.

    python -m tests.journeys.kills FOLDER fresh|grown [--url URL] [--beside] [--strace] [--every N]

After each kill `tera fsck` looks, the next worker finishes, and `tera fsck` looks again; then all that was
ever signed is compared with the log, and all that was sent with what is held. With --beside another worker
runs at once, which nobody kills. With --strace the worker is a program of its own, killed at its system
calls. Prints a tally as JSON.
"""

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.journeys.kills.places import Place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenario")
    parser.add_argument(
        "--url", default="", help="an empty PostgreSQL database, and a SQLite file without it"
    )
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--strace", action="store_true")
    parser.add_argument("--careless", default="", help="a control, which must show faults")
    options = parser.parse_args()
    place = Place(options.folder, options.url)
    place.enter()
    # What needs the settings of the installation comes after them.
    sweep = importlib.import_module("tests.journeys.kills.sweep")
    sweep.remember_signatures(options.folder / "signed")
    if options.careless:
        importlib.import_module("tests.journeys.kills.careless").BROKEN[options.careless]()
    how = sweep.How(options.first, options.every, options.beside, options.strace)
    tally = sweep.Sweep(options.folder, place, options.scenario, how).run()
    sys.stdout.write(json.dumps(asdict(tally)))


if __name__ == "__main__":
    main()
