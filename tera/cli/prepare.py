"""`tera prepare`: the owner of the database makes the tables, and lets each role do what it needs."""

import argparse
import os

from tera.cli.installation import CannotServe, enter, prepare, usable
from tera.cli.outcome import Outcome


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "prepare",
        help="make or update the tables, and the roles where they are in use",
        description="For the owner of the database, before the first start and after an upgrade. With "
        "TERA_DATABASE_ROLES=1 it also makes the roles and their rights; without, `tera serve` does it all.",
    )
    verb.set_defaults(run=run)


def run(_: argparse.Namespace) -> Outcome:
    """Make everything as whoever logs in, who needs no role for it."""
    has_roles = os.environ.pop("TERA_DATABASE_ROLES", "") == "1"
    enter()
    from django.conf import settings

    if has_roles and not settings.DATABASE_URL:
        raise CannotServe("TERA_DATABASE_ROLES needs TERA_DATABASE_URL: the embedded database has none")
    with usable():
        prepare()
        if has_roles:
            settings.INTAKE.grant()
    return Outcome("the tables and the roles are ready\n" if has_roles else "the tables are ready\n")
