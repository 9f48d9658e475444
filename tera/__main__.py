"""Where `tera` and `python -m tera` begin."""

import signal
import sys


def main() -> int:
    """Load the command line and run it; Ctrl-C while it loads just ends the program."""
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tera.cli.command import main as run  # noqa: PLC0415  what takes time must come after the line above

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
