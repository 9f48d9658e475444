"""A process of ours: how it is started, and how it ends with the one that started it."""

import os
import signal
import sys
import threading
import time

SECONDS_BETWEEN_LOOKS = 1
SECONDS_TO_FINISH = 10


def start(module: str, *arguments: str) -> int:
    """Start a module in a process group of its own, without input, and return its process.

    Not by `subprocess`: it waits for a pipe to close, and for ever if another process forks at that moment.
    """
    command = [sys.executable, "-m", module, *arguments]
    no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=[no_input], setpgroup=0)


def end_with(parent: int) -> None:
    """Stop this process as SIGTERM does, soon after its parent is gone, even if it is gone already."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)  # it does not stop by itself, and nobody is left to make it
