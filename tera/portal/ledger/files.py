"""The files of the log: written whole, durably and once; only checkpoint and keys are ever replaced."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tera.intake.keyfile import sync_folder

FRESH = ".fresh"  # what is being written, until it has its name


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
        _make(self.folder)
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

    def keep(self, path: str, content: bytes) -> None:
        """Replace a file unless it holds this already, so that a round without news writes nothing."""
        with suppress(FileNotFoundError):
            if self.read(path) == content:
                return
        self.replace(path, content)

    def replace(self, path: str, content: bytes) -> None:
        """Write a file whole: who reads it sees the old content or the new one, also after a power cut.

        One writer at a time: a killed one leaves at most one fresh file, which the next one writes anew.
        """
        place, fresh = self.folder / path, self.folder / FRESH
        _make(place.parent)
        with fresh.open("wb") as stream:
            stream.write(content)
            stream.flush()
            fresh.chmod(0o644)
            os.fsync(stream.fileno())
        fresh.rename(place)
        sync_folder(place.parent)


def _make(folder: Path) -> None:
    """Make a folder that is still there after a power cut."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o755, exist_ok=True)
    sync_folder(folder.parent)
