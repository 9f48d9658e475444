"""`tera screen FILE`: signals of fabrication in a file of answers, unit by unit; nobody is accused."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tera.cli.index import offered, read_patterns, tell_reading
from tera.cli.outcome import Outcome, for_people
from tera.cli.whole import whole
from tera.engine.eligibility import BadValue
from tera.recount.answers import Answers, Patterns
from tera.recount.grouped import read_grouped

if TYPE_CHECKING:
    from tera.statistics.screening.sample import Sample
    from tera.statistics.screening.screen import Screening

DRAWS = 9_999
FEWEST_DRAWS = 999
MANY_FORMS = 20_000
"""From so many forms on two processes are worth their start."""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "screen",
        help="signals of fabrication in a file of answers",
        description="Compares the answers of a unit, or of each unit in a column, with those of invented "
        "honest units of the same profile. Exits 0 where nothing needs review, 1 where something does. It "
        "accuses nobody, excludes nothing, and cannot see a careful faker.",
    )
    verb.add_argument("file", type=Path, metavar="FILE", help="a CSV or XLSX file, or - for CSV from stdin")
    verb.add_argument("--instrument", action="append", default=[], metavar="ID", help="may be repeated")
    verb.add_argument("--unit-column", metavar="NAME", help="the column that names the unit of each row")
    verb.add_argument("--seed", type=whole, metavar="N", default=1, help="default: %(default)s")
    verb.add_argument(
        "--draws",
        type=whole,
        metavar="N",
        default=DRAWS,
        help="invented units per unit at most, 999 or more; the rarest p is 1 in N + 1; default: %(default)s",
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return what was seen; the code is 1 where a unit needs review."""
    from tera.statistics.screening.screen import Status, screen_all

    if options.draws < FEWEST_DRAWS:
        raise BadValue(f"--draws {options.draws}: {FEWEST_DRAWS} or more are needed to see 1 % clearly")
    found, units = _read(options.file, options.instrument, options.unit_column)
    samples = list(_samples(found, units))
    workers = 2 if len(samples) > 1 and sum(sample.n for sample in samples) >= MANY_FORMS else 1
    with _progress(len(samples)) as progress:
        screenings = screen_all(samples, options.seed, options.draws, workers, progress)
    code = int(any(screening.status == Status.REVIEW for screening in screenings))
    if options.json:
        body = as_json(screenings, found, options.seed)
        return Outcome(json.dumps(body, ensure_ascii=False, indent=2) + "\n", code)
    return Outcome(for_people(lambda console: _tell(console, screenings, found)), code)


def _read(file: Path, names: Sequence[str], unit_column: str | None) -> tuple[Answers, dict[str, Patterns]]:
    if unit_column:
        return read_grouped(file, unit_column, *offered(names))
    found, patterns = read_patterns(file, names)
    return found, {file.name: patterns}


def _samples(found: Answers, units: dict[str, Patterns]) -> Iterator["Sample"]:
    from tera.statistics.screening.sample import Sample

    for unit, patterns in units.items():
        for instrument in found.instruments:
            yield Sample.of_rows(unit, instrument, list(patterns[instrument.id].elements()))


@contextmanager
def _progress(units: int) -> Iterator[Callable[[int], None] | None]:
    """Show on a terminal how many units are done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Screening", total=units)
        yield lambda done: bar.update(task, completed=done)


def as_json(screenings: Sequence["Screening"], found: Answers, seed: int) -> dict[str, object]:
    """Return the stable JSON form; p, e and q are plain numbers, because they are estimates."""
    from tera.statistics.screening import wording

    return {
        "needs_review": [each.name for each in screenings if each.status == "needs review"],
        "seed": seed,
        "limits": dict(wording.LIMITS),
        "units": [_unit_json(each) for each in screenings],
        "ignored_columns": list(found.ignored),
    }


def _unit_json(screening: "Screening") -> dict[str, object]:
    return {
        "unit": screening.name,
        "instrument": screening.instrument,
        "n": screening.n,
        "status": screening.status.value,
        "summary": dict(screening.summary),
        "p": screening.p,
        "e": screening.e,
        "q": screening.q,
        "q_any_dependence": screening.q_dependent,
        "e_bh": screening.is_discovery,
        "signals": [
            {
                "id": signal.id,
                "observed": signal.observed,
                "expected": signal.expected,
                "p": signal.p,
                "e": signal.e,
                "notable": signal.is_notable,
                "sentence": dict(signal.sentence),
                "power": dict(signal.power),
                "next_step": dict(signal.next_step),
            }
            for signal in screening.signals
        ],
    }


def _tell(console: Console, screenings: Sequence["Screening"], found: Answers) -> None:
    from tera.statistics.screening import wording

    if len(screenings) > len(found.instruments):
        _tell_units(console, screenings)
        for screening in screenings:
            if screening.status == "needs review":
                _tell_one(console, screening, only_notable=True)
    else:
        for screening in screenings:
            _tell_one(console, screening)
    console.print(wording.LIMITS["en"])
    tell_reading(console, found)


def _tell_units(console: Console, screenings: Sequence["Screening"]) -> None:
    table = Table("Unit", "Questionnaire", "Forms", "", "p", "q", title="Screening", title_justify="left")
    for each in screenings:
        numbers = ["" if number is None else f"{number:.4f}" for number in (each.p, each.q)]
        table.add_row(each.name, each.instrument, str(each.n), each.status.value, *numbers)
    for place in (2, 4, 5):
        table.columns[place].justify = "right"
    console.print(table)


def _tell_one(console: Console, screening: "Screening", *, only_notable: bool = False) -> None:
    console.print(f"{screening.name}, {screening.instrument}, {screening.n} complete forms")
    together = "" if screening.p is None else f" p = {screening.p:.4f} for all signals together."
    console.print(f"{screening.summary['en']}{together}")
    for signal in screening.signals:
        if signal.is_notable or not only_notable:
            console.print(f"- {signal.sentence['en']} p = {signal.p:.4f}, e = {signal.e:.2f}.")
            console.print(f"  {signal.power['en']}")
    if screening.status == "needs review":
        console.print(screening.next_step["en"])
