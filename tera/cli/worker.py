"""`tera worker`: seals and publishes, again and again. `tera demo` keeps one beside it."""

import argparse
import logging
import signal
import threading
import time

from tera.cli.installation import CannotServe, enter, passing, place, usable
from tera.cli.outcome import Outcome
from tera.cli.parent import end_with

RETRY_SECONDS = 60
TABLE = "surveys_campaign"

logger = logging.getLogger(__name__)


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("worker", help="seal what waits and publish the ledger, again and again")
    verb.add_argument("--once", action="store_true", help="one round only")
    verb.add_argument("--parent", type=int, help=argparse.SUPPRESS)  # the process that this one ends with
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Seal what waits, at the interval of the installation, until a signal stops it.

    In between it publishes what was said since, or what too few witnesses cosigned before. A round that is
    under way ends first. A database that does not answer now is tried again.
    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if options.parent is not None:
        end_with(options.parent)
    enter()
    from django.conf import settings

    if options.once:
        with usable():
            _round(seals=True)
        return Outcome()
    due = 0.0
    while not stopped.is_set():
        began, pause = time.monotonic(), min(settings.SEAL_SECONDS, settings.PUBLISH_SECONDS)
        try:
            _round(seals=began >= due)
            due = began + settings.SEAL_SECONDS if began >= due else due
        except passing() as error:
            pause = min(settings.SEAL_SECONDS, RETRY_SECONDS)
            logger.error("nothing was sealed or published, the next try is in %d s: %s", pause, error)
        stopped.wait(pause)
    return Outcome()


def _round(*, seals: bool) -> None:
    from django.conf import settings
    from django.db import connection, connections
    from django.utils import timezone

    from tera.portal.ledger.files import Damaged, Files, Occupied
    from tera.portal.ledger.publishing import Unwitnessed, has_news, publish_installation
    from tera.portal.surveys.actions import seal_due, tell_of_blocks
    from tera.portal.units.actions import bring_up_to_date

    try:
        if TABLE not in connection.introspection.table_names():
            raise CannotServe(f"nothing is installed in {place()} yet; `tera demo` grows a demo there")
        bring_up_to_date(timezone.localdate())
        if seals:
            seal_due(timezone.now())
            tell_of_blocks()
        try:
            if seals or has_news(Files(settings.LOG)):
                publish_installation()
        except Occupied as error:  # another worker publishes what this one said
            logger.info("%s", error)
        except (Unwitnessed, OSError) as error:
            logger.warning("the ledger is not published, it is tried again: %s", error)
        except Damaged as error:  # answers are sealed all the same, and nothing is signed
            logger.critical("the ledger is not published: %s", error)
    finally:
        connections.close_all()  # the next round may be a day away
