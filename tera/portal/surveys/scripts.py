"""The script of the respondents' page and its service worker, put together from the files in `script/`.

There is no build step: comments and indentation are left out, nothing else is changed, and browsers keep the
script under an address that names what is in it.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FOLDER = Path(__file__).with_name("script")
PAGE = ("queue.js", "answers.js", "views.js", "comfort.js", "start.js")
WORKER = ("queue.js", "worker.js")
LIBRARY = "idb-keyval.js"
_BLOCK, _LINE, _INDENT = r"^\s*/\*(?!!)[\s\S]*?\*/\n", r"\s*(?:^|\s)//(?: .*)?$", r"^\s+"
_FOR_PEOPLE = re.compile(f"{_BLOCK}|{_LINE}|{_INDENT}", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """One script, as it is served."""

    text: str

    @cached_property
    def digest(self) -> str:
        """What names exactly this text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def tag(self) -> str:
        """The entity tag."""
        return f'"{self.digest}"'

    @cached_property
    def packed(self) -> bytes:
        """The text, compressed."""
        return gzip.compress(self.text.encode(), 9, mtime=0)


@cache
def page() -> Script:
    """Return the script of the page."""
    return Script(joined(library(), *(read(FOLDER / name) for name in PAGE)))


@cache
def worker() -> Script:
    """Return the service worker that goes with it."""
    named = f'const SCRIPT = "{address()}";\n'
    return Script(joined(named, library(), *(read(FOLDER / name) for name in WORKER)))


def address() -> str:
    """Return the address of the script; no campaign has a dot in its code."""
    return f"/s/isi.{page().digest}.js"


def joined(*parts: str) -> str:
    """Return parts as one script whose names are nobody else's."""
    return '(() => {\n"use strict";\n' + "".join(parts) + "})();\n"


def library() -> str:
    """Return the library as an object: its one export becomes what a function returns."""
    return "const idbKeyval = (() => {\n" + read(FOLDER / LIBRARY).replace("export {", "return {") + "})();\n"


def read(path: Path) -> str:
    """Return a file without what only people need who write it."""
    text = _FOR_PEOPLE.sub("", path.read_text(encoding="utf-8"))
    return "".join(f"{line}\n" for line in text.splitlines() if line)
