"""Looks whether the files of the log hold what the database says, and what the checkpoint signs."""

from collections.abc import Iterator

from tera.engine import merkle, tile
from tera.portal.ledger.files import Damaged, Files
from tera.portal.ledger.publishing import KEY, checkpoint_of
from tera.portal.ledger.queries import entries_from


def faults_of(files: Files) -> Iterator[str]:
    """Yield what does not fit, in words for whoever runs the installation."""
    try:
        checkpoint = checkpoint_of(files)
    except Damaged as error:
        yield str(error)
        return
    if checkpoint is None:
        if _read(files, KEY) is not None:  # which is shown after the first checkpoint
            yield f"{files.folder} has no checkpoint, and the database knows entries"
        return
    leaves = []
    for index, width in tile.widths(checkpoint.size, 0):
        entries, path = entries_from(index * tile.WIDTH, width), tile.bundle_path(index, width)
        if len(entries) != width or _read(files, path) != tile.bundle(entries):
            yield f"{path} does not hold what the database says"
        leaves += [merkle.leaf_hash(entry) for entry in entries]
    rows = merkle.levels(leaves)
    for level, row in enumerate(rows[:: tile.HEIGHT]):
        for index, width in tile.widths(checkpoint.size, level):
            path, start = tile.tile_path(level, index, width), index * tile.WIDTH
            if _read(files, path) != b"".join(row[start : start + width]):
                yield f"{path} does not have the hashes of its entries"
    size = len(leaves)
    if size != checkpoint.size or merkle.root(size, merkle.hashes_of(rows)) != checkpoint.root:
        yield f"the checkpoint of {checkpoint.size} entries does not have the root of what was said"


def _read(files: Files, path: str) -> bytes | None:
    try:
        return files.read(path)
    except OSError:
        return None
