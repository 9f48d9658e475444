"""A process that ends with the one that started it, however that one ended."""

import os
import signal
import threading
import time

SECONDS_BETWEEN_LOOKS = 1
SECONDS_TO_FINISH = 10


def end_with(parent: int) -> None:
    """Stop this process as SIGTERM does, soon after its parent is gone, even if it is gone already."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)  # it does not stop by itself, and nobody is left to make it
