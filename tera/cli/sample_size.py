"""`tera sample-size N`: how many respondents a population calls for."""

import argparse
import json

from tera.cli.named import get_rulebook
from tera.engine import sampling
from tera.engine.eligibility import BadValue


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "sample-size", help="respondents that a population calls for (Krejcie and Morgan)"
    )
    verb.add_argument("population", type=_population, metavar="N", help="people served in the period")
    verb.add_argument("--rulebook", metavar="ID", default="permenpanrb-14-2017", help="default: %(default)s")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def _population(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of people, 0 or more")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Print the sample size."""
    rulebook = get_rulebook(options.rulebook)
    if rulebook.sample is None:
        raise BadValue(f"{rulebook.id} has no sampling rule; permenpanrb-14-2017 has one")
    size = sampling.size(rulebook.sample, options.population)
    if options.json:
        print(json.dumps({"population": options.population, "sample_size": size, "rulebook": rulebook.id}))
    else:
        print(size)
    return 0
