"""`tera sample-size N`: how many respondents a population calls for."""

import argparse
import json

from tera.cli.named import get_rulebook, people
from tera.cli.outcome import Outcome
from tera.engine import sampling
from tera.engine.eligibility import BadValue
from tera.engine.number import parse, plain
from tera.statistics.planning import USUAL_SPREAD, size_for_margin


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "sample-size",
        help="respondents that a population calls for",
        description="Krejcie and Morgan's sample size, as the rulebook has it; with --margin the size that "
        "bounds a mean from below at 95 %.",
    )
    verb.add_argument("population", type=people, metavar="N", help="people served in the period")
    verb.add_argument("--rulebook", metavar="ID", default="permenpanrb-14-2017", help="default: %(default)s")
    verb.add_argument("--margin", metavar="D", help="for a mean instead: how far it may be off, such as 0.1")
    verb.add_argument("--spread", metavar="S", help=f"of respondents' means; default: {plain(USUAL_SPREAD)}")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return the sample size."""
    found = _for_mean(options) if options.margin else _for_share(options)
    return Outcome(json.dumps(found) + "\n" if options.json else f"{found['sample_size']}\n")


def _for_share(options: argparse.Namespace) -> dict[str, object]:
    if options.spread:
        raise BadValue("--spread goes with --margin")
    rulebook = get_rulebook(options.rulebook)
    if rulebook.sample is None:
        raise BadValue(f"{rulebook.id} has no sampling rule; permenpanrb-14-2017 has one")
    size = sampling.size(rulebook.sample, options.population)
    return {"population": options.population, "sample_size": size, "rulebook": rulebook.id}


def _for_mean(options: argparse.Namespace) -> dict[str, object]:
    margin, spread = parse(options.margin), parse(options.spread) if options.spread else USUAL_SPREAD
    if margin <= 0 or spread <= 0:
        raise BadValue("--margin and --spread are more than 0, in points of the scale")
    size = size_for_margin(options.population, margin, spread) if options.population else 0
    return {
        "population": options.population,
        "sample_size": size,
        "margin": plain(margin),
        "spread": plain(spread),
    }
