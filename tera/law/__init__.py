"""Regulations as data: one folder each, never edited after use.

A folder holds `rulebook.toml` (the numbers, each with its article), `reading.md` (why a number that the
sources leave open is what it is) and `cases.toml` (published and constructed figures that must come out).
Beside the folders stand `recorded.toml`: values that are recorded where a rulebook does not judge them, and
`articles.toml`: the Indonesian of what rulebooks say in English of where a rule stands.
This module only hands out the text; `tera.engine.rulebook_schema` gives it meaning.
"""

from functools import cache
from importlib import resources


@cache
def list_ids() -> tuple[str, ...]:
    """Return the ids of all rulebooks, sorted."""
    folders = (entry for entry in resources.files(__name__).iterdir() if entry.is_dir())
    return tuple(sorted(folder.name for folder in folders if folder.joinpath("rulebook.toml").is_file()))


def read(rulebook_id: str, name: str = "rulebook.toml") -> str:
    """Return one file of a rulebook's folder as text."""
    return resources.files(__name__).joinpath(rulebook_id, name).read_text(encoding="utf-8")


def read_recorded() -> str:
    """Return the file of what is recorded beside a rulebook that does not judge it, as text."""
    return resources.files(__name__).joinpath("recorded.toml").read_text(encoding="utf-8")


def read_articles() -> str:
    """Return the file of what articles say in English and in Indonesian, as text."""
    return resources.files(__name__).joinpath("articles.toml").read_text(encoding="utf-8")
