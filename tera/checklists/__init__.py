"""Checklists as data: what is looked at when a survey is verified; one folder each, never edited after use.

A folder holds `checklist.toml`: sections, items with who answers them, and the answers that they take. An
amendment of a checklist that a verification may have used is a folder of its own, with an id of its own.
This module only hands out the text; `tera.engine.checklist` gives it meaning.
"""

from functools import cache
from importlib import resources


@cache
def list_ids() -> tuple[str, ...]:
    """Return the ids of all checklists, sorted."""
    folders = (entry for entry in resources.files(__name__).iterdir() if entry.is_dir())
    return tuple(sorted(folder.name for folder in folders if folder.joinpath("checklist.toml").is_file()))


def read(checklist_id: str, name: str = "checklist.toml") -> str:
    """Return one file of a checklist's folder as text."""
    return resources.files(__name__).joinpath(checklist_id, name).read_text(encoding="utf-8")
