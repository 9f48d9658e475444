"""`tera eligibility`: may a unit be proposed, and if not, by how much it falls short."""

import argparse
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tera.cli.index import read_patterns, tell_reading
from tera.cli.named import get_rulebook, people
from tera.cli.outcome import Outcome, for_people
from tera.engine import explain
from tera.engine.breakdown import means_of
from tera.engine.eligibility import BadValue, Finding, Value, Verdict, judge
from tera.engine.index import compute, convert
from tera.engine.instrument import Instrument
from tera.engine.number import NotANumber, exact, parse, plain
from tera.engine.rulebook import RESPONDENTS, Measure, Rulebook
from tera.recount.answers import Answers, Patterns
from tera.statistics.uncertainty.explain import explain_proof
from tera.statistics.uncertainty.proof import Evidence, Proof, prove, together

MEASURES = ("ipk", "ikm", "ipak", "ipkp")


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
    verb.add_argument("--target", type=str.lower, default="wbk", help="wbk or wbbm; default: %(default)s")
    for measure in MEASURES:
        verb.add_argument(f"--{measure}-index", metavar="X", help=f"{measure.upper()} on the scale of 1 to 4")
    verb.add_argument("--respondents", type=people, metavar="N")
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


def run(options: argparse.Namespace) -> Outcome:
    """Return the verdict; its code is 0 when the unit may be proposed, 1 when not."""
    rulebook = get_rulebook(options.rulebook)
    _require_target(rulebook, options.target)
    found, patterns = _read(options)
    evidence = _evidence(options.file, found, patterns, rulebook) if found else {}
    values: dict[str, Value] = {name: known.index.converted for name, known in evidence.items()}
    respondents = min((known.index.n for known in evidence.values()), default=options.respondents)
    values = _merged(values, _from_indices(options, rulebook))
    given: dict[str, Value] = {}
    for text in options.value:
        given = _merged(given, dict([_value(text, rulebook)]))
    if respondents is not None and respondents < 1:
        raise BadValue(f"--respondents {respondents}: at least 1 respondent is needed")
    if not values and not given and respondents is None:
        raise BadValue("nothing to judge; give a FILE, or indices such as --ipk-index 3.60, or --value")
    known = _merged(values, given)
    verdict = judge(rulebook, options.target, known, respondents, survey_only=not given)
    proofs = prove(verdict, evidence, respondents)
    code = 0 if verdict.eligible else 1
    if options.json:
        body = {**as_json(verdict, proofs), **(_reading_json(found) if found else {})}
        return Outcome(json.dumps(body, ensure_ascii=False, indent=2) + "\n", code)
    return Outcome(for_people(lambda console: _tell(console, verdict, proofs, found)), code)


def _require_target(rulebook: Rulebook, target: str) -> None:
    targets = [entry.id for entry in rulebook.targets]
    if target not in targets:
        known = f"it has {', '.join(targets)}" if targets else "it judges no titles"
        raise BadValue(f"{rulebook.id} has no target {target!r}; {known}")


def _merged(values: Mapping[str, Value], more: Mapping[str, Value]) -> dict[str, Value]:
    """Return both together; a value that is given twice is a mistake, whichever would win."""
    for name in more:
        if name in values:
            raise BadValue(f"{name} is given twice; a file, an index and --value do not overrule each other")
    return {**values, **more}


def _read(options: argparse.Namespace) -> tuple[Answers | None, Patterns]:
    if options.file is None:
        if options.instrument:
            raise BadValue("--instrument goes with a FILE")
        return None, {}
    if options.respondents is not None:
        raise BadValue("--respondents: the file says how many there are; leave it out")
    return read_patterns(options.file, options.instrument)


def _evidence(file: Path, found: Answers, patterns: Patterns, rulebook: Rulebook) -> dict[str, Evidence]:
    """Return the index of each measure that the file holds, with how its respondents spread."""
    evidence = {}
    for measure in rulebook.measures:
        instrument = _instrument_for(measure, found, file)
        if instrument is not None:
            result = compute(found.tallies[instrument.id], instrument, rulebook)
            complete = {form: times for form, times in patterns[instrument.id].items() if 0 not in form}
            evidence[measure.id] = Evidence(result, means_of(instrument, complete))
    if not evidence:
        asked = ", ".join(entry.id for entry in found.instruments)
        raise BadValue(f"{file}: {rulebook.id} has no measure for {asked}")
    return evidence


def _instrument_for(measure: Measure, found: Answers, file: Path) -> Instrument | None:
    for construct in measure.constructs:
        fitting = [entry for entry in found.instruments if entry.construct == construct]
        if len(fitting) > 1:
            names = " and ".join(entry.id for entry in fitting)
            raise BadValue(f"{file}: {names} both measure {measure.id}; choose one with --instrument")
        if fitting:
            return fitting[0]
    return None


