"""`tera worker`: seals, publishes and does jobs, again and again. `tera demo` keeps one beside it."""

import argparse
import logging
import math
import signal
import threading
import time

from tera.cli.installation import CannotServe, enter, passing, place, usable
from tera.cli.outcome import Outcome
from tera.cli.parent import end_with

RETRY_SECONDS, LOOK_SECONDS, LIST_SECONDS, CLEAN_SECONDS = 60, 1, 10, 60
TABLE = "surveys_campaign"

logger = logging.getLogger(__name__)


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("worker", help="seal what waits and publish the ledger, again and again")
    verb.add_argument("--once", action="store_true", help="one round only")
    verb.add_argument(
        "--no-jobs", action="store_true", help="only seal and publish: jobs and statistics are done elsewhere"
    )
    verb.add_argument("--parent", type=int, help=argparse.SUPPRESS)  # the process that this one ends with
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Seal what waits, at the interval of the installation, until a signal stops it.

    In between it publishes what was said since, or what too few witnesses cosigned before. A round that is
    under way ends first. A database that does not answer now is tried again. Jobs have a thread of their own,
    so that a long one holds up no round; one that is under way waits for the next worker.
    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if options.parent is not None:
        end_with(options.parent)
    enter()
    if options.once:
        with usable():
            _round(seals=True)
            while not options.no_jobs and _job(stopped, lists=True, cleans=True):
                pass
        return Outcome()
    jobs = None if options.no_jobs else threading.Thread(target=_work, args=(stopped,), name="jobs")
    try:
        _repeat(stopped, jobs)
    finally:
        stopped.set()
        if jobs is not None and jobs.is_alive():
            jobs.join()
    return Outcome()


def _repeat(stopped: threading.Event, jobs: threading.Thread | None) -> None:
    """Do one round after another, and begin with the jobs after the first: then the tables are there."""
    from django.conf import settings

    due = 0.0
    while not stopped.is_set():
        began, pause = time.monotonic(), min(settings.SEAL_SECONDS, settings.PUBLISH_SECONDS)
        try:
            _round(seals=began >= due)
            due = began + settings.SEAL_SECONDS if began >= due else due
            if jobs is not None and jobs.ident is None:
                jobs.start()
        except passing() as error:
            pause = min(settings.SEAL_SECONDS, RETRY_SECONDS)
            logger.error("nothing was sealed or published, the next try is in %d s: %s", pause, error)
        stopped.wait(pause)


def _work(stopped: threading.Event) -> None:
    """Do the jobs that wait, one after another, until the worker ends."""
    listed = cleaned = -math.inf
    while not stopped.is_set():
        pause, now = float(LOOK_SECONDS), time.monotonic()
        lists, cleans = now - listed >= LIST_SECONDS, now - cleaned >= CLEAN_SECONDS
        try:
            pause = 0 if _job(stopped, lists=lists, cleans=cleans) else LOOK_SECONDS
            listed, cleaned = now if lists else listed, now if cleans else cleaned
        except passing() as error:
            pause = RETRY_SECONDS
            logger.error("no job was done, the next look is in %d s: %s", pause, error)
        except Exception:
            pause = RETRY_SECONDS  # sealing goes on, whatever it is
            logger.exception("no job was done, the next look is in %d s", pause)
        stopped.wait(pause)


def _job(stopped: threading.Event, *, lists: bool, cleans: bool) -> bool:
    """Do one job if one waits, and say whether one did; what goes wrong with it is told on its page.

    Now and then it `lists` the units whose results were certified since, and `cleans` up.
    """
    from django.db import connections

    from tera.portal.imports import uploads
    from tera.portal.jobs.actions import clean_up, run_due
    from tera.portal.proposals.standings.actions import refresh_due, rejudge_outdated

    try:
        was_one = run_due(stopped.is_set) or _statistics()
        while lists and not stopped.is_set() and refresh_due():
            pass
        if cleans:
            clean_up()
            uploads.clean_up()
            rejudge_outdated()
        return was_one
    finally:
        connections.close_all()


def _statistics() -> bool:
    """Analyse a certified result, screen a closed campaign or prepare its dossier; say whether one waited.

    The libraries take seconds to load and much memory, so they come only where there is work.
    """
    from django.utils import timezone

    from tera.portal.results.queries import waiting_for_analysis
    from tera.portal.review.dossier.queries import waits_for_summary
    from tera.portal.review.queries import are_heaps_due, waits_for_screening

    now = timezone.now()
    if waiting_for_analysis().exists():
        from tera.portal.results.precision.actions import analyse_next

        return analyse_next(now)
    if waits_for_screening() or are_heaps_due(now):
        from tera.portal.review.actions import find_heaps_next, screen_next

        return screen_next(now) or find_heaps_next(now)
    if waits_for_summary():
        from tera.portal.review.dossier.summary.actions import summarise_next

        return summarise_next(now)
    return False


def _round(*, seals: bool) -> None:
    from django.conf import settings
    from django.db import connection, connections
    from django.utils import timezone

    from tera.portal.ledger.files import Damaged, Files, Occupied
    from tera.portal.ledger.publishing import Unwitnessed, has_news, publish_installation
    from tera.portal.results.actions import tell_published
    from tera.portal.review.asking.telling import write_due
    from tera.portal.review.calls.actions import forget_due
    from tera.portal.surveys.actions import publish_new, seal_due, tell_of_blocks
    from tera.portal.surveys.reminding import remind_due
    from tera.portal.surveys.scheduling import open_due
    from tera.portal.units.actions import bring_up_to_date

    try:
        if TABLE not in connection.introspection.table_names():
            raise CannotServe(f"nothing is installed in {place()} yet; `tera demo` grows a demo there")
        bring_up_to_date(timezone.localdate())
        open_due(timezone.now())
        forget_due(timezone.now())
        publish_new()
        if seals:
            seal_due(timezone.now())
            tell_of_blocks()
        try:
            if seals or has_news(Files(settings.LOG)):
                publish_installation()
                tell_published(timezone.now())
        except Occupied as error:  # another worker publishes what this one said
            logger.info("%s", error)
        except (Unwitnessed, OSError) as error:
            logger.warning("the ledger is not published, it is tried again: %s", error)
        except Damaged as error:  # answers are sealed all the same, and nothing is signed
            logger.critical("the ledger is not published: %s", error)
        if seals:  # last, because a mail server may take its time
            remind_due(timezone.now())
            write_due(timezone.now())
    finally:
        connections.close_all()  # the next round may be a day away
