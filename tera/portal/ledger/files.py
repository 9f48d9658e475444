"""The files of the log: written whole, durably and once; only checkpoint and keys are ever replaced."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Damaged(RuntimeError):
    """A file of the log holds something else than it should: nothing is signed until a person looked."""


class Occupied(RuntimeError):
    """Another publisher writes this log."""


class Files:
    """The folder of one log."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, which need not exist yet."""
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other publisher out; the kernel lets go when this process ends, however it ends.

        Raises:
            Occupied: another one is at work.
        """
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Occupied(f"another publisher writes {self.folder}") from error
        finally:
            os.close(lock)

    def read(self, path: str) -> bytes:
        """Return what a file holds; FileNotFoundError where there is none."""
        return (self.folder / path).read_bytes()

    def add(self, path: str, content: bytes) -> None:
        """Write a file that never changes; writing the same again does nothing.

        Raises:
            Damaged: it is there with another content.
        """
        try:
            known = self.read(path)
        except FileNotFoundError:
            self.replace(path, content)
            return
        if known != content:
            raise Damaged(f"{self.folder / path} does not hold what the log says")

    def replace(self, path: str, content: bytes) -> None:
        """Write a file whole: who reads it sees the old content or the new one, also after a power cut."""
        place = self.folder / path
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as fresh:
                fresh.write(content)
                fresh.flush()
                os.fsync(fresh.fileno())
            Path(name).chmod(0o644)
            Path(name).rename(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(place.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
