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
    verb.add_argument("--old", default="", metavar="FILE", help="a checkpoint of this log that you kept")
    verb.add_argument(
        "--save-checkpoint", default="", metavar="FILE", help="keep the checkpoint if all holds"
    )
    verb.add_argument("--receipt", default="", metavar="FILE", help="a receipt as JSON")
    verb.add_argument("--proof", default="", metavar="FILE", help="what the site shows for the receipt")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return what was checked; its code is 1 when something does not hold."""
    from tera.verifier.verify import UnreadableError, verify

    try:
        report = verify(
            options.source, options.key, options.old, options.receipt, options.proof, options.save_checkpoint
        )
    except UnreadableError as error:
        raise BadValue(str(error)) from error
    result = report.result()
    text = json.dumps(result, indent=2) + "\n" if options.json else report.text()
    return Outcome(text, 0 if result["holds"] else 1)
