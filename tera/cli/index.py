"""`tera index FILE`: the index of a file of answers."""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tera.cli.named import get_instrument, get_rulebook
from tera.engine import explain
from tera.engine.catalogue import list_instruments
from tera.engine.index import MeasureIndex, compute
from tera.engine.number import exact, shown
from tera.recount import answers


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "index",
        help="index of a CSV or XLSX file of answers",
        description="Computes the index of a CSV or XLSX file with one respondent per row. "
        "Columns are item codes or u1 to u9, in any order; other columns are ignored and named.",
    )
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument(
        "--instrument",
        metavar="ID",
        help="questionnaire, or a .toml file; found from the columns if not given",
    )
    verb.add_argument(
        "--rulebook", metavar="ID", help="regulation, or a .toml file; the instrument's own if not given"
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.add_argument("--explain", action="store_true", help="print every step with its article")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the index of each instrument that the file holds."""
    rulebook = get_rulebook(options.rulebook) if options.rulebook else None
    wanted = [get_instrument(options.instrument)] if options.instrument else []
    found = answers.read(options.file, wanted or list_instruments(), [entry.id for entry in wanted])
    results = [
        compute(found.tallies[entry.id], entry, rulebook or get_rulebook(entry.rulebook))
        for entry in found.instruments
    ]
    if options.json:
        rows = [{**as_json(result), "ignored_columns": list(found.ignored)} for result in results]
        print(json.dumps(rows[0] if len(rows) == 1 else {"indices": rows}, ensure_ascii=False, indent=2))
    else:
        for result in results:
            _print(result, is_explained=options.explain)
        if found.ignored:
            Console().print(f"Ignored columns: {', '.join(found.ignored)}", markup=False)
    return 0


def as_json(result: MeasureIndex) -> dict[str, object]:
    """Return the stable JSON form of an index; numbers are text, exact ones fractions."""
    return {
        "n": result.n,
        "rulebook": result.rulebook.id,
        "instrument": result.instrument.id,
        "measure": result.measure.id,
        "index_points": {"exact": exact(result.points), "shown": result.points_shown},
        "converted": result.converted_shown,
        "converted_unit": result.measure.maximum.unit,
        "grade": result.grade.grade if result.grade else None,
        "elements": [
            {
                "code": element.code,
                "n": element.n,
                "sum": element.sum,
                "mean": None
                if element.mean is None
                else {"exact": exact(element.mean), "shown": shown(element.mean, result.measure.decimals)},
            }
            for element in result.elements
        ],
    }


def _print(result: MeasureIndex, *, is_explained: bool) -> None:
    console = Console()
    title = f"{result.instrument.title['en']}, {result.n} respondents, {result.rulebook.title}"
    table = Table("Element", "Answers", "Sum", "Mean", title=title, title_justify="left")
    names = {element.code: element.name for element in result.instrument.elements}
    for element in result.elements:
        mean = "no data" if element.mean is None else shown(element.mean, result.measure.decimals)
        table.add_row(names[element.code].get("en", element.code), str(element.n), str(element.sum), mean)
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
    grade = f", grade {result.grade.grade} ({result.grade.label['en']})" if result.grade else ""
    console.print(
        f"{result.measure.short} {result.points_shown} of {result.rulebook.highest.value} "
        f"= {result.converted_shown} {result.measure.maximum.unit}{grade}",
        highlight=False,
    )
    if is_explained:
        for number, step in enumerate(explain.explain_index(result), 1):
            console.print(
                f"{number:2}. {step.title['en']}: {step.working['en']}  [{step.article}]", markup=False
            )
