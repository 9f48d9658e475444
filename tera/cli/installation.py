"""The installation that a verb works on: settings, databases, and one line where they cannot be used."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

SETTINGS = "tera.portal.settings"
OTHERS_GET_NOTHING = 0o077


class CannotServe(ValueError):
    """The program cannot start on this installation; the message says what to do."""


def enter() -> None:
    """Read the settings; from here on every new file is its owner's alone."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.umask(OTHERS_GET_NOTHING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotServe(str(error)) from error
    except OSError as error:
        home = os.environ.get("TERA_HOME", ".tera")
        message = f"TERA_HOME {home} cannot be used ({error}); choose a folder that you may write"
        raise CannotServe(message) from error


def passing() -> tuple[type[Exception], ...]:
    """Return the errors of a database that is locked, read-only, away or on its way back."""
    import psycopg
    from django.db import InterfaceError, OperationalError

    from tera.intake.tables import Unavailable

    return InterfaceError, OperationalError, Unavailable, psycopg.OperationalError, sqlite3.OperationalError


@contextmanager
def usable() -> Iterator[None]:
    """Say in one line that the databases cannot be used."""
    try:
        yield
    except passing() as error:
        reason = " ".join(str(error).split())
        raise CannotServe(f"the databases in {place()} cannot be used: {reason}") from error


def place() -> str:
    """Return where the databases are, without a password."""
    from django.conf import settings

    return "TERA_DATABASE_URL" if settings.DATABASE_URL else str(settings.HOME)


def prepare() -> None:
    """Create or update the databases of the portal and of the intake; whoever takes a role only looks."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.HAS_ROLES:
        _require_prepared()
        return
    call_command("migrate", verbosity=0, interactive=False)
    settings.INTAKE.create()


def _require_prepared() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotServe("the tables are not those of this version; their owner runs `tera prepare` first")
