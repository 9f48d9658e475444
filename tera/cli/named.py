"""Rulebooks and instruments as a command names them: by id, or as a TOML file of one's own."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tera.engine import catalogue, instrument, rulebook
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rulebook
from tera.engine.schema import SchemaError

T = TypeVar("T")


def get_rulebook(name: str) -> Rulebook:
    """Return the rulebook with this id, or the one in this `.toml` file."""
    return _from_file(name, rulebook.parse) if name.endswith(".toml") else catalogue.get_rulebook(name)


def get_instrument(name: str) -> Instrument:
    """Return the instrument with this id, or the one in this `.toml` file."""
    return _from_file(name, instrument.parse) if name.endswith(".toml") else catalogue.get_instrument(name)


def _from_file(name: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise SchemaError(f"{name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"{name}: not a text file in UTF-8") from error
    except SchemaError as error:
        raise SchemaError(f"{name}: {error}") from error
