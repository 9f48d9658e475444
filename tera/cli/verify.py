"""`tera verify SOURCE`: check a ledger without trusting whoever gives it."""

import argparse
import json

from tera.cli.outcome import Outcome
from tera.engine.eligibility import BadValue


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "verify",
        help="check a ledger: a site, a folder or an audit bundle",
        description="Makes every check of docs/protocol.md that the source allows. Exit code 0: all that was "
        "checked holds; 1: something does not. The file tera/verifier/verify.py does the same on its own.",
    )
    verb.add_argument("source", metavar="SOURCE", help="an address, a folder with log/, or an audit bundle")
    verb.add_argument(
        "--key", default="", metavar="KEY", help="the log's key from whom you trust, or its file"
    )
    verb.add_argument("--old", default="", metavar="FILE", help="a copy of log/checkpoint that you kept")
    verb.add_argument("--receipt", default="", metavar="FILE", help="a receipt as JSON")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return what was checked; its code is 1 when something does not hold."""
    from tera.verifier.verify import verify

    try:
        found = verify(options.source, options.key, options.old, options.receipt)
    except OSError as error:
        raise BadValue(str(error)) from error
    result = {
        "holds": not found.findings,
        "made": dict(sorted(found.made.items())),
        "findings": found.findings,
    }
    text = json.dumps(result, indent=2) if options.json else found.text()
    return Outcome(f"{text}\n", 1 if found.findings else 0)