def _from_indices(options: argparse.Namespace, rulebook: Rulebook) -> dict[str, Value]:
    values: dict[str, Value] = {}
    measures = {measure.id: measure for measure in rulebook.measures}
    for name in MEASURES:
        text = getattr(options, f"{name}_index")
        if text is None:
            continue
        if name not in measures:
            raise BadValue(f"--{name}-index: {rulebook.id} measures {', '.join(measures) or 'no index'}")
        points = _number(text, f"--{name}-index")
        lowest, highest = rulebook.lowest.value, rulebook.highest.value
        if not lowest <= points <= highest:
            raise BadValue(f"--{name}-index {text}: an index is {lowest} to {highest}")
        values[name] = convert(points, measures[name], rulebook)
    return values


def _number(text: str, option: str) -> Fraction:
    try:
        return parse(text)
    except NotANumber as error:
        raise BadValue(f"{option}: {error}") from error


def _value(text: str, rulebook: Rulebook) -> tuple[str, Value]:
    name, sign, number = (part.strip() for part in text.partition("="))
    if not sign:
        raise BadValue(f"--value {text!r}: write MEASURE=NUMBER, such as total=76.5")
    if name in {given.id for given in rulebook.given if given.statuses}:
        return name, number
    value = _number(number, f"--value {name}")
    for measure in rulebook.measures:
        least = convert(rulebook.lowest.value, measure, rulebook)
        if measure.id == name and value < least:
            unit = measure.maximum.unit
            raise BadValue(
                f"--value {text}: {name} is in {unit}, {plain(least)} or more; for an index of "
                f"{rulebook.lowest.value} to {rulebook.highest.value} use --{name}-index"
            )
    return name, value


def as_json(verdict: Verdict, proofs: Mapping[str, Proof]) -> dict[str, object]:
    """Return the stable JSON form of a verdict; the proof stands beside what the law says."""
    return {
        "eligible": verdict.eligible,
        "target": verdict.target,
        "rulebook": verdict.rulebook.id,
        "scope": verdict.scope,
        "criteria": [
            {**_finding_json(finding), "proof": _proof_json(finding, proofs.get(finding.criterion.id))}
            for finding in verdict.findings
        ],
        "proof": _together_json(proofs),
    }


def _proof_json(finding: Finding, proof: Proof | None) -> dict[str, object] | None:
    if proof is None:
        return None
    bound = _json_value(proof.lower_bound, finding.criterion.measure)
    return {"status": proof.status, "lower_bound_95": bound, **_counts_json(proof)}


def _together_json(proofs: Mapping[str, Proof]) -> dict[str, object] | None:
    if not proofs:
        return None
    proof = together(proofs)
    return {"status": proof.status, **_counts_json(proof)}


def _counts_json(proof: Proof) -> dict[str, object]:
    return {
        "respondents_needed": proof.respondents_needed,
        "fake_forms_to_flip": proof.fake_forms_to_flip,
        "calls_needed": proof.calls_needed,
    }


def _reading_json(found: Answers) -> dict[str, object]:
    return {
        "instruments": [entry.id for entry in found.instruments],
        "ignored_columns": list(found.ignored),
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    criterion, short_by = finding.criterion, finding.short_by
    is_count = criterion.measure == RESPONDENTS
    return {
        "id": criterion.id,
        "measure": criterion.measure,
        "value": _json_value(finding.value, criterion.measure),
        "exact": exact(finding.value) if isinstance(finding.value, Fraction) else None,
        "op": criterion.op,
        "threshold": _json_value(criterion.threshold, criterion.measure),
        "unit": criterion.unit,
        "met": finding.met,
        "short_by": None
        if short_by is None
        else int(short_by)
        if is_count
        else plain(short_by, is_shortfall=True),
        "article": criterion.article,
    }


def _json_value(value: Value | None, measure: str) -> str | int | None:
    if value is None or isinstance(value, str):
        return value
    return int(value) if measure == RESPONDENTS else plain(value)


def _tell(console: Console, verdict: Verdict, proofs: Mapping[str, Proof], found: Answers | None) -> None:
    answer = "eligible" if verdict.eligible else "not eligible"
    title = f"{verdict.target.upper()} under {verdict.rulebook.title}: {answer} ({verdict.scope})"
    table = Table("", "Criterion", "Found and asked for", "Article", title=title, title_justify="left")
    marks = {True: "met", False: "NOT MET", None: "NOT JUDGED"}
    for finding in verdict.findings:
        step = explain.explain_finding(finding, verdict.rulebook)
        table.add_row(marks[finding.met], step.title["en"], step.working["en"], step.article)
    for column in table.columns:
        column.overflow = "fold"
    console.print(table)
    for finding in verdict.findings:
        if proof := proofs.get(finding.criterion.id):
            title = explain.explain_finding(finding, verdict.rulebook).title["en"]
            console.print(f"{title}: {explain_proof(finding, proof)['en']}")
    if found:
        tell_reading(console, found)
    unmet = verdict.first_unmet
    if unmet:
        step = explain.explain_finding(unmet, verdict.rulebook)
        console.print(f"Not eligible: {step.title['en']}: {step.working['en']}")
