"""Publishing: statements become entries of the log, its tiles and its checkpoint.

What was written is read again and the root computed from it before anything is signed: one flipped bit would
otherwise be signed for ever. A crash at any point leaves files that are the beginning of what the next run
writes, and the checkpoint of before. So does a round in which too few witnesses cosign; the next asks again.
Keys are shown after the checkpoint that they check, so that a log with a key has been published.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tera.engine import merkle, note, tile
from tera.engine.note import ED25519, BadNote, Checkpoint, Key, Signature
from tera.intake.signing import read_key
from tera.portal.ledger.actions import place_all, say
from tera.portal.ledger.files import Damaged, Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import entries_from, keys_of
from tera.portal.ledger.witnesses import NOBODY, Witnesses

KEY, RECEIPT_KEY = "key", "receipt-key"
NO_KEY = "none"


class Unwitnessed(RuntimeError):
    """Too few witnesses cosigned: the former checkpoint stays, and the same may be tried again soon."""


@dataclass(frozen=True)
class Signer:
    """A key that signs: its public part, and how it signs bytes."""

    key: Key
    sign: Callable[[bytes], bytes]

    def signature(self, text: str) -> Signature:
        """Return the signature under a note's text."""
        return Signature(self.key.name, self.key.id, self.sign(text.encode()))


def signer_of(path: Path, name: str) -> Signer:
    """Return the signer whose key lies in a file, made if it is not there; BadKey if that holds none."""
    secret = read_key(path)
    return Signer(Key(name, ED25519, secret.public_key().public_bytes_raw()), secret.sign)


def publish_installation() -> Checkpoint | None:
    """Publish the log of this installation with its keys; see `publish`."""
    signer = signer_of(settings.LOG_KEY, settings.LOG_NAME)
    receipts = signer_of(settings.RECEIPT_KEY, f"{settings.LOG_NAME}/receipts")
    for purpose, key in (("checkpoints", signer.key), ("receipts", receipts.key)):
        say_key(purpose, str(key))
    return publish(Files(settings.LOG), signer, settings.WITNESSES, keys_of("receipts"))


def has_news(files: Files) -> bool:
    """Return whether something was said that no checkpoint holds. It only reads."""
    published = checkpoint_of(files)
    return Statement.objects.count() != (published.size if published else 0)


def say_key(purpose: str, key: str) -> None:
    """Say in the ledger which key signs from now on, unless that is what it says."""
    old, *earlier = keys_of(purpose) or [NO_KEY]
    if old == key:
        return
    number = 1 if old == NO_KEY else len(earlier) + 2
    say({"kind": "key_rotated", "id": f"key/{purpose}/{number}", "purpose": purpose, "old": old, "new": key})


def publish(
    files: Files, signer: Signer, witnesses: Witnesses = NOBODY, receipt_keys: Sequence[str] = ()
) -> Checkpoint | None:
    """Publish what was said since, and return the new checkpoint, or None where nothing was.

    A checkpoint appears with the cosignatures of all witnesses that answered. Where nothing was said, those
    whose cosignature is missing are asked again. `receipt_keys` are all that ever signed receipts, the newest
    first: an old receipt can be checked too.

    Raises:
        Unwitnessed: fewer witnesses than the quorum cosigned; the former checkpoint stays.
        Occupied: another publisher is at work.
        Damaged: the files do not hold what was published; nothing was signed.
    """
    with files.held():
        try:
            fresh = _publish_held(files, signer, witnesses)
        except tile.BadTile as error:
            raise Damaged(str(error)) from error
        files.keep(KEY, f"{signer.key}\n".encode())
        if receipt_keys:
            files.keep(RECEIPT_KEY, "".join(f"{key}\n" for key in receipt_keys).encode())
        return fresh


