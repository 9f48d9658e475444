"""Whether the responses of a closed campaign are those of which the ledger says that they were sealed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.conf import settings

from tera.engine.block import root_of
from tera.intake.blocks import Block, split
from tera.intake.receipts import commitments_by_block
from tera.portal.ledger.models import Statement
from tera.portal.results import counting
from tera.portal.surveys import statements
from tera.portal.surveys.models import Campaign

UNSAID, COUNT, ROOT, STRAY = "unsaid", "count", "root", "stray"
CLOSED, SAID, RESULT = "closed", "said", "result"
Said = Mapping[str, Any]


def ledger_of(campaign: Campaign, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return how many receipts lie in blocks with the root that the ledger says, and what does not fit.

    The root is computed anew from the receipts themselves (`engine.block.root_of`). What responses say is not
    read here: whether they have their tally, `tera fsck` looks with the rights of an auditor.
    """
    closed = Statement.objects.get(name=f"closed/{campaign.code}").as_said()
    names = names_of_blocks(campaign, int(closed["blocks"]))
    said = {entry.name: entry.as_said() for entry in Statement.objects.filter(name__in=names)}
    held = {
        number: split(joined)
        for number, joined in commitments_by_block(settings.INTAKE, campaign.code).items()
    }
    checked, faults = 0, []
    for number, name in enumerate(names, 1):
        receipts = held.pop(number, [])
        fault = _fault(receipts, said.get(name))
        if fault:
            faults.append({"kind": fault, "block": number})
        else:
            checked += len(receipts)
    faults += [{"kind": STRAY, "block": number} for number in sorted(held)]
    faults += [{"kind": kind, "block": 0} for kind in _of_campaign(campaign, blocks, closed)]
    return {"blocks": len(names), "receipts": int(closed["count"]), "checked": checked, "faults": faults}


def names_of_blocks(campaign: Campaign, blocks: int) -> list[str]:
    """Return the ids of the statements about the blocks of a campaign."""
    if campaign.source:
        return [f"imported/{campaign.code}"]
    return [f"sealed/{campaign.code}/{number}" for number in range(1, blocks + 1)]


def _fault(receipts: Sequence[bytes], said: Said | None) -> str:
    """Return what does not fit between the receipts of a block and what the ledger says of it; "" if all."""
    if said is None:
        return UNSAID
    if len(receipts) != said["count"]:
        return COUNT
    is_sorted = all(left < right for left, right in pairwise(receipts))
    return "" if is_sorted and root_of(receipts).hex() == said["root"] else ROOT


def _of_campaign(campaign: Campaign, blocks: Sequence[Block], closed: Said) -> Iterator[str]:
    if len(blocks) != closed["blocks"] or sum(block.responses for block in blocks) != closed["count"]:
        yield CLOSED
    if any(statements.faults_of(campaign, blocks)):
        yield SAID
    if blocks and any(counting.faults_of(campaign)):
        yield RESULT
