"""`tera begin`: the first unit of an installation, and the account of who administers it."""

import argparse

from tera.cli.installation import CannotServe, enter, prepare, usable
from tera.cli.outcome import Outcome


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "begin",
        help="make the first unit and the account of its administrator",
        description="For a new installation. Everything else is done in the portal: the administrator "
        "imports the units below, makes accounts and gives roles.",
    )
    verb.add_argument("--unit", required=True, metavar="CODE", help="short code, such as kemenkumham")
    verb.add_argument("--name", required=True, help="its name, such as 'Kementerian Hukum dan HAM'")
    verb.add_argument("--kind", default="KEMENTERIAN", help="what it is; default KEMENTERIAN")
    verb.add_argument("--admin", required=True, metavar="ACCOUNT", help="account name of the administrator")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Make both, and print where the administrator sets a password."""
    enter()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.utils import translation

    from tera.portal.people.actions import Begun, begin
    from tera.portal.units.actions import CannotReorganise

    with usable(), translation.override("en"):
        if not settings.HAS_ROLES:
            prepare()
        try:
            link = begin(options.unit, options.name, options.kind, options.admin)
        except (Begun, CannotReorganise) as error:
            raise CannotServe(str(error)) from error
        except ValidationError as error:
            raise CannotServe("; ".join(error.messages)) from error
    return Outcome(
        f"{options.name} is there, and the account {options.admin}, who administers it.\n"
        f"Start `tera serve`, then open this address once, behind the name of your host:\n  {link}\n"
    )
