"""Kill the intake and its PostgreSQL thousands of times under load: nothing acknowledged may be lost.

    python -m tools.soak --kills 1000 [--seed 7] [--on sqlite|postgresql]

The kills come in chapters, each on an empty database, one on SQLite and the next one on PostgreSQL; after
each all that was acknowledged is compared with what is stored. It ends with 1 if anything was lost, was
counted twice or is wrong in another way.
"""

import argparse
import random
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from tests.intake.kills.processes import Postgres, Stuck
from tests.intake.kills.rounds import Tally, own_postgres, processes_on, run

CHAPTER = 25
SQLITE, POSTGRESQL = "sqlite", "postgresql"
MOST_SHOWN = 20


def soak(kills: int, seed: int, names: list[str]) -> bool:
    """Kill so many times, tell after each chapter how it stands, and say whether all is well."""
    print(f"soak: {kills} kills on {' and '.join(names)}, --seed {seed}", flush=True)
    totals = {name: Tally() for name in names}
    with places(names) as postgres:
        for chapter, name in enumerate(cycle(names)):
            done = sum(tally.kills.total() for tally in totals.values())
            if done >= kills:
                break
            with processes_on(postgres if name == POSTGRESQL else None) as processes:
                plan = random.Random(f"{seed}/{chapter}")  # noqa: S311  so that it can be repeated
                tally = run(processes, min(CHAPTER, kills - done), plan)
            totals[name].add(tally)
            print(f"{done + tally.kills.total()}/{kills} {name}: {tally}", flush=True)
            for fault in tally.faults[:MOST_SHOWN]:
                print(f"  {fault}", flush=True)
    for name, total in totals.items():
        print(f"soak: {name}, in all: {total}", flush=True)
    return all(total.is_clean for total in totals.values())


@contextmanager
def places(names: list[str]) -> Iterator[Postgres | None]:
    """Yield a PostgreSQL of our own if one is asked for."""
    if POSTGRESQL not in names:
        yield None
        return
    with own_postgres() as postgres:
        yield postgres


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--on", choices=(SQLITE, POSTGRESQL), help="only there")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what runs is ended and its folders are removed
    names = [options.on] if options.on else [SQLITE, POSTGRESQL]
    try:
        return 0 if soak(options.kills, options.seed, names) else 1
    except Stuck as stuck:
        print(f"soak: {stuck}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
