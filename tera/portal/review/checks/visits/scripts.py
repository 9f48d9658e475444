"""The script of the page of a visit and its service worker, put together from the files in `script/`.

They are made as those of the respondents' page are (tera.portal.surveys.scripts), with the same library.
"""

from functools import cache
from pathlib import Path

from tera.portal.surveys.scripts import Script, joined, library, read

FOLDER = Path(__file__).with_name("script")
PAGE = ("queue.js", "photos.js", "page.js")
WORKER = ("queue.js", "worker.js")


@cache
def page() -> Script:
    """Return the script of the page."""
    return Script(joined(library(), *(read(FOLDER / name) for name in PAGE)))


@cache
def worker() -> Script:
    """Return the service worker that goes with it."""
    return Script(joined(library(), *(read(FOLDER / name) for name in WORKER)))
