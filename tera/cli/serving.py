"""Serving: one process keeps another that answers, and a worker beside it.

The one that answers owns the port: respondents get their answers from it, and the portal, which lies in
processes of its own behind it, gets every other request.

Both live in process groups of their own, so that Ctrl-C and a closed terminal reach the first process only,
which then stops them in order. If it is killed, they end by themselves.
"""

import errno
import http.client
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from tera.cli.bridge.children import Children
from tera.cli.bridge.threads import Threads
from tera.cli.installation import CannotServe
from tera.cli.outcome import Outcome
from tera.cli.parent import end_with
from tera.intake.process import start
from tera.intake.server import Server, Site

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from granian.server.common import AbstractServer

HOST = "127.0.0.1"
MOST_AT_ONCE = 4096  # connections, idle ones among them
HEADER_MILLISECONDS = 15_000
SWITCH_SECONDS = 0.0005  # with the portal in the same process: answers get the interpreter back sooner
BROKEN = signal.SIGUSR1
TENTH = 0.1
PATIENCE = 60
FIRST_PAUSE, LONGEST_PAUSE = 1, 60
SECONDS_TO_STOP = 10
SECONDS_TO_LEAVE = 5  # what a killed server leaves behind notices within a second
LOG = {
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


def require_free(port: int) -> None:
    """Refuse a port on which this program may not listen now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotServe(no_port(port, error)) from error


def no_port(port: int, error: OSError) -> str:
    """Say why a port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} is kept for the system's administrator; choose another with --port"
    return f"port {port} cannot be had ({error.strerror}); choose another with --port"


def serve(port: int, about: str, *, has_worker: bool = True, processes: int = 1) -> Outcome:
    """Serve respondents and the portal on this machine, with a worker beside it, until a signal stops all.

    Each of the processes that answer has a writer and a portal of its own.
    """
    server = _server(port, processes)
    stopped, broken = threading.Event(), threading.Event()
    worker = threading.Thread(target=keep_working, args=(stopped,))
    is_hangup_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # as nohup does

    def give_up() -> None:
        broken.set()
        in_order(server.signal_handler_interrupt, stopped)()

    @server.on_startup
    def begin() -> None:  # From here on signals stop the server in order.
        stop = in_order(server.signal_handler_interrupt, stopped)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if is_hangup_ignored else stop)
        signal.signal(BROKEN, lambda *_: give_up())
        if has_worker:
            worker.start()
        threading.Thread(target=announce, args=(port, about, stopped), daemon=True).start()

    try:
        server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)
    except SystemExit as error:
        raise CannotServe("the server stopped again and again; the lines above say why") from error
    except OSError as error:
        raise CannotServe(no_port(port, error)) from error
    finally:
        stopped.set()
        if worker.is_alive():
            worker.join()
    if broken.is_set():
        raise CannotServe("the disk failed, nothing more can be stored; look after it before the next start")
    return Outcome()


def _server(port: int, processes: int) -> "AbstractServer[Any]":
    """Return the server; its processes share the port."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    return Granian(
        "tera",
        address=HOST,
        port=port,
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        workers=processes,
        backpressure=MOST_AT_ONCE,  # the writer's queue and the portal have limits of their own
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=LOG,
        respawn_failed_workers=True,
        respawn_interval=FIRST_PAUSE,
        workers_kill_timeout=SECONDS_TO_STOP,
    )


def require_alone(processes: int = 1) -> None:
    """Refuse a second writer on a file of responses; a server that is ending is waited for."""
    from django.conf import settings

    from tera.intake.onlyone import Occupied, hold

    if settings.INTAKE.path is None:
        return
    if processes > 1:
        message = f"--processes {processes} needs PostgreSQL (TERA_DATABASE_URL): a file has one writer"
        raise CannotServe(message)
    try:
        os.close(hold(settings.INTAKE.path, SECONDS_TO_LEAVE))  # the process that answers takes it for good
    except Occupied as error:
        raise CannotServe(str(error)) from error


def in_order(interrupt: Callable[[], None], stopped: threading.Event) -> Callable[..., None]:
    """Return a signal handler that interrupts the server from another thread until it has stopped.

    In the thread that the signal breaks into, the server's own handler can wait for a lock that this thread
    holds; and its wake-up can be lost while it replaces a process that answers.
    """

    def insist() -> None:
        while not stopped.wait(TENTH):
            interrupt()

    return lambda *_: threading.Thread(target=insist, daemon=True).start()


def _load(parent: int) -> Callable[..., Any]:
    """Return the intake with the portal behind it, in the process that answers."""
    os.setpgid(0, 0)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * MOST_AT_ONCE), most))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server sets its own
    end_with(parent)
    from django.conf import settings

    site: Site = Children(count=settings.SITE_WORKERS) if settings.SITE_WORKERS else Threads(_portal)
    if not settings.SITE_WORKERS:
        sys.setswitchinterval(SWITCH_SECONDS)
    on_broken = partial(os.kill, parent, BROKEN)
    # Granian asks for a callable and takes what has `__rsgi__`.
    database = settings.INTAKE.acting_as("intake")
    return cast("Callable[..., Any]", Server(database, settings.RECEIPT_KEY, site, on_broken))


def _portal() -> "WSGIApplication":
    from tera.portal.wsgi import application

    return application


def keep_working(stopped: threading.Event) -> None:
    """Keep one worker running until the server stops; say so when one ends and the next begins."""
    pause = FIRST_PAUSE
    while True:
        worker, lived = start("tera", "worker", "--parent", str(os.getpid())), 0
        while (status := _status(worker)) is None and not stopped.wait(TENTH):
            lived += 1
        if status is None:
            _stop(worker)
            return
        pause = FIRST_PAUSE if lived * TENTH > LONGEST_PAUSE else pause
        _say(f"the worker ended ({status}), nothing is sealed; the next one starts in {pause} s")
        if stopped.wait(pause):
            return
        pause = min(2 * pause, LONGEST_PAUSE)


def _status(worker: int) -> int | None:
    """Return the exit code of a worker, below 0 for a signal, or None while it runs."""
    ended, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _stop(worker: int) -> None:
    os.kill(worker, signal.SIGTERM)
    for _ in range(int(SECONDS_TO_STOP / TENTH)):
        if _status(worker) is not None:
            return
        time.sleep(TENTH)
    os.kill(worker, signal.SIGKILL)  # its transaction is rolled back, and done again at the next start
    os.waitpid(worker, 0)


def announce(port: int, about: str, stopped: threading.Event, patience: float = PATIENCE) -> None:
    """Say where to go as soon as the first page answers, and say so if it does not."""
    address = f"http://{HOST}:{port}/"
    waited, is_told = 0.0, False
    while answer := _missing(port):
        if waited >= patience and not is_told:
            _say(f"{address} does not answer ({answer}); the log is what stands here, on standard error")
            is_told = True
        if stopped.wait(TENTH):
            return
        waited += TENTH
    told = f"\nTera: {address}\n{about.format(address=address)}\n"
    with suppress(OSError):  # nobody reads it
        print(told, flush=True)


def _missing(port: int) -> str:
    """Return what is wrong with the page that says all is well, or nothing."""
    page = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        page.request("GET", "/sehat")
        status = page.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        page.close()
    return "" if status == http.HTTPStatus.OK else f"HTTP {status}"


def _say(line: str) -> None:
    with suppress(OSError):
        print(f"tera: {line}", file=sys.stderr, flush=True)
