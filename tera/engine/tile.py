"""Where a log's entries and hashes lie: tiles of up to 256, in static files that never change.

A tile of level L holds hashes over 256^L entries each; a tile that is not full has its width in its name. The
entries of a tile of level 0 lie in a bundle of their own, each with its length before it.

Source: C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterator, Sequence

from tera.engine.merkle import HASH_BYTES, Hashes, leaf_hash, levels

HEIGHT = 8
WIDTH = 1 << HEIGHT
MOST_ENTRY_BYTES = 0xFFFF
CHECKPOINT = "checkpoint"
Read = Callable[[str], bytes]
"""The content of a file of the log, by its path."""


class BadTile(ValueError):
    """A tile or a bundle does not hold what its name says."""


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Return the path of a tile, such as tile/0/x001/067.p/8."""
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def bundle_path(index: int, width: int = WIDTH) -> str:
    """Return the path of a bundle of entries, such as tile/entries/x001/067."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def widths(size: int, level: int) -> Iterator[tuple[int, int]]:
    """Yield index and width of every tile of a level in a log of so many entries."""
    count = size >> HEIGHT * level
    for index in range(-(-count // WIDTH)):
        yield index, min(WIDTH, count - index * WIDTH)


def top(size: int) -> int:
    """Return the highest level that has a tile."""
    level = 0
    while size >> HEIGHT * (level + 1):
        level += 1
    return level


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return the content of a bundle; ValueError where an entry is too long or there are too many."""
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"a bundle has 1 to {WIDTH} entries, not {len(entries)}")
    if too_long := [len(entry) for entry in entries if len(entry) > MOST_ENTRY_BYTES]:
        raise ValueError(f"an entry has at most {MOST_ENTRY_BYTES} bytes, not {too_long[0]}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(content: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle; BadTile where it does not hold exactly so many."""
    entries, at = [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 2], "big")
        at += 2 + size
        entries.append(content[at - size : at])
    if at != len(content) or len(entries) != width:
        raise BadTile(f"a bundle of {width} entries holds {len(entries)}, or ends in the middle of one")
    return entries


def read_tile(content: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile; BadTile where it does not hold exactly so many."""
    if len(content) != width * HASH_BYTES:
        raise BadTile(f"a tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(content)}")
    return [content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES)]


def hashes_in(read: Read, size: int) -> Hashes:
    """Return the access to the hashes of a log of so many entries, through its tiles."""

    def hash_at(level: int, index: int) -> bytes:
        height, first = level % HEIGHT, index << level % HEIGHT
        number, start = divmod(first, WIDTH)
        row = level // HEIGHT
        width = min(WIDTH, (size >> HEIGHT * row) - number * WIDTH)
        tile = read_tile(read(tile_path(row, number, width)), width)
        return levels(tile[start : start + (1 << height)])[-1][0]

    return hash_at


def rows(entries: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes of each tile level over all entries of a log."""
    return levels([leaf_hash(entry) for entry in entries])[::HEIGHT]


def _number(index: int) -> str:
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
