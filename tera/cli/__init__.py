"""`tera`: the same deeds as the portal, for a terminal.

Exit codes: 0 fine, 1 the answer is no, 2 bad use or bad input. An error is one line on stderr that says what
to do.
"""

import argparse
import sys
from collections.abc import Sequence

from tera import __version__
from tera.cli import demo, eligibility, index, sample_size
from tera.engine.catalogue import Unknown
from tera.engine.eligibility import BadValue
from tera.engine.index import NoAnswers, NotMeasured
from tera.engine.number import NotANumber
from tera.engine.schema import SchemaError
from tera.recount.table import BadFile

BAD_INPUT = (BadFile, BadValue, demo.CannotServe, NoAnswers, NotANumber, NotMeasured, SchemaError, Unknown)
VERBS = (demo, index, eligibility, sample_size)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each verb's module adds its own part."""
    root = argparse.ArgumentParser(
        prog="tera", description="Surveys of public services that anyone can check."
    )
    root.add_argument("--version", action="version", version=f"tera {__version__}")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        verb.add_to(verbs)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BAD_INPUT as error:
        print(f"tera {options.verb}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; closing stderr keeps Python from complaining about it.
        sys.stderr.close()
        return 0
