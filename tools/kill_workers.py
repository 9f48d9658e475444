"""Kill a worker at every step of sealing and publishing: no installation breaks, and one history is signed.

    python -m tools.kill_workers [--on sqlite|postgresql]

Where `strace` is there, also at every system call of the whole program. It takes the better part of an hour,
and ends with 1 if anything was lost, was left undone or did not fit.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tools.with_pg import running_postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SCENARIOS = ("fresh", "grown")
MOST_SHOWN = 20
CONTROLS = {  # workers that are wrong, which must be seen: from which step on, and every how many
    "signs-first": ("--first", "61", "--every", "4"),
    "places-late": ("--first", "76", "--every", "1"),
}


def is_whole(*arguments: str) -> bool:
    """Kill at each step, tell what came of it, and say whether all is well."""
    with tempfile.TemporaryDirectory(prefix="tera-kills-") as folder:
        command = [sys.executable, "-m", "tests.journeys.kills", folder, *arguments]
        result = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        return False
    tally = json.loads(result.stdout)
    faults = tally["faults"]
    about = (
        f"{tally['kills']} kills, {tally['fscks']} looks, {tally['signed']} checkpoints, {len(faults)} faults"
    )
    print(f"{' '.join(arguments)}: {about}", flush=True)
    for fault in faults[:MOST_SHOWN]:
        print(f"  {fault}", flush=True)
    return not faults


@contextmanager
def urls(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the arguments that name a database."""
    if name == SQLITE:
        yield ()
        return
    with running_postgres() as server:
        yield "--url", server.create_database("kills")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--on", choices=(SQLITE, POSTGRESQL), help="only there")
    options = parser.parse_args()
    ways = [(), ("--beside",)]
    if shutil.which("strace"):
        ways.append(("--strace",))
    else:
        print("kills: there is no strace, so no kills at system calls", flush=True)
    found = []
    for name in [options.on] if options.on else [SQLITE, POSTGRESQL]:
        for scenario in SCENARIOS:
            for way in ways:
                with urls(name) as url:
                    found.append(is_whole(scenario, *way, *url))
    found += [not is_whole("grown", "--careless", control, *steps) for control, steps in CONTROLS.items()]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
