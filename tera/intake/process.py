"""A process of ours: a module of this program in a process group of its own."""

import os
import sys


def start(module: str, *arguments: str) -> int:
    """Start a module without input and return its process.

    Not by `subprocess`: it waits for a pipe to close, and for ever if another process forks at that moment.
    """
    command = [sys.executable, "-m", module, *arguments]
    no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=[no_input], setpgroup=0)
