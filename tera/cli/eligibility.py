"""`tera eligibility`: may a unit be proposed, and if not, by how much it falls short."""

import argparse
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tera.cli.named import get_rulebook
from tera.engine import explain
from tera.engine.catalogue import list_instruments
from tera.engine.eligibility import BadValue, Finding, Value, Verdict, judge
from tera.engine.index import compute, convert
from tera.engine.number import exact, parse, plain
from tera.engine.rulebook import RESPONDENTS, Rulebook
from tera.recount import answers


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "eligibility",
        help="may a unit be proposed for WBK or WBBM",
        description="Judges a unit from a file of answers, or from indices given by hand. Without --value "
        "only the criteria are judged that a survey can answer. What cannot be judged is a no.",
    )
    verb.add_argument("file", type=Path, nargs="?", metavar="FILE", help="CSV or XLSX with the answers")
    verb.add_argument("--rulebook", metavar="ID", default="permenpanrb-10-2019", help="default: %(default)s")
    verb.add_argument("--target", metavar="TARGET", default="wbk", help="wbk or wbbm; default: %(default)s")
    for measure in ("ipk", "ikm", "ipak", "ipkp"):
        verb.add_argument(f"--{measure}-index", metavar="X", help=f"{measure.upper()} on the scale of 1 to 4")
    verb.add_argument("--respondents", type=int, metavar="N")
    verb.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="MEASURE=NUMBER",
        help="what no survey measures; repeat",
    )
    verb.add_argument("--instrument", action="append", default=[], metavar="ID", help="of the file; repeat")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the verdict; 0 when the unit may be proposed, 1 when not."""
    rulebook = get_rulebook(options.rulebook)
    targets = [target.id for target in rulebook.targets]
    if options.target not in targets:
        known = f"it has {', '.join(targets)}" if targets else "it judges no titles"
        raise BadValue(f"{rulebook.id} has no target {options.target!r}; {known}")
    values, respondents = _from_file(options, rulebook) if options.file else ({}, options.respondents)
    values |= _from_indices(options, rulebook, values)
    given = dict(_value(text, rulebook) for text in options.value)
    if respondents is not None and respondents < 1:
        raise BadValue(f"--respondents {respondents}: at least 1 respondent is needed")
    if not values and not given and respondents is None:
        raise BadValue("nothing to judge; give a FILE, or indices such as --ipk-index 3.60, or --value")
    verdict = judge(rulebook, options.target, {**values, **given}, respondents, survey_only=not given)
    if options.json:
        print(json.dumps(as_json(verdict), ensure_ascii=False, indent=2))
    else:
        _print(verdict)
    return 0 if verdict.eligible else 1


def _from_file(options: argparse.Namespace, rulebook: Rulebook) -> tuple[dict[str, Value], int]:
    if options.respondents is not None:
        raise BadValue("--respondents: the file says how many there are; leave it out")
    found = answers.read(options.file, list_instruments(), options.instrument)
    by_construct = {entry.construct: entry for entry in found.instruments}
    values: dict[str, Value] = {}
    respondents = []
    for measure in rulebook.measures:
        construct = next((name for name in measure.constructs if name in by_construct), None)
        if construct is not None:
            instrument = by_construct[construct]
            result = compute(found.tallies[instrument.id], instrument, rulebook)
            values[measure.id] = result.converted
            respondents.append(result.n)
    if not values:
        asked = ", ".join(entry.id for entry in found.instruments)
        raise BadValue(f"{options.file}: {rulebook.id} has no measure for {asked}")
    return values, min(respondents)


def _from_indices(
    options: argparse.Namespace, rulebook: Rulebook, known: Mapping[str, Value]
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    measures = {measure.id: measure for measure in rulebook.measures}
    for name in ("ipk", "ikm", "ipak", "ipkp"):
        text = getattr(options, f"{name}_index")
        if text is None:
            continue
        if name not in measures:
            raise BadValue(f"--{name}-index: {rulebook.id} measures {', '.join(measures) or 'no index'}")
        if name in known:
            raise BadValue(f"--{name}-index: the file gives this index; leave it out")
        points = parse(text)
        lowest, highest = rulebook.lowest.value, rulebook.highest.value
        if not lowest <= points <= highest:
            raise BadValue(f"--{name}-index {text}: an index is {lowest} to {highest}")
        values[name] = convert(points, measures[name], rulebook)
    return values


def _value(text: str, rulebook: Rulebook) -> tuple[str, Value]:
    name, sign, number = text.partition("=")
    if not sign:
        raise BadValue(f"--value {text!r}: write MEASURE=NUMBER, such as total=76.5")
    statuses = {given.id for given in rulebook.given if given.statuses}
    return name.strip(), number.strip() if name.strip() in statuses else parse(number)


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return the stable JSON form of a verdict."""
    return {
        "eligible": verdict.eligible,
        "target": verdict.target,
        "rulebook": verdict.rulebook.id,
        "scope": verdict.scope,
        "criteria": [_finding_json(finding) for finding in verdict.findings],
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    criterion = finding.criterion
    return {
        "id": criterion.id,
        "measure": criterion.measure,
        "value": _json_value(finding.value, criterion.measure),
        "exact": exact(finding.value) if isinstance(finding.value, Fraction) else None,
        "op": criterion.op,
        "threshold": _json_value(criterion.threshold, criterion.measure),
        "unit": criterion.unit,
        "met": finding.met,
        "short_by": _json_value(finding.short_by, criterion.measure),
        "article": criterion.article,
    }


def _json_value(value: Value | None, measure: str) -> str | int | None:
    if value is None or isinstance(value, str):
        return value
    return int(value) if measure == RESPONDENTS else plain(value)


def _print(verdict: Verdict) -> None:
    console = Console()
    answer = "eligible" if verdict.eligible else "not eligible"
    title = f"{verdict.target.upper()} under {verdict.rulebook.title}: {answer} ({verdict.scope})"
    table = Table("", "Criterion", "Asked for and found", "Article", title=title, title_justify="left")
    marks = {True: "met", False: "NOT MET", None: "NOT JUDGED"}
    for finding in verdict.findings:
        step = explain.explain_finding(finding, verdict.rulebook)
        table.add_row(marks[finding.met], step.title["en"], step.working["en"], step.article)
    console.print(table)
