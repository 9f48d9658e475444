"""`tera`: the same deeds as the portal, for a terminal.

The verbs are loaded with `command`, by whoever gives one: the processes of the portal, whose code lies here
too, need none of them.
"""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb, print what it answers, and return the exit code."""
    from tera.cli.command import main as run

    return run(arguments)
