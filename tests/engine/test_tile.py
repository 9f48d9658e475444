"""Tiles as C2SP lays them out, and proofs that read nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import merkle, tile
from tera.engine.tile import BadTile


def files_of(entries: list[bytes]) -> dict[str, bytes]:
    """Return all files of a log that holds these entries."""
    size, files = len(entries), {}
    for level, row in enumerate(tile.rows(entries)):
        for index, width in tile.widths(size, level):
            start = index * tile.WIDTH
            files[tile.tile_path(level, index, width)] = b"".join(row[start : start + width])
            if level == 0:
                files[tile.bundle_path(index, width)] = tile.bundle(entries[start : start + width])
    return files


def test_the_published_names() -> None:
    assert tile.tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile.tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert tile.bundle_path(273, 112) == "tile/entries/273.p/112"


def test_the_published_example_of_70_000_entries() -> None:
    assert tile.top(70_000) == 2
    assert [list(tile.widths(70_000, level)) for level in range(3)] == [
        [*((index, 256) for index in range(273)), (273, 112)],
        [(0, 256), (1, 17)],
        [(0, 1)],
    ]


@given(st.integers(1, 1500), st.data())
def test_a_log_is_proved_from_its_tiles_alone(size: int, data: st.DataObject) -> None:
    entries = [b"entry %d" % number for number in range(size)]
    files = files_of(entries)
    hashes = tile.hashes_in(files.__getitem__, size)
    root = merkle.root(size, hashes)
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    assert root == merkle.root(size, merkle.hashes_of(merkle.levels(leaves)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    merkle.check_inclusion(index, size, leaves[index], merkle.prove_inclusion(index, size, hashes), root)
    before = merkle.root(old, hashes)
    merkle.check_consistency(old, size, merkle.prove_consistency(old, size, hashes), before, root)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    content = tile.bundle(entries)
    assert tile.read_bundle(content, len(entries)) == entries
    with pytest.raises(BadTile):
        tile.read_bundle(content + b"\x00", len(entries))
    with pytest.raises(BadTile):
        tile.read_bundle(content, len(entries) + 1)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 65535 bytes, not 65536"):
        tile.bundle([bytes(65_536)])
    with pytest.raises(ValueError, match="1 to 256 entries, not 0"):
        tile.bundle([])
    with pytest.raises(BadTile, match="64 bytes, not 63"):
        tile.read_tile(bytes(63), 2)
