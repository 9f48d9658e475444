"""What a receipt shows: that a response is in, sealed with others, and in the ledger; never what it said."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from tera.engine import merkle, tile
from tera.engine.note import Checkpoint
from tera.engine.response import receipt_code
from tera.intake import receipts
from tera.intake.receipts import Place
from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import checkpoint_of
from tera.portal.results.queries import does_count
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True)
class Check:
    """A receipt that was looked up; `log_place` is where the block stands in the published ledger.

    `counts` is None until the result is certified. Why something does not count is never said.
    """

    place: Place
    campaign: Campaign
    block_size: int
    log_place: int | None
    checkpoint: Checkpoint | None
    counts: bool | None

    @property
    def code(self) -> str:
        """The code in its usual spelling."""
        return receipt_code(self.place.commitment)

    @cached_property
    def proof(self) -> dict[str, object] | None:
        """What convinces without this site: from the commitment to its block, and on to the checkpoint.

        None until the block is in the ledger.
        """
        if self.log_place is None or self.checkpoint is None:
            return None
        commitments, files = receipts.commitments_of(settings.INTAKE, self.place), Files(settings.LOG)
        if len(commitments) != self.block_size:
            return None  # the sealer moves them this moment
        block = merkle.hashes_of(merkle.levels([merkle.leaf_hash(one) for one in commitments]))
        index, size = commitments.index(self.place.commitment), self.checkpoint.size
        log = merkle.prove_inclusion(self.log_place, size, tile.hashes_in(files.read, size))
        statement = Statement.objects.get(place=self.log_place)
        return {
            "format": "tera/proof/v1",
            "commitment": self.place.commitment.hex(),
            "block": {
                "index": index,
                "size": self.block_size,
                "proof": [part.hex() for part in merkle.prove_inclusion(index, self.block_size, block)],
            },
            "statement": bytes(statement.content).decode("ascii"),
            "log": {"index": self.log_place, "size": size, "proof": [part.hex() for part in log]},
            "checkpoint": files.read(tile.CHECKPOINT).decode(),
        }


def check_receipt(code: str) -> Check | None:
    """Return what is known of a receipt's code, or None; BadCode where it is no code."""
    place = receipts.find(settings.INTAKE, code)
    if place is None:
        return None
    campaign = Campaign.objects.select_related("unit").get(code=place.campaign)
    checkpoint = checkpoint_of(Files(settings.LOG))
    names = (f"sealed/{place.campaign}/{place.block}", f"imported/{place.campaign}")
    said = Statement.objects.filter(name__in=names if place.block else ()).first()
    is_in_log = said is not None and said.place is not None and checkpoint and said.place < checkpoint.size
    return Check(
        place=place,
        campaign=campaign,
        block_size=said.as_said()["count"] if said else 0,
        log_place=said.place if said is not None and is_in_log else None,
        checkpoint=checkpoint,
        counts=does_count(campaign, place.commitment),
    )
