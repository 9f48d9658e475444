"""The hot path against its own limits and against a Django view, each side in turn in one run.

Ratios are what counts; rates are this machine's.
"""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.load import FORM, Side, get, grow, post, require_wrk, start
from tools.with_pg import running_postgres

KINDS = ("full", "unsigned", "null", "orm")
ROUNDS, SECONDS = 3, 4
AS_INSTALLED = ("listen_addresses=",)  # every other setting is PostgreSQL's own, fsync among them
LIMESURVEY_FLOWS = 4.8  # a second, measured on a machine of this size


def measure() -> dict[str, object]:
    """Return rates, latencies, CPU and the ratios that the project claims."""
    require_wrk()
    return {**_on_sqlite(), **_on_postgres()}


def _on_sqlite() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = grow(Path(folder) / "home")
        sides = {kind: start(kind, home, stack) for kind in KINDS}
        forms = replace(sides["full"], name="forms", rates=[], p50=[], p99=[], cpu=[])
        for turn in range(ROUNDS):
            for side in sides.values():
                post(side, turn, SECONDS)
            get(forms, FORM, SECONDS)
    full, measured = sides["full"], [*sides.values(), forms]
    flows = 1 / (1 / forms.rate + 1 / full.rate)
    return {
        **{name: value for side in measured for name, value in side.figures().items()},
        "flows_per_s": round(flows),
        "full_against_null": round(full.rate / sides["null"].rate, 2),
        "unsigned_against_null": round(sides["unsigned"].rate / sides["null"].rate, 2),
        "full_against_orm": round(full.rate / sides["orm"].rate, 1),
        "flows_against_limesurvey": round(flows / LIMESURVEY_FLOWS),
    }


def _on_postgres() -> dict[str, object]:
    """Compare one process on SQLite with one and with two on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = stack.enter_context(running_postgres(AS_INSTALLED))
        url = server.create_database("benchmark")
        sqlite = start("full", grow(Path(folder) / "home"), stack, name="sqlite")
        home = grow(Path(folder) / "server", url)
        one = start("full", home, stack, name="postgres", url=url)
        two = start("full", home, stack, name="postgres_2", url=url, processes=2)
        sides: list[Side] = [sqlite, one, two]
        for turn in range(ROUNDS):
            for side in sides:
                post(side, turn, SECONDS)
    return {
        **{name: value for side in sides for name, value in side.figures().items()},
        "postgres_against_sqlite": round(one.rate / sqlite.rate, 2),
        "two_processes_against_one": round(two.rate / one.rate, 2),
    }
