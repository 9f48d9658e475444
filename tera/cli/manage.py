"""`tera manage`: Django's own commands on this installation."""

import argparse

from tera.cli.installation import enter
from tera.cli.outcome import Outcome


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("manage", help="Django's own commands", add_help=False)
    verb.add_argument("command", nargs=argparse.REMAINDER)
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Run one of Django's own commands."""
    enter()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tera manage", *options.command])
    return Outcome()
