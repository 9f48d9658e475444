"""`tera demo`, `tera worker`, `tera manage`: the running program."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from types import FrameType
from typing import NoReturn

from tera.cli.outcome import Outcome

DEFAULT_PORT = 8000
MOST_SYSTEM_PORTS, LAST_PORT = 1023, 65535
SETTINGS = "tera.portal.settings"


class CannotServe(ValueError):
    """The server cannot start; the message says what to do."""


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs to the command line."""
    demo = verbs.add_parser("demo", help="grow an invented ministry and serve it on this machine")
    demo.add_argument("--port", type=_port, default=DEFAULT_PORT, help="default: %(default)s")
    demo.set_defaults(run=run_demo)
    worker = verbs.add_parser("worker", help="seal what waits, again and again")
    worker.add_argument("--once", action="store_true", help="one round only")
    worker.set_defaults(run=run_worker)
    manage = verbs.add_parser("manage", help="Django's own commands", add_help=False)
    manage.add_argument("command", nargs=argparse.REMAINDER)
    manage.set_defaults(run=run_manage)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and MOST_SYSTEM_PORTS < int(text) <= LAST_PORT):
        message = f"{text[:8]!r} is not a port; {MOST_SYSTEM_PORTS + 1} to {LAST_PORT} are allowed"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def prepare() -> None:
    """Create or update the databases of the portal and of the intake."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    settings.INTAKE.create()


def run_demo(options: argparse.Namespace) -> Outcome:
    """Grow the demo, then serve it until it is stopped."""
    _require_free(options.port)
    os.environ["TERA_DEMO"] = "1"
    _django()
    from django.utils import timezone

    from tera.portal.demo import actions

    prepare()
    actions.grow(timezone.now())
    lines = [f"  {person.name:8} {person.says}" for person in actions.people()]
    about = "\n".join((*lines, f"  kata sandi / password: {actions.PASSWORD}"))
    return serve(options.port, about)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"port {port} is taken ({error.strerror}); choose another with --port"
            raise CannotServe(message) from error


def serve(port: int, about: str) -> Outcome:
    """Serve the portal on this machine, with a worker beside it, until a signal stops both."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    worker = subprocess.Popen([sys.executable, "-m", "tera", "worker"])
    threading.Thread(target=_announce, args=(port, about), daemon=True).start()
    server = Granian(
        "tera.portal.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    finally:
        worker.terminate()
        worker.wait(10)
    return Outcome()


def _announce(port: int, about: str) -> None:
    """Say where to go as soon as the first page answers."""
    address = f"http://127.0.0.1:{port}/"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}sehat", timeout=1):  # noqa: S310  this machine
                break
        except OSError:
            time.sleep(0.1)
    print(
        f"\nTera: {address}\n      {address}s/demo  (the survey that respondents answer)\n{about}\n",
        flush=True,
    )


def run_worker(options: argparse.Namespace) -> Outcome:
    """Seal what waits, at the interval of the installation, until a signal stops it."""
    _django()
    from django.conf import settings
    from django.utils import timezone

    from tera.portal.surveys.actions import seal_due

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    parent = os.getppid()
    while True:
        seal_due(timezone.now())
        if options.once:
            return Outcome()
        for _ in range(settings.SEAL_SECONDS):
            time.sleep(1)
            if os.getppid() != parent:  # The server is gone, and nobody is left to stop this worker.
                return Outcome()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def run_manage(options: argparse.Namespace) -> Outcome:
    """Run one of Django's own commands on this installation."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    execute_from_command_line(["tera manage", *options.command])
    return Outcome()