def _publish_held(files: Files, signer: Signer, witnesses: Witnesses) -> Checkpoint | None:
    old, size = checkpoint_of(files), place_all()
    known = old.size if old else 0
    if size < known:
        raise Damaged(f"the checkpoint has {known} entries, and the database only {size}")
    if size == known:
        if old is not None:
            _ask_again(files, old, witnesses)
        return None
    _write(files, known, size)
    fresh = Checkpoint(signer.key.name, size, _checked_root(files, old, size))
    signed = note.write(str(fresh), [signer.signature(str(fresh))])
    cosigned = witnesses.ask(signed, known, tile.hashes_in(files.read, size))
    if (count := witnesses.count(cosigned)) < witnesses.quorum:
        message = "the checkpoint of {} entries has {} cosignatures and needs {}; the former one stays"
        raise Unwitnessed(message.format(size, count, witnesses.quorum))
    files.replace(tile.CHECKPOINT, cosigned.encode())
    return fresh


def _ask_again(files: Files, published: Checkpoint, witnesses: Witnesses) -> None:
    """Ask those whose cosignature is not under the checkpoint that is published."""
    signed = files.read(tile.CHECKPOINT).decode()
    cosigned = witnesses.ask(signed, published.size, tile.hashes_in(files.read, published.size))
    if cosigned != signed:
        files.replace(tile.CHECKPOINT, cosigned.encode())


def checkpoint_of(files: Files) -> Checkpoint | None:
    """Return the checkpoint that is published, or None before the first.

    Raises:
        Damaged: the file holds none.
    """
    try:
        text, _ = note.read(files.read(tile.CHECKPOINT).decode())
        return Checkpoint.read(text)
    except FileNotFoundError:
        return None
    except (BadNote, UnicodeDecodeError) as error:
        raise Damaged(f"{files.folder / tile.CHECKPOINT} is no checkpoint: {error}") from error


def _write(files: Files, old: int, size: int) -> None:
    """Write the bundles and tiles that a log of `size` entries has and one of `old` had not."""
    for level in range(tile.top(size) + 1):
        for index, width in tile.widths(size, level):
            if (index + 1) * tile.WIDTH <= old >> tile.HEIGHT * level:
                continue  # it was full already
            if level == 0:
                entries = entries_from(index * tile.WIDTH, width)
                if len(entries) != width:
                    raise Damaged(f"entries of {tile.bundle_path(index, width)} are not in the database")
                files.add(tile.bundle_path(index, width), tile.bundle(entries))
                hashes = [merkle.leaf_hash(entry) for entry in entries]
            else:
                first = index * tile.WIDTH
                hashes = [_root_of_tile(files, level - 1, below) for below in range(first, first + width)]
            files.add(tile.tile_path(level, index, width), b"".join(hashes))


def _root_of_tile(files: Files, level: int, index: int) -> bytes:
    hashes = tile.read_tile(files.read(tile.tile_path(level, index)), tile.WIDTH)
    return merkle.root(tile.WIDTH, merkle.hashes_of(merkle.levels(hashes)))


def _checked_root(files: Files, old: Checkpoint | None, size: int) -> bytes:
    """Return the root over what lies on disk, once it is sure that it only adds to what was signed before."""
    first = (old.size if old else 0) // tile.WIDTH
    for index, width in list(tile.widths(size, 0))[first:]:
        entries = tile.read_bundle(files.read(tile.bundle_path(index, width)), width)
        hashes = tile.read_tile(files.read(tile.tile_path(0, index, width)), width)
        if [merkle.leaf_hash(entry) for entry in entries] != hashes:
            raise Damaged(f"{tile.bundle_path(index, width)} does not have the hashes of its tile")
    hashes_at = tile.hashes_in(files.read, size)
    root = merkle.root(size, hashes_at)
    if old is not None:
        proof = merkle.prove_consistency(old.size, size, hashes_at)
        try:
            merkle.check_consistency(old.size, size, proof, old.root, root)
        except merkle.BadProof as error:
            raise Damaged(f"the log no longer begins with what was signed: {error}") from error
    return root
