"""Installations for what is measured: each a folder of its own, with an embedded database."""

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

Figures = dict[str, object]


def measured(work: Callable[[], Figures]) -> Figures:
    """Return what a function of a module measures within Django, in an empty installation.

    The disk is made sure of as in service. The process is new each time: settings are read once in a
    process, and name its folder.
    """
    with (
        tempfile.TemporaryDirectory() as home,
        ProcessPoolExecutor(1, get_context("spawn"), _begin, (home,)) as pool,
    ):
        return pool.submit(work).result()


def environment_of(home: str | Path) -> dict[str, str]:
    """Return what a process finds in its environment that works on the installation in a folder."""
    return {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": ""}


def _begin(home: str) -> None:
    os.environ |= environment_of(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tera.portal.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
