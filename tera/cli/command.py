"""The command line: every verb, and one place that prints what a verb answers.

Exit codes: 0 fine, 1 the answer is no, 2 bad use or bad input. An error is one line on stderr that says what
to do.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from tera import __version__
from tera.cli import (
    begin,
    demo,
    eligibility,
    erase,
    fsck,
    index,
    prepare,
    recompute,
    sample_size,
    screen,
    simulate,
    verify,
    witness,
)
from tera.cli.outcome import Outcome
from tera.engine.catalogue import Unknown
from tera.engine.eligibility import BadValue
from tera.engine.index import NoAnswers, NotMeasured
from tera.engine.number import NotANumber
from tera.engine.schema import SchemaError
from tera.recount.table import BadFile

BAD_INPUT = (BadFile, BadValue, demo.CannotServe, NoAnswers, NotANumber, NotMeasured, SchemaError, Unknown)
VERBS = (
    demo,
    index,
    eligibility,
    sample_size,
    screen,
    simulate,
    begin,
    prepare,
    erase,
    fsck,
    verify,
    recompute,
    witness,
)
INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, and whose options are written out."""

    def __init__(self, **options: object) -> None:
        """Take what argparse takes."""
        super().__init__(allow_abbrev=False, **options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, and stop."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each verb's module adds its own part."""
    root = Parser(prog="tera", description="Surveys of public services that anyone can check.")
    root.add_argument("--version", action="version", version=f"tera {__version__}")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        verb.add_to(verbs)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb, print what it answers, and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        outcome: Outcome = options.run(options)
    except BAD_INPUT as error:
        return _fail(options.verb, str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  an exit code of 1 would say that the answer is no
        if os.environ.get("TERA_TRACEBACK"):
            traceback.print_exc()
        kind = f"{type(error).__name__}: {error}"
        return _fail(
            options.verb, f"a mistake in Tera, not in your input ({kind}); TERA_TRACEBACK=1 shows where"
        )
    return _print(options.verb, outcome)


def _fail(verb: str, message: str) -> int:
    line = " ".join(f"tera {verb}: {message}".split("\n"))
    print(line.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    return 2


def _print(verb: str, outcome: Outcome) -> int:
    """Print an answer; whoever reads only its beginning still gets the exit code of the whole."""
    try:
        sys.stdout.write(outcome.text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, UnicodeEncodeError) as error:
        return _fail(verb, f"cannot print the answer: {error}")
    return outcome.code
