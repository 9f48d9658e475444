"""`tera erase`: a respondent takes back what they said; two people of the installation carry it out."""

import argparse
import getpass
import sys

from tera.cli.installation import CannotServe, enter, usable
from tera.cli.outcome import Outcome

NEEDED = "this response is being taken off the result; it can be erased once the result is certified"

KEPT = "it was to be taken off the certified result, which keeps its answers now, as those of all who erased"


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "erase",
        help="erase a response at its respondent's wish",
        description="Deletes one response, its salt and its key (UU PDP). The respondent shows the receipt "
        "and the key under which the answers were sent; two people log in. Its commitment stays in its block "
        "and says nothing by itself; the ledger counts what was erased.",
    )
    verb.add_argument("--receipt", required=True, metavar="CODE", help="the code of the receipt")
    verb.add_argument("--key", required=True, metavar="KEY", help="the client key, 22 letters and digits")
    verb.add_argument("--by", required=True, metavar="NAME", help="the account of one person")
    verb.add_argument("--with", required=True, metavar="NAME", dest="second", help="and of another")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Erase, once both people have typed their passwords."""
    enter()
    from django.conf import settings

    from tera.engine.response import BadCode
    from tera.intake import receipts
    from tera.intake.erasing import CannotErase, erase
    from tera.intake.submission import Refused, read_key
    from tera.portal.ledger.actions import record
    from tera.portal.results.correcting.erased import let_go
    from tera.portal.results.queries import is_to_be_taken_off
    from tera.portal.surveys.actions import tell_of_blocks

    if options.by == options.second:
        raise CannotServe("two different people erase: --by and --with name the same account")
    with usable():
        for name in (options.by, options.second):
            _require_person(name)
        try:
            held = receipts.find(settings.INTAKE, options.receipt)
            if held and is_to_be_taken_off(held.campaign, held.commitment):
                raise CannotServe(NEEDED)
            database = settings.INTAKE.acting_as("eraser")
            found = erase(database, options.receipt, read_key(options.key) or b"")
        except (BadCode, CannotErase, Refused) as error:
            raise CannotServe(str(error)) from error
        tell_of_blocks()
        was_excluded = let_go(found.campaign)
        who = f"{options.by}, {options.second}"
        record(kind="DEED", who=who, deed="erase-response", about=f"{found.campaign}/{found.block}")
    place = f"from block {found.block}" if found.block else "before any block held it"
    told = f"; {KEPT}" if was_excluded else ""
    return Outcome(f"one response of {found.campaign} was erased, {place}{told}\n")


def _require_person(name: str) -> None:
    """Let a person log in; without a terminal the password is a line of standard input."""
    from django.contrib.auth import authenticate

    prompt = f"password of {name}: "
    password = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if authenticate(username=name, password=password) is None:
        raise CannotServe(f"{name} and this password are no account here; nothing was erased")
