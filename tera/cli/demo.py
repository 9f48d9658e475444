"""`tera demo`: an invented ministry, grown and served on this machine."""

import argparse
import os
import signal

from tera.cli import manage, worker
from tera.cli.installation import CannotServe, enter, prepare, usable
from tera.cli.named import port
from tera.cli.outcome import Outcome
from tera.cli.serving import require_alone, require_free, serve

__all__ = ["CannotServe", "add_to"]

DEFAULT_PORT = 8000
INTERRUPTED = 130  # as a shell says it
MOST_PROCESSES = 64
MOST_WITNESSES = 5


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of the running program to the command line."""
    demo = verbs.add_parser("demo", help="grow an invented ministry and serve it on this machine")
    demo.add_argument("--port", type=port, default=DEFAULT_PORT, help="default: %(default)s")
    demo.add_argument(
        "--witnesses",
        type=int,
        choices=range(MOST_WITNESSES + 1),
        default=0,
        metavar="N",
        help="let N processes watch the ledger and cosign it, on the next free ports (%(default)s)",
    )
    demo.set_defaults(run=run)
    served = verbs.add_parser("serve", help="serve this installation")
    served.add_argument("--port", type=port, default=DEFAULT_PORT, help="default: %(default)s")
    served.add_argument("--no-worker", action="store_true", help="seal nothing here: a worker runs elsewhere")
    served.add_argument(
        "--processes", type=_count, default=1, help="that answer; more than 1 needs PostgreSQL (%(default)s)"
    )
    served.set_defaults(run=run_installation)
    worker.add_to(verbs)
    manage.add_to(verbs)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:8]) <= MOST_PROCESSES):
        raise argparse.ArgumentTypeError(f"{text[:8]!r}: 1 to {MOST_PROCESSES} are allowed")
    return int(text)


def end_at_ctrl_c() -> None:
    """Let Ctrl-C end the program at once until the server takes it over.

    As an exception it could be lost: Python drops one that is raised while an object is taken apart. Whatever
    is under way can be begun again.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def run(options: argparse.Namespace) -> Outcome:
    """Grow the demo, then serve it until it is stopped."""
    end_at_ctrl_c()
    require_free(options.port)
    os.environ["TERA_DEMO"] = "1"
    enter()
    require_alone()
    with usable():
        _grow()
    from django.conf import settings

    from tera.cli.watched import watched
    from tera.portal.demo import actions
    from tera.portal.ledger.publishing import signer_of

    lines = [f"  {person.name:8} {person.says}" for person in actions.people()]
    survey = "      {address}s/demo  (the survey that respondents answer)"
    about = "\n".join((survey, *lines, f"  kata sandi / password: {actions.PASSWORD}"))
    log = signer_of(settings.LOG_KEY, settings.LOG_NAME).key
    with watched(settings.HOME, log, options.witnesses, options.port) as told:
        return serve(options.port, "\n".join((about, *told)))


def run_installation(options: argparse.Namespace) -> Outcome:
    """Bring the databases up to date, publish what is open, and serve until a signal stops it."""
    end_at_ctrl_c()
    require_free(options.port)
    enter()
    require_alone(options.processes)  # before anything is migrated under a server that runs
    with usable():
        _update()
    return serve(options.port, "", has_worker=not options.no_worker, processes=options.processes)


def _update() -> None:
    from django.db import connections
    from django.utils import timezone

    from tera.portal.surveys.actions import publish_all

    try:
        prepare()
        publish_all(timezone.now())
    finally:
        connections.close_all()  # no connection may be open in two processes


def _grow() -> None:
    from django.db import connection, connections
    from django.utils import timezone

    from tera.portal.demo import actions
    from tera.portal.surveys.actions import publish_all

    try:
        # Before anything is migrated: a real installation stays as it is.
        if set(connection.introspection.table_names()) >= actions.TABLES:
            actions.is_grown()
        prepare()
        actions.grow(timezone.now())
        publish_all(timezone.now())
    except actions.NotADemo as error:
        raise CannotServe(str(error)) from error
    finally:
        connections.close_all()  # no connection may be open in two processes
