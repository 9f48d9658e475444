"""Looks whether what the intake holds fits together: commitments, roots and tallies of every block."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tera.engine import response
from tera.engine.block import root_of, tally_bytes, tally_hash
from tera.engine.breakdown import Breakdown
from tera.intake.blocks import Block, list_blocks, list_breakdowns
from tera.intake.counting import breakdown_of, tallies_of
from tera.intake.exporting import list_commitments_left, list_held
from tera.intake.form import CampaignForm
from tera.intake.tables import Database, Held


def faults_of(database: Database, form: CampaignForm) -> Iterator[str]:
    """Yield what does not fit in a campaign, in words for whoever runs the installation.

    What is sealed or erased while we look may seem not to fit, so that is looked at twice: a fault stays.
    """
    if any(_faults_now(database, form)):
        yield from _faults_now(database, form)


def _faults_now(database: Database, form: CampaignForm) -> Iterator[str]:
    blocks = {block.number: block for block in list_blocks(database, [form.code])}
    if list(blocks) != list(range(1, len(blocks) + 1)):
        yield f"{form.code}: its blocks are numbered {sorted(blocks)}"
    held = {
        number: [row for _, row in rows]
        for number, rows in groupby(list_held(database, form.code), key=lambda row: row[0])
    }
    left = {
        number: [commitment for _, commitment in rows]
        for number, rows in groupby(list_commitments_left(database, form.code), key=lambda row: row[0])
    }
    for number in sorted((held.keys() | left.keys()) - blocks.keys()):
        count = len(held.get(number, [])) + len(left.get(number, []))
        yield f"{form.code}: {count} responses are sealed in block {number}, which is not there"
    kept = {number: breakdown for _, number, breakdown in list_breakdowns(database, [form.code])}
    for number, block in blocks.items():
        rows = held.get(number, [])
        if number in kept and len(rows) == block.responses and not _is_of(kept[number], form, rows):
            yield f"{form.code}, block {number}: its responses do not have its breakdown"
        for fault in _faults_of_block(form, block, rows, left.get(number, [])):
            yield f"{form.code}, block {number}: {fault}"


def _is_of(kept: Breakdown, form: CampaignForm, rows: Sequence[Held]) -> bool:
    """Say whether a breakdown is that of these responses; one of before November 2026 has no strata."""
    counted = breakdown_of(form, rows)
    return kept == (counted if kept.strata else replace(counted, strata={}))


def _faults_of_block(
    form: CampaignForm, block: Block, rows: Sequence[Held], erased: Sequence[bytes]
) -> Iterator[str]:
    commitments = sorted([*(commitment for commitment, _, _ in rows), *erased])
    if len(commitments) != block.responses:
        yield f"it has {len(commitments)} responses and says {block.responses}"
    wrong = sum(response.commitment(salt, body) != commitment for commitment, salt, body in rows)
    if wrong:
        yield f"{wrong} responses are not what their commitments say"
    if len(set(commitments)) != len(commitments) or root_of(commitments) != block.root:
        yield "its responses do not have its root"
    # Without what was erased the tally cannot be counted again: then it is the one that is kept.
    tallies = block.tallies if erased else tallies_of(form, rows)
    content = tally_bytes(form.code, block.number, block.responses, tallies)
    if (tallies or not erased) and tally_hash(block.tally_salt, content) != block.tally_hash:
        yield "its responses do not have its tally"
