"""`tera index FILE`: the index of a file of answers."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tera.cli.named import get_instrument, get_rulebook
from tera.cli.outcome import Outcome, for_people
from tera.engine import explain
from tera.engine.catalogue import list_instruments
from tera.engine.explain import Step, said
from tera.engine.index import MeasureIndex, NotMeasured, compute
from tera.engine.instrument import Instrument
from tera.engine.number import exact, shown
from tera.engine.rulebook import Rule
from tera.recount import answers
from tera.recount.answers import Answers, Patterns


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "index",
        help="index of a CSV or XLSX file of answers",
        description="Computes the index of a CSV or XLSX file with one respondent per row and the column "
        "names in row 1. Columns are item codes or u1 to u9, in any order; others are ignored and named.",
    )
    verb.add_argument("file", type=Path, metavar="FILE", help="a CSV or XLSX file, or - for CSV from stdin")
    verb.add_argument(
        "--instrument",
        action="append",
        default=[],
        metavar="ID",
        help="questionnaire, or a .toml file; found from the columns if not given; may be repeated",
    )
    verb.add_argument(
        "--rulebook", metavar="ID", help="regulation, or a .toml file; the instrument's own if not given"
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.add_argument("--explain", action="store_true", help="print every step with its article")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return the index of each instrument that the file holds."""
    if options.json and options.explain:
        raise NotMeasured("--json and --explain do not go together; choose one")
    rulebook = get_rulebook(options.rulebook) if options.rulebook else None
    found = read(options.file, options.instrument)
    results, beyond = [], []
    for entry in found.instruments:
        try:
            results.append(compute(found.tallies[entry.id], entry, rulebook or get_rulebook(entry.rulebook)))
        except NotMeasured as error:
            beyond.append(str(error))
    if not results:
        raise NotMeasured(f"{options.file}: {'; '.join(beyond)}")
    if options.json:
        rows = [as_json(result, found) for result in results]
        body = rows[0] if len(rows) == 1 else {"indices": rows}
        return Outcome(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    return Outcome(
        for_people(lambda console: _tell(console, results, found, beyond, is_explained=options.explain))
    )


def read(file: Path, names: Sequence[str]) -> Answers:
    """Return the answers to the named instruments, or to all that the file holds."""
    return answers.read(file, *offered(names))


def read_patterns(file: Path, names: Sequence[str]) -> tuple[Answers, Patterns]:
    """Return those answers, and how many respondents gave each pattern of them."""
    return answers.read_patterns(file, *offered(names))


def offered(names: Sequence[str]) -> tuple[Sequence[Instrument], list[str]]:
    """Return the questionnaires that may be in a file, and the ids of those that must be."""
    wanted = [get_instrument(name) for name in names]
    return wanted or list_instruments(), [entry.id for entry in wanted]


def as_json(result: MeasureIndex, found: Answers) -> dict[str, object]:
    """Return the stable JSON form of an index; numbers are text, exact ones fractions."""
    decimals = result.measure.decimals
    return {
        "n": result.n,
        "rulebook": result.rulebook.id,
        "instrument": result.instrument.id,
        "measure": result.measure.id,
        "index_points": {"exact": exact(result.points), "shown": result.points_shown},
        "converted": result.converted_shown,
        "converted_unit": result.measure.maximum.unit,
        "grade": result.grade.grade if result.grade else None,
        "six_point_map": result.rulebook.six_point_map.rule if explain.is_mapped(result) else None,
        "elements": [
            {
                "code": element.code,
                "n": element.n,
                "sum": element.sum,
                "mean": None
                if element.mean is None
                else {"exact": exact(element.mean), "shown": shown(element.mean, decimals)},
            }
            for element in result.elements
        ],
        "ignored_columns": list(found.ignored),
        "same_columns_as": list(found.twins[result.instrument.id]),
    }


def _tell(
    console: Console,
    results: Sequence[MeasureIndex],
    found: Answers,
    beyond: Sequence[str],
    *,
    is_explained: bool,
) -> None:
    for result in results:
        _tell_index(console, result)
        if is_explained:
            _tell_steps(console, result)
    tell_reading(console, found)
    for line in beyond:
        console.print(f"Not computed: {line}")


def _tell_index(console: Console, result: MeasureIndex) -> None:
    title = f"{said(result.instrument.title, 'en')}, {result.n} respondents, {result.rulebook.title}"
    table = Table("Element", "Answers", "Sum", "Mean", title=title, title_justify="left")
    names = {element.code: element.name for element in result.instrument.elements}
    for element in result.elements:
        mean = "no data" if element.mean is None else shown(element.mean, result.measure.decimals)
        table.add_row(said(names[element.code], "en"), str(element.n), str(element.sum), mean)
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
    grade = f", grade {result.grade.grade} ({said(result.grade.label, 'en')})" if result.grade else ""
    console.print(
        f"{result.measure.short} {result.points_shown} of {result.rulebook.highest.value} "
        f"= {result.converted_shown} {result.measure.maximum.unit}{grade}"
    )
    if explain.is_mapped(result):
        rule = result.rulebook.six_point_map
        console.print(f"Six points were mapped to four by the rule '{rule.rule}': {_source(rule)}")


def _tell_steps(console: Console, result: MeasureIndex) -> None:
    console.print(f"{result.rulebook.full_title}\n{result.rulebook.checked}")
    for number, step in enumerate(explain.explain_index(result), 1):
        console.print(f"{number:2}. {step.title['en']}: {step.working['en']}\n    [{_source(step)}]")


def _source(found: Step | Rule) -> str:
    """Return the article with its reason, and where the reading is argued."""
    text = f"{found.article}. {said(found.note, 'en')}" if found.note else found.article
    return f"{text} ({found.reading})" if found.reading else text


def tell_reading(console: Console, found: Answers) -> None:
    """Say which instruments the columns were taken for, and which columns were ignored."""
    for instrument in found.instruments:
        twins = found.twins[instrument.id]
        if twins:
            others = " and ".join(twins)
            console.print(
                f"Read as {instrument.id}; {others} have the same columns (choose with --instrument)"
            )
    if found.ignored:
        console.print(f"Ignored columns: {', '.join(found.ignored)}")
