"""The writer without signatures under receipts, for `benchmarks.served`."""

import sys
from pathlib import Path

from tera.intake import writer


class NoKey:
    """A key that signs nothing."""

    def sign(self, _: bytes) -> bytes:
        """Return as many bytes as a signature has."""
        return bytes(64)


def no_key(_: Path) -> NoKey:
    """Return it in place of the key under receipts."""
    return NoKey()


if __name__ == "__main__":
    writer.read_key = no_key  # type: ignore[assignment]
    writer.main(int(sys.argv[1]))
