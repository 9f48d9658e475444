"""What must hold after a kill, and after the next worker finished; the tree is the independent verifier's."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from tera.engine import note, tile
from tera.engine.note import Checkpoint, Key
from tera.intake.blocks import list_blocks
from tera.intake.exporting import list_commitments_left, list_held
from tera.verifier import verify

Sent = Mapping[str, Sequence[str]]
"""The commitments of all responses that were acknowledged and not erased, by campaign."""


@dataclass(frozen=True)
class Log:
    """The published log as an outsider reads it."""

    key: Key
    checkpoint: str
    entries: list[bytes]

    @classmethod
    def read(cls, folder: Path) -> "Log":
        checkpoint = (folder / tile.CHECKPOINT).read_text()
        size = Checkpoint.read(note.read(checkpoint)[0]).size
        entries = [
            entry
            for index, width in tile.widths(size, 0)
            for entry in tile.read_bundle((folder / tile.bundle_path(index, width)).read_bytes(), width)
        ]
        return cls(Key.read((folder / "key").read_text()), checkpoint, entries)

    def ids(self) -> set[str]:
        return {json.loads(entry)["id"] for entry in self.entries}


def faults_of_checkpoints(log: Log, signed: set[str]) -> Iterator[str]:
    """Yield which checkpoints that were ever signed do not begin the log, or are not signed by its key.

    All of them begin one list of entries, so each two are consistent.
    """
    leaves = [verify.sha256(b"\0", entry) for entry in log.entries]
    for written in sorted(signed):
        text, under = note.read(written)
        found = Checkpoint.read(text)
        if found.size > len(leaves) or verify.root_of(leaves[: found.size]) != found.root:
            yield f"a checkpoint of {found.size} entries was signed that does not begin the log"
        try:
            Ed25519PublicKey.from_public_bytes(log.key.public).verify(under[0].content, text.encode())
        except InvalidSignature:
            yield f"the checkpoint of {found.size} entries is not signed by the key of the log"


def faults_of_responses(sent: Sent) -> Iterator[str]:
    """Yield which responses are lost, counted twice, or in no block that says so."""
    for code, commitments in sent.items():
        held = [(block, name) for block, (name, _, _) in list_held(settings.INTAKE, code)]
        with settings.INTAKE.transaction(writes=False) as cursor:
            waiting = {bytes(name) for (name,) in cursor.rows(_WAITING, (code,))}
        waiting -= {name for _, name in held}  # what a block claimed may still lie there
        found = Counter([*(name for _, name in held), *waiting])
        if found != Counter(map(bytes.fromhex, commitments)):
            yield f"{code}: {found.total()} responses are held, {len(commitments)} were sent"
        left = [block for block, _ in list_commitments_left(settings.INTAKE, code)]
        counts = Counter([*(block for block, _ in held), *left])
        said = {block.number: block.responses for block in list_blocks(settings.INTAKE, [code])}
        if {number: count for number, count in said.items() if count} != counts:
            yield f"{code}: its blocks say {said} and hold {dict(counts)}"


_WAITING = "SELECT commitment FROM inbox WHERE campaign = ?"


def faults_of_work(log: Log, over: Sequence[str], sent: Sent) -> Iterator[str]:
    """Yield what a worker that finished has left undone."""
    with settings.INTAKE.transaction(writes=False) as cursor:
        claims = cursor.rows("SELECT campaign, number FROM claims")
        untold = {
            f"sealed/{block.campaign}/{block.number}" for block in list_blocks(settings.INTAKE, [*sent])
        }
    if claims:
        yield f"responses were claimed for a block and never moved: {claims}"
    untold |= {f"closed/{code}" for code in over}
    if untold := untold - log.ids():
        yield f"the log does not tell of {sorted(untold)}"
    folder = settings.LOG
    hidden = [path for path in folder.rglob(".*") if path.is_file()]
    if strange := [str(path.relative_to(folder)) for path in hidden if path.name != ".lock"]:
        yield f"files were left behind: {strange}"
