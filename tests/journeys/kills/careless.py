"""Four broken programs, as controls: each is wrong in a way that a sweep of kills must bring to light."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.conf import settings
from django.db import transaction

from tera.engine import merkle, note, tile
from tera.engine.note import Checkpoint
from tera.intake import sealing
from tera.intake.blocks import Block
from tera.intake.form import CampaignForm
from tera.intake.tables import Database
from tera.portal.ledger import publishing
from tera.portal.ledger.actions import place_all
from tera.portal.ledger.files import Files
from tera.portal.ledger.publishing import Signer, checkpoint_of
from tera.portal.ledger.queries import entries_from
from tera.portal.ledger.witnesses import Witnesses

publish, seal = publishing._publish_held, sealing.seal


def _sign_first(files: Files, signer: Signer, witnesses: Witnesses) -> Checkpoint | None:
    """Publish a checkpoint, and its tiles after it."""
    old, size = checkpoint_of(files), place_all()
    if old is not None and old.size == size:
        publishing._write(files, 0, size)
        return None
    leaves = [merkle.leaf_hash(entry) for entry in entries_from(0, size)]
    fresh = Checkpoint(signer.key.name, size, merkle.root(size, merkle.hashes_of(merkle.levels(leaves))))
    files.replace(tile.CHECKPOINT, note.write(str(fresh), [signer.signature(str(fresh))]).encode())
    publishing._write(files, old.size if old else 0, size)
    return fresh


def _place_late(files: Files, signer: Signer, witnesses: Witnesses) -> Checkpoint | None:
    """Publish what is not committed yet."""
    with transaction.atomic():
        return publish(files, signer, witnesses)


def _show_another(files: Files, signer: Signer, witnesses: Witnesses) -> Checkpoint | None:
    """Sign another history for somebody, and publish the true one."""
    fresh = publish(files, signer, witnesses)
    if fresh is not None:
        signer.signature(str(Checkpoint(fresh.origin, fresh.size, bytes(32))))
    return fresh


def _drop_one(database: Database, form: CampaignForm, at: datetime, generator: Random) -> Block | None:
    """Seal, and delete one of the responses that were held back."""
    block = seal(database, form, at, generator)
    with settings.INTAKE.transaction() as cursor:
        cursor.run("DELETE FROM inbox WHERE commitment = (SELECT MIN(commitment) FROM inbox)")
    return block


def _publish_with(publisher: Callable[[Files, Signer, Witnesses], Checkpoint | None]) -> None:
    publishing._publish_held = publisher  # type: ignore[assignment]  # a control, not the product


def _seal_with(sealer: Callable[[Database, CampaignForm, datetime, Random], Block | None]) -> None:
    sealing.seal = sealer  # type: ignore[assignment]


BROKEN = {
    "signs-first": lambda: _publish_with(_sign_first),
    "places-late": lambda: _publish_with(_place_late),
    "two-faced": lambda: _publish_with(_show_another),
    "drops-one": lambda: _seal_with(_drop_one),
}
