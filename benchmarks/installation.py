"""An empty installation for what is measured within Django: a process and an embedded database of its own."""

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

Figures = dict[str, object]


def measured(work: Callable[[], Figures]) -> Figures:
    """Return what a function of a module measures there, with the disk made sure of as in service.

    The process is new each time: settings are read once in a process, and name its folder.
    """
    with (
        tempfile.TemporaryDirectory() as home,
        ProcessPoolExecutor(1, get_context("spawn"), _begin, (home,)) as pool,
    ):
        return pool.submit(work).result()


def _begin(home: str) -> None:
    os.environ |= {"TERA_HOME": home, "TERA_DATABASE_URL": "", "TERA_DEMO": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tera.portal.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
