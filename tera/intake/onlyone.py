"""One writer for one file of responses: a second one would be slower, and two could disagree.

The kernel lets go of the lock when the process ends, however it ends.
"""

import fcntl
import os
import time
from pathlib import Path

SECONDS_BETWEEN_TRIES = 0.1


class Occupied(RuntimeError):
    """Another process writes the responses of this file."""


def hold(responses: Path, patience: float) -> int:
    """Lock the file of responses for this process and return the lock; one that is ending is waited for.

    Raises:
        Occupied: it is still locked after `patience` seconds.
    """
    lock = os.open(
        responses.with_name(f"{responses.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                os.close(lock)
                raise Occupied(f"another server writes {responses}; stop it first") from error
            time.sleep(SECONDS_BETWEEN_TRIES)
        else:
            return lock
