"""A child of this process that runs a verb of `tera`, and kills itself at its n-th durable step.

A step is whatever a process that is gone leaves behind: a file that is opened to be written, renamed, removed
or given another mode, a folder, an SQL statement that changes something, a commit; on PostgreSQL whatever is
sent there. Python and the drivers tell of them, so the program that dies is the real one. A child dies before
the step; "after" a step is before the next one. A killed process loses nothing that it wrote, so fsync is no
step: what a power cut takes is another matter.
"""

import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tera.cli.command import main

OPENS_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}
STATEMENTS = ("INSERT", "UPDATE", "DELETE", "COMMIT")
NEVER = 0


class Steps:
    """Counts the steps of this process within a folder, and kills it before one of them."""

    def __init__(self, home: Path, fatal: int) -> None:
        self._home, self._fatal, self._count = str(home), fatal, 0

    def begin(self) -> None:
        connect = sqlite3.connect

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **options)
            connection.set_trace_callback(self._said)
            return connection

        wait = psycopg.Connection.wait

        def counted(connection: Any, *arguments: Any, **options: Any) -> Any:
            self._step()
            return wait(connection, *arguments, **options)

        sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment]
        psycopg.Connection.wait = counted  # type: ignore[method-assign, assignment]
        sys.addaudithook(self._happened)

    def _happened(self, event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in CHANGES or (event == "open" and arguments[2] & OPENS_TO_WRITE)
        if changes and str(arguments[0]).startswith(self._home):
            self._step()

    def _said(self, statement: str) -> None:
        if statement.lstrip().upper().startswith(STATEMENTS):
            self._step()

    def _step(self) -> None:
        self._count += 1
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def child(deed: Callable[[], int], output: Path) -> int:
    """Start a deed in a process of its own and return its id; what it prints goes to a file."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        opened = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, 1)
        os.dup2(opened, 2)
        code = deed()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001  nothing may get out into the code of the parent
        traceback.print_exc()
    finally:
        os._exit(code)


def verb(*arguments: str, home: Path, fatal: int = NEVER) -> Callable[[], int]:
    """Return a deed: `tera` with these arguments, killed before its step of that number."""

    def run() -> int:
        if fatal != NEVER:
            Steps(home, fatal).begin()
        return main(arguments)

    return run


def program(*command: str) -> Callable[[], int]:
    """Return a deed: the process becomes another program."""

    def run() -> int:
        os.execvp(command[0], command)  # noqa: S606  there is no shell to pass

    return run


def ended(pid: int) -> int:
    """Wait for a child and return its exit code, below 0 for a signal."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)
