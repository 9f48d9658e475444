"""Looks whether what the intake holds fits together: commitments, roots and tallies of every block."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tera.engine import response
from tera.engine.block import root_of, tally_bytes, tally_hash
from tera.intake.blocks import Block, list_blocks
from tera.intake.counting import tallies_of
from tera.intake.exporting import list_held
from tera.intake.form import CampaignForm
from tera.intake.tables import Database, Held


def faults_of(database: Database, form: CampaignForm) -> Iterator[str]:
    """Yield what does not fit in a campaign, in words for whoever runs the installation."""
    blocks = {block.number: block for block in list_blocks(database, [form.code])}
    if list(blocks) != list(range(1, len(blocks) + 1)):
        yield f"{form.code}: its blocks are numbered {sorted(blocks)}"
    held = {
        number: [row for _, row in rows]
        for number, rows in groupby(list_held(database, form.code), key=lambda row: row[0])
    }
    for number in sorted(held.keys() - blocks.keys()):
        yield f"{form.code}: {len(held[number])} responses are sealed in block {number}, which is not there"
    for number, block in blocks.items():
        for fault in _faults_of_block(form, block, held.get(number, [])):
            yield f"{form.code}, block {number}: {fault}"


def _faults_of_block(form: CampaignForm, block: Block, rows: Sequence[Held]) -> Iterator[str]:
    commitments = [commitment for commitment, _, _ in rows]
    if len(rows) != block.responses:
        yield f"it has {len(rows)} responses and says {block.responses}"
    wrong = sum(response.commitment(salt, body) != commitment for commitment, salt, body in rows)
    if wrong:
        yield f"{wrong} responses are not what their commitments say"
    if len(set(commitments)) != len(commitments) or root_of(commitments) != block.root:
        yield "its responses do not have its root"
    content = tally_bytes(form.code, block.number, block.responses, tallies_of(form, rows))
    if tally_hash(block.tally_salt, content) != block.tally_hash:
        yield "its responses do not have its tally"
