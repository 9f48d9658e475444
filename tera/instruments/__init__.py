"""Questionnaires as data: one folder each, and a file for each further language.

A folder holds `instrument.toml` (items, options, elements), `reading.md` (what the sources leave open) and
`cases.toml` (answers and the figures that must come out). `codelists.toml` holds the lists that every
questionnaire shares: channels and the respondent's profile. `languages/` holds a file for each language in
which respondents are asked, `notices.toml` what they are told before, and
`reporting.toml` where corruption is reported. This module only hands out the text; `tera.engine.instrument`,
`tera.engine.codelist` and `tera.engine.language` give it meaning.
"""

from functools import cache
from importlib import resources


@cache
def list_ids() -> tuple[str, ...]:
    """Return the ids of all instruments, sorted."""
    folders = (entry for entry in resources.files(__name__).iterdir() if entry.is_dir())
    return tuple(sorted(folder.name for folder in folders if folder.joinpath("instrument.toml").is_file()))


def read(instrument_id: str, name: str = "instrument.toml") -> str:
    """Return one file of an instrument's folder as text."""
    return resources.files(__name__).joinpath(instrument_id, name).read_text(encoding="utf-8")


def read_codelists() -> str:
    """Return the text of the shared code lists."""
    return resources.files(__name__).joinpath("codelists.toml").read_text(encoding="utf-8")


@cache
def list_languages() -> tuple[str, ...]:
    """Return the codes of all languages: Indonesian, then the others by their codes."""
    files = resources.files(__name__).joinpath("languages").iterdir()
    codes = (entry.name.removesuffix(".toml") for entry in files if entry.name.endswith(".toml"))
    return tuple(sorted(codes, key=lambda code: (code != "id", code)))


def read_language(code: str) -> str:
    """Return the text of a language's file."""
    return resources.files(__name__).joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")


def read_notices() -> str:
    """Return the text of the notices to respondents."""
    return resources.files(__name__).joinpath("notices.toml").read_text(encoding="utf-8")


def read_reporting() -> str:
    """Return the text on where corruption is reported."""
    return resources.files(__name__).joinpath("reporting.toml").read_text(encoding="utf-8")
