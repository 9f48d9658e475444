"""What a command names: rulebooks and instruments by id or as a TOML file of one's own; people; ports."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tera.engine import catalogue, instrument, rulebook_schema
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rulebook
from tera.engine.schema import SchemaError

T = TypeVar("T")
MOST_DIGITS = 12
MOST_SYSTEM_PORTS, LAST_PORT = 1023, 65535


def get_rulebook(name: str) -> Rulebook:
    """Return the rulebook with this id, or the one in this `.toml` file."""
    return _from_file(name, rulebook_schema.parse) if name.endswith(".toml") else catalogue.get_rulebook(name)


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


def people(text: str) -> int:
    """Return a number of people written in plain digits; argparse shows the complaint."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ArgumentTypeError(f"{text[:MOST_DIGITS]!r} is not a whole number of people, 0 or more")
    return int(text)


def port(text: str) -> int:
    """Return a port on which anybody may listen; argparse shows the complaint."""
    if not (text.isascii() and text.isdigit() and MOST_SYSTEM_PORTS < int(text[:8]) <= LAST_PORT):
        raise ArgumentTypeError(f"{text[:8]!r}: a port of {MOST_SYSTEM_PORTS + 1} to {LAST_PORT} is allowed")
    return int(text)
